//! One message of the conversation as the widget holds it.

use std::rc::Rc;

use natter_protocol::event::Source;
use natter_protocol::json::{Object, Value};
use natter_protocol::request::Role;

use super::timestamp;

/// A conversation as Markdown, each message under who wrote it: `title` is the assistant's name, `you` the visitor's.
#[must_use]
pub fn conversation_markdown(messages: &[Rc<ChatMessage>], title: &str, you: &str) -> String {
    let mut markdown = String::new();
    for message in messages {
        let name = if message.role == Role::User { you } else { title };
        for part in ["**", name, ":**\n\n", &message.content, "\n\n"] {
            markdown.push_str(part);
        }
    }
    markdown.truncate(markdown.trim_end().len());
    markdown
}

/// What the visitor thinks of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback {
    /// It helped.
    Good,
    /// It did not.
    Bad,
}

impl Feedback {
    /// Its name in events and in the history.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
        }
    }
}

/// A message on the visitor's screen and in the stored history.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    /// Unique within the conversation.
    pub id: String,
    /// Who wrote it.
    pub role: Role,
    /// The text, as written.
    pub content: String,
    /// Milliseconds since 1970, UTC.
    pub timestamp: u64,
    /// What the model thought before it answered.
    pub reasoning: String,
    /// What the answer cites, each address once.
    pub sources: Vec<Source>,
    /// Questions the visitor may want to ask next.
    pub suggestions: Vec<String>,
    /// What the visitor thinks of it.
    pub feedback: Option<Feedback>,
    /// The other versions of this answer, oldest first; none of them has versions of its own.
    pub versions: Vec<ChatMessage>,
    /// The position of this version among all of them, of which there are `versions.len() + 1`.
    pub shown: usize,
}

impl Default for ChatMessage {
    /// An empty message of the visitor.
    fn default() -> Self {
        Self {
            id: String::new(),
            role: Role::User,
            content: String::new(),
            timestamp: 0,
            reasoning: String::new(),
            sources: Vec::new(),
            suggestions: Vec::new(),
            feedback: None,
            versions: Vec::new(),
            shown: 0,
        }
    }
}

impl ChatMessage {
    /// The message as the page gets it: `{"id", "role", "content", "timestamp"}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.public().end()
    }

    /// The message as the history keeps it: as the page gets it, and what else there is of `reasoning`, `sources`,
    /// `suggestions`, `feedback`, and `versions` with `shown`.
    #[must_use]
    pub fn to_stored(&self) -> String {
        let mut json = self.public();
        if !self.reasoning.is_empty() {
            json = json.text("reasoning", &self.reasoning);
        }
        if !self.sources.is_empty() {
            json = json.list("sources", self.sources.iter().map(source_to_json));
        }
        if !self.suggestions.is_empty() {
            // Texts in objects, since a list takes what is JSON already.
            json = json.list("suggestions", self.suggestions.iter().map(|text| Object::new().text("text", text).end()));
        }
        if let Some(feedback) = self.feedback {
            json = json.text("feedback", feedback.name());
        }
        if !self.versions.is_empty() {
            json = json.list("versions", self.versions.iter().map(Self::to_stored)).number("shown", self.shown as u64);
        }
        json.end()
    }

    fn public(&self) -> Object {
        Object::new()
            .text("id", &self.id)
            .text("role", self.role.name())
            .text("content", &self.content)
            .number("timestamp", self.timestamp)
    }

    /// Reads what [`ChatMessage::to_stored`] wrote, or an older widget; `None` when one of the four fields that every
    /// message has is missing or foreign. Anything else that is malformed is left out.
    #[must_use]
    pub fn read(value: &Value) -> Option<Self> {
        let list = |name: &str| value[name].as_array().unwrap_or_default();
        let id = value["id"].as_str()?;
        let mut versions: Vec<_> = list("versions").iter().filter_map(Self::read).collect();
        versions.retain(|version| version.id == id && version.versions.is_empty() && !version.content.is_empty());
        Some(Self {
            id: id.to_owned(),
            role: Role::from_name(value["role"].as_str()?)?,
            content: value["content"].as_str()?.to_owned(),
            timestamp: timestamp::read(&value["timestamp"])?,
            reasoning: value["reasoning"].as_str().unwrap_or_default().to_owned(),
            sources: list("sources").iter().filter_map(read_source).collect(),
            suggestions: list("suggestions")
                .iter()
                .filter_map(|item| Some(item["text"].as_str()?.to_owned()))
                .collect(),
            feedback: match value["feedback"].as_str() {
                Some("good") => Some(Feedback::Good),
                Some("bad") => Some(Feedback::Bad),
                _ => None,
            },
            shown: (value["shown"].as_u64().unwrap_or_default() as usize).min(versions.len()),
            versions,
        })
    }

    /// Makes the version at position `to` the current one. Where there is none, nothing changes.
    pub fn show_version(&mut self, to: usize) {
        if to > self.versions.len() || to == self.shown {
            return;
        }
        let mut versions = std::mem::take(&mut self.versions);
        let from = std::mem::replace(&mut self.shown, 0);
        versions.insert(from, std::mem::take(self));
        *self = versions.remove(to);
        (self.versions, self.shown) = (versions, to);
    }

    /// Forgets what has come of it, since all of it comes again.
    pub(super) fn begin_again(&mut self) {
        self.content.clear();
        self.reasoning.clear();
        self.sources.clear();
        self.suggestions.clear();
    }

    /// Begins a new, empty version as the newest, which becomes the current one.
    pub(super) fn begin_version(&mut self, now: u64) {
        let to = self.versions.len() + 1;
        self.versions.push(Self { id: self.id.clone(), role: self.role, timestamp: now, ..Self::default() });
        self.show_version(to);
    }

    /// Takes out the newest version; where it is the current one, that at position `to` takes its place. False when
    /// there is no other.
    pub(super) fn drop_newest(&mut self, to: usize) -> bool {
        let newest = self.versions.len();
        if self.shown == newest {
            self.show_version(to.min(newest.saturating_sub(1)));
        }
        self.versions.pop().is_some()
    }
}

fn source_to_json(source: &Source) -> String {
    let json = Object::new().text("url", &source.url);
    match &source.title {
        Some(title) => json.text("title", title),
        None => json,
    }
    .end()
}

fn read_source(value: &Value) -> Option<Source> {
    Some(Source { url: value["url"].as_str()?.to_owned(), title: value["title"].as_str().map(str::to_owned) })
}
