//! The demo server: reads the settings, says where it is, serves until it is told to stop.

use std::process::ExitCode;

use natter_server_example::{AppState, Settings, SettingsError, serve};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_target(false).with_writer(std::io::stderr).init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), SettingsError> {
    let settings = Settings::load(std::env::args_os())?;
    let addr = settings.addr;
    let state = AppState::new(settings)?;
    let listener = TcpListener::bind(addr).await.map_err(|error| SettingsError::address(addr, &error))?;
    let addr = listener.local_addr().unwrap_or(addr);
    println!("Natter is at http://{addr}");
    println!("Answers come from {}", state.answers_from());
    println!("Press Ctrl-C to stop");
    serve(listener, state, stopped()).await.map_err(|error| SettingsError::address(addr, &error))
}

/// Resolves on Ctrl-C or, where there is such a thing, SIGTERM.
async fn stopped() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        _ = terminate => {}
    }
}
