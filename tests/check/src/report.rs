//! What was found.

use serde::{Serialize, Serializer};

use crate::keys::hide;

/// The groups in the order of the report; a check belongs to the one its id begins with.
pub(crate) const GROUPS: [&str; 12] = [
    "reply",
    "head",
    "formats",
    "requests",
    "errors",
    "limits",
    "streaming",
    "cors",
    "resume",
    "secrets",
    "rate",
    "clients",
];

/// Everything that was checked of one endpoint.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The endpoint's address.
    pub endpoint: String,
    /// How many checks passed.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many do not apply to this endpoint, or could not be made.
    pub skipped: usize,
    /// All of them, group by group.
    pub checks: Vec<Check>,
}

/// One sentence of the contract, and whether the endpoint keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its name, which stays the same between versions: `group.name`.
    pub id: &'static str,
    /// What the contract says.
    pub title: &'static str,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The endpoint does what the contract says.
    Passed,
    /// It does not.
    Failed {
        /// What it did.
        saw: String,
        /// What to change.
        fix: String,
    },
    /// It does not apply, or could not be tried.
    Skipped {
        /// Why.
        why: String,
    },
}

/// Why a check did not pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Objection {
    Fault { saw: String, fix: String },
    Skip(String),
}

/// What one check comes to.
pub(crate) type Verdict = Result<(), Objection>;

pub(crate) fn fault(saw: impl Into<String>, fix: impl Into<String>) -> Objection {
    Objection::Fault { saw: saw.into(), fix: fix.into() }
}

pub(crate) fn skip(why: impl Into<String>) -> Objection {
    Objection::Skip(why.into())
}

impl Check {
    pub(crate) fn new(id: &'static str, title: &'static str, verdict: Verdict) -> Self {
        let outcome = match verdict {
            Ok(()) => Outcome::Passed,
            Err(Objection::Fault { saw, fix }) => Outcome::Failed { saw: hide(&saw), fix },
            Err(Objection::Skip(why)) => Outcome::Skipped { why: hide(&why) },
        };
        Self { id, title, outcome }
    }

    /// The group it belongs to.
    #[must_use]
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or_default()
    }
}

impl Report {
    pub(crate) fn new(endpoint: String, mut checks: Vec<Check>) -> Self {
        // Stable: within a group they stay in the order they were made.
        checks.sort_by_key(|check| GROUPS.iter().position(|group| *group == check.group()));
        let count = |like: fn(&Outcome) -> bool| checks.iter().filter(|check| like(&check.outcome)).count();
        Self {
            endpoint,
            passed: count(|outcome| matches!(outcome, Outcome::Passed)),
            failed: count(|outcome| matches!(outcome, Outcome::Failed { .. })),
            skipped: count(|outcome| matches!(outcome, Outcome::Skipped { .. })),
            checks,
        }
    }

    /// The check with this id.
    #[must_use]
    pub fn check(&self, id: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.id == id)
    }
}

impl Serialize for Check {
    /// `{id, title, outcome, saw, fix}`; why a check was skipped is in `saw`, and what does not apply is null.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Row<'a> {
            id: &'a str,
            title: &'a str,
            outcome: &'a str,
            saw: Option<&'a str>,
            fix: Option<&'a str>,
        }
        let (outcome, saw, fix) = match &self.outcome {
            Outcome::Passed => ("passed", None, None),
            Outcome::Failed { saw, fix } => ("failed", Some(saw.as_str()), Some(fix.as_str())),
            Outcome::Skipped { why } => ("skipped", Some(why.as_str()), None),
        };
        Row { id: self.id, title: self.title, outcome, saw, fix }.serialize(serializer)
    }
}
