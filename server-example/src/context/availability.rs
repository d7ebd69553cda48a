//! Who is there, and when.

use std::path::Path;

use super::Provider;
use crate::watched::Watched;

pub(super) const FILE: &str = "availability.md";
const SHIPPED: &str = include_str!("../../context/availability.md");

/// A sentence or two of the owner's, in a file.
#[derive(Debug)]
pub(super) struct Availability(Watched<String>);

impl Availability {
    /// Reads the file, or takes what ships.
    ///
    /// # Errors
    /// One phrase with the file's name on why it cannot be read.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, String> {
        let Some(path) = path else { return Ok(Self(Watched::fixed(SHIPPED.trim().into()))) };
        let watched = Watched::open(path, |text| Ok(text.trim().to_owned()));
        watched.map(Self).map_err(|why| format!("{FILE} {why}"))
    }
}

impl Provider for Availability {
    fn label(&self) -> &'static str {
        "Availability"
    }

    fn also(&self) -> &'static str {
        "available availability weekend weekday hours online human people"
    }

    fn text(&self) -> Option<String> {
        Some(self.0.get().to_string()).filter(|text| !text.is_empty())
    }
}
