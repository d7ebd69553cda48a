//! `bench`: how fast it is: in the browser, natively, and the server between visitors and a model.

use anyhow::Result;
use clap::Subcommand;

use crate::{setup, sh};

/// What is measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// The widget in dist/ in headless Chromium, beside plain JavaScript; fails over the limits. See its `--help`.
    #[command(disable_help_flag = true)]
    Browser {
        /// Options of the measuring program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        options: Vec<String>,
    },
    /// How soon the widget in dist/ is there on slow 4G and a slow phone: `bench browser --only load`.
    #[command(disable_help_flag = true)]
    Load {
        /// Options of the measuring program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        options: Vec<String>,
    },
    /// The server beside a direct connection to a mock of a model and beside nginx; fails over the limits.
    #[command(disable_help_flag = true)]
    Server {
        /// Options of the measuring program.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        options: Vec<String>,
    },
    /// Decoders, Markdown and the history's codec, with criterion.
    Native {
        /// Arguments for criterion, such as the beginning of a benchmark's name.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        criterion: Vec<String>,
    },
}

pub(crate) fn run(bench: Option<&Bench>) -> Result<()> {
    match bench {
        Some(Bench::Browser { options }) => browser(options),
        Some(Bench::Load { options }) => {
            browser(&[&["--only".to_owned(), "load".to_owned()], options.as_slice()].concat())
        }
        Some(Bench::Server { options }) => server(options),
        Some(Bench::Native { criterion }) => native(criterion),
        None => {
            native(&[])?;
            server(&[])?;
            browser(&[])
        }
    }
}

fn browser(options: &[String]) -> Result<()> {
    setup::run()?;
    sh::run(sh::cmd("cargo").args(["run", "--quiet", "--package", "natter-e2e", "--bin", "bench", "--"]).args(options))
}

fn server(options: &[String]) -> Result<()> {
    setup::run()?;
    let packages = ["--package", "natter-server-example", "--package", "natter-load"];
    sh::run(sh::cmd("cargo").args(["build", "--release"]).args(packages))?;
    let built = sh::target_dir().join("release");
    sh::run(sh::cmd(built.join("natter-load")).arg("--server").arg(built.join("natter-server-example")).args(options))
}

fn native(criterion: &[String]) -> Result<()> {
    // `--benches` would take the unit tests along, which do not know criterion's arguments.
    let packages = ["--package", "natter-protocol", "--package", "natter-widget", "--bench", "*"];
    sh::run(sh::cmd("cargo").arg("bench").args(packages).arg("--").args(criterion))
}
