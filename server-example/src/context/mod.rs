//! What the assistant knows: its task, what is true today, the notes that fit the question, what was said before.

mod availability;
mod date;
mod fold;
mod knowledge;
mod label;
mod library;
mod projects;
mod search;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use natter_protocol::request::{Message, Role};

pub(crate) use self::fold::{MAX_SUMMARY, extract, older};
use self::knowledge::Section;
pub(crate) use self::label::clip;
use self::label::data;
use self::library::Library;
pub(crate) use self::search::{Found, Index};
use crate::settings::{ContextSettings, SettingsError};
use crate::watched::Watched;

const SYSTEM_PROMPT: &str = include_str!("../../system-prompt.md");
/// What one provider may say, in characters.
const MAX_FACT: usize = 2000;

/// Something about the site that may be different tomorrow. A new one is named in [`Context::open`].
pub(crate) trait Provider: fmt::Debug + Send + Sync {
    /// What it is about, as a heading.
    fn label(&self) -> &'static str;

    /// Words a visitor may use for it; they are searched and never shown.
    fn also(&self) -> &'static str;

    /// How it is now, in Markdown; `None` while it is not known. Called for every question, so it must not wait.
    fn text(&self) -> Option<String>;
}

/// Everything the assistant knows, as it is at the moment: files are read again when they change.
#[derive(Debug)]
pub(crate) struct Context {
    system_prompt: Watched<String>,
    facts: Vec<Box<dyn Provider>>,
    library: Library,
    /// Characters of the library that go to a model.
    budget: usize,
    /// Messages that a model gets to read.
    window: usize,
}

/// What a model gets to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    pub(crate) system: String,
    /// None is blank.
    pub(crate) turns: Vec<Turn>,
}

/// One message of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turn {
    pub(crate) role: Role,
    pub(crate) text: String,
}

impl Context {
    /// Reads what the settings name, or what ships with the binary.
    ///
    /// # Errors
    /// A sentence that names the setting whose file or folder cannot be used.
    pub(crate) fn open(settings: &ContextSettings) -> Result<Self, SettingsError> {
        let system_prompt = match settings.system_prompt.as_deref() {
            None => Watched::fixed(SYSTEM_PROMPT.to_owned()),
            Some(path) => Watched::open(path, |text| Ok(text.to_owned()))
                .map_err(|why| SettingsError::path("system_prompt", Some(path), &why))?,
        };
        let knowledge = settings.knowledge.as_deref();
        let library = Library::open(knowledge).map_err(|why| SettingsError::path("knowledge", knowledge, &why))?;
        let facts = providers(settings)?;
        let (budget, window) = (settings.knowledge_budget, settings.context_messages);
        Ok(Self { system_prompt, facts, library, budget, window })
    }

    /// How many of a conversation's last messages a model reads.
    pub(crate) fn window(&self) -> usize {
        self.window
    }

    /// How many notes there are to look things up in.
    pub(crate) fn notes(&self) -> usize {
        self.library.len()
    }

    /// Notes and facts, ready to be searched.
    pub(crate) fn index(&self) -> Arc<Index> {
        let facts = self.facts.iter().filter_map(|fact| Some(Section::new(fact.label(), fact.also(), fact.text()?)));
        self.library.index(facts.collect())
    }

    /// What a model reads of the conversation; `summary` stands for the messages before the window.
    ///
    /// Whatever does not come from the owner's prompt is marked as data, so that nothing in it reads as an order.
    pub(crate) fn prompt(&self, messages: &[Message], summary: Option<&str>) -> Prompt {
        let mut system =
            vec![self.system_prompt.get().trim().to_owned(), data("Current facts", "facts", &self.today())];
        let notes = self.notes_for(messages);
        if !notes.is_empty() {
            system.push(data("Notes on the question", "notes", &notes));
        }
        if let Some(summary) = summary.filter(|summary| !summary.is_empty()) {
            system.push(data("Earlier in this conversation", "summary", summary));
        }
        let recent = &messages[older(messages, self.window).len()..];
        let turns = recent.iter().map(|message| Turn { role: message.role, text: message.plain_text() });
        Prompt { system: system.join("\n\n"), turns: turns.filter(|turn| !turn.text.trim().is_empty()).collect() }
    }

    fn today(&self) -> String {
        let lines = self.facts.iter().filter_map(|fact| {
            let text = fact.text()?;
            let gap = if text.starts_with("- ") { '\n' } else { ' ' };
            Some(format!("{}:{gap}{}", fact.label(), clip(&text, MAX_FACT)))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The notes on the last question, and on the one before together with it, best first and within the budget.
    fn notes_for(&self, messages: &[Message]) -> String {
        let mut asked = messages.iter().rev().filter(|message| message.role == Role::User).map(Message::plain_text);
        let question = asked.next().unwrap_or_default();
        let both = asked.next().map(|before| format!("{before} {question}"));
        self.index().notes_on(&question, both.as_deref(), self.budget)
    }
}

/// In the order in which a model reads them.
fn providers(settings: &ContextSettings) -> Result<Vec<Box<dyn Provider>>, SettingsError> {
    let folder = settings.context.as_deref();
    let wrong = |why: String| SettingsError::path("context", folder, &why);
    let file = |name: &str| folder.map(|folder: &Path| folder.join(name));
    let availability = availability::Availability::open(file(availability::FILE).as_deref()).map_err(wrong)?;
    let projects: Box<dyn Provider> = match &settings.projects_url {
        Some(url) => Box::new(projects::Fetched::start(url, settings.projects_refresh)?),
        None => Box::new(projects::Listed::open(file(projects::FILE).as_deref()).map_err(wrong)?),
    };
    Ok(vec![Box::new(date::Today), Box::new(availability), projects])
}
