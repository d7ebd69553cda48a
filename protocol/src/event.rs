//! What a reply stream can say, in one vocabulary for every dialect.

/// One step of a streamed reply.
///
/// Exactly one of [`StreamEvent::Finish`] and [`StreamEvent::Error`] ends a complete reply. A stream that closes
/// without either was cut off, and decoders say so with [`StreamError::truncated`].
#[derive(Debug, Clone, PartialEq)]
pub enum StreamEvent {
    /// The reply began; some dialects name the message.
    Start {
        /// The endpoint's id of the message.
        message_id: Option<String>,
    },
    /// More text of the answer.
    TextDelta(String),
    /// More text of the model's reasoning, which is not part of the answer.
    ReasoningDelta(String),
    /// Something the answer cites.
    Source(Source),
    /// A question the visitor may want to ask next.
    Suggestion(String),
    /// A quiet line of progress, such as the name of a tool at work.
    Status(String),
    /// Token counts of the whole turn.
    Usage(Usage),
    /// A piece of the stream that is not what the dialect allows, such as malformed JSON, was passed over, and the reply
    /// goes on: it ends nothing. Visitors need not be told; those who look for what is wrong with an endpoint do.
    Skipped(StreamError),
    /// The reply failed after it began.
    Error(StreamError),
    /// The reply is complete.
    Finish(FinishReason),
}

/// Something an answer cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is; not checked, so a view must apply its link policy. Empty for a document that has no address, which
    /// then has a title.
    pub url: String,
    /// How to call it.
    pub title: Option<String>,
}

/// Token counts as the model reports them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FinishReason {
    /// The model said all it had to say.
    Stop,
    /// The token limit was reached.
    Length,
    /// A content filter stopped it.
    ContentFilter,
    /// The reply was aborted on the server's side.
    Abort,
    /// Anything else.
    Other,
}

impl FinishReason {
    /// The name OpenAI's API gives it where it has one: `stop`, `length`, `content_filter`, else `abort` or `other`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ContentFilter => "content_filter",
            Self::Abort => "abort",
            Self::Other => "other",
        }
    }

    /// Reads the name any of the known APIs gives it (OpenAI, the AI SDK, Anthropic, Ollama); an unknown one is
    /// [`FinishReason::Other`].
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "stop" | "end_turn" | "stop_sequence" | "completed" => Self::Stop,
            "length" | "max_tokens" | "max_output_tokens" => Self::Length,
            "content_filter" | "content-filter" | "refusal" => Self::ContentFilter,
            "abort" | "cancelled" => Self::Abort,
            _ => Self::Other,
        }
    }
}

/// A failure inside a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamError {
    /// A stable machine-readable code, such as `upstream_failed`; empty when the dialect has none.
    pub code: String,
    /// What to show the visitor, as the endpoint wrote it.
    pub message: String,
    /// Whether sending the same question again may help.
    pub retryable: bool,
}

impl StreamError {
    /// The code of a reply that ended without saying so.
    pub const TRUNCATED: &'static str = "truncated";
    /// The code of a reply that no decoder can read.
    pub const UNREADABLE: &'static str = "unreadable";

    /// The stream ended before the reply did.
    #[must_use]
    pub fn truncated() -> Self {
        Self { code: Self::TRUNCATED.into(), message: "The answer was cut off".into(), retryable: true }
    }

    /// The bytes are not what the dialect allows.
    #[must_use]
    pub fn unreadable(message: impl Into<String>) -> Self {
        Self { code: Self::UNREADABLE.into(), message: message.into(), retryable: true }
    }
}
