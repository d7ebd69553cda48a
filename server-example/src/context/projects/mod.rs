//! What was done lately: from a file, or from an address that is asked every few minutes.

mod fetch;

use std::path::Path;

use serde::Deserialize;

pub(super) use self::fetch::Fetched;
use super::Provider;
use crate::watched::Watched;

pub(super) const FILE: &str = "projects.json";
const SHIPPED: &str = include_str!("../../../context/projects.json");
/// How many are told of, from the top of the list.
const MOST: usize = 20;

/// One entry of the JSON list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Project {
    name: String,
    summary: String,
}

/// The projects of a file.
#[derive(Debug)]
pub(super) struct Listed(Watched<Vec<Project>>);

impl Listed {
    /// Reads the file, or takes what ships.
    ///
    /// # Errors
    /// One phrase with the file's name on why it cannot be used.
    pub(super) fn open(path: Option<&Path>) -> Result<Self, String> {
        let watched = match path {
            None => parse(SHIPPED).map(Watched::fixed),
            Some(path) => Watched::open(path, parse),
        };
        watched.map(Self).map_err(|why| format!("{FILE} {why}"))
    }
}

impl Provider for Listed {
    fn label(&self) -> &'static str {
        LABEL
    }

    fn also(&self) -> &'static str {
        ALSO
    }

    fn text(&self) -> Option<String> {
        list(&self.0.get())
    }
}

const LABEL: &str = "Recent projects";
const ALSO: &str = "recent project latest news release changelog";

fn parse(text: &str) -> Result<Vec<Project>, String> {
    serde_json::from_str(text).map_err(|error| format!("is not a JSON list of {{name, summary}}: {error}"))
}

/// `None` when there are none.
fn list(projects: &[Project]) -> Option<String> {
    let lines: Vec<_> = projects.iter().take(MOST).map(|p| format!("- **{}**: {}", p.name, p.summary)).collect();
    Some(lines.join("\n")).filter(|text| !text.is_empty())
}
