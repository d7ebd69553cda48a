//! `screenshots`: the pictures that the README shows, taken in the browser that the tests use.

use anyhow::Result;

use crate::{setup, sh};

pub(crate) fn run() -> Result<()> {
    setup::run()?;
    sh::run(sh::cmd("cargo").args(["run", "--package", "natter-e2e", "--bin", "screenshots"]))
}
