//! The demo server: reads the settings, says where it is, serves until it is told to stop.

use std::io::Write;
use std::process::ExitCode;

use natter_server_example::{AppState, Settings, SettingsError, listen, serve, start_log};

#[tokio::main]
async fn main() -> ExitCode {
    start_log();
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
    let listener = listen(addr).map_err(|error| SettingsError::address(addr, &error))?;
    let addr = listener.local_addr().unwrap_or(addr);
    // Before anybody is told where it is, since whoever is may send a signal.
    let stop = stopped();
    // Whoever started it may have stopped reading, which is no reason to stop.
    let _ = writeln!(
        std::io::stdout(),
        "Natter is at http://{addr}\nAnswers come from {}\nPress Ctrl-C to stop",
        state.answers_from()
    );
    serve(listener, state, stop).await.map_err(|error| SettingsError::address(addr, &error))
}

/// Listens for Ctrl-C and SIGTERM from now on; resolves when one comes.
#[cfg(unix)]
fn stopped() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};

    let [interrupt, terminate] = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| {
        let signal = signal(kind);
        async move {
            match signal {
                Ok(mut signal) => signal.recv().await,
                Err(_) => std::future::pending().await,
            }
        }
    });
    async move {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate => {}
        }
    }
}

/// Resolves on Ctrl-C.
#[cfg(not(unix))]
async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
