//! `serve`: the demo site, with the widget as it is in dist/.

use anyhow::Result;

use crate::sh;

pub(crate) fn run(addr: &str, server: &[String]) -> Result<()> {
    sh::run(sh::cmd("cargo").args(["run", "--package", "natter-server-example", "--", "--addr", addr]).args(server))
}
