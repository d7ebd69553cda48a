//! Why a turn got no (whole) answer, and what follows from it.

/// A turn that failed, as the visitor is told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure, which decides what is offered.
    pub kind: FailureKind,
    /// A stable machine-readable code for events and reports.
    pub code: String,
    /// The sentence the visitor reads.
    pub message: String,
    /// Whether "Retry" is offered.
    pub retryable: bool,
    /// For how many seconds the endpoint wants no other try.
    pub retry_after: Option<u32>,
}

/// The families of failure that the widget treats differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The endpoint could not be reached at all.
    Unreachable,
    /// The endpoint said that the assistant is not available (502, 503, 504, or code `unavailable`).
    Unavailable,
    /// The reply broke off: the connection was lost, or it ended without its end.
    Broken,
    /// Anything else, such as a refusal.
    Other,
}

impl Failure {
    /// The reply did not come whole.
    #[must_use]
    pub fn cut_off(kind: FailureKind, message: &str) -> Self {
        Self { kind, code: "connection_lost".into(), message: message.into(), retryable: true, retry_after: None }
    }

    /// The reply came to an end without one word.
    #[must_use]
    pub fn empty(message: &str) -> Self {
        Self {
            kind: FailureKind::Other,
            code: "empty".into(),
            message: message.into(),
            retryable: true,
            retry_after: None,
        }
    }
}
