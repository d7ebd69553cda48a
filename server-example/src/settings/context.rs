//! What the assistant knows.

use std::path::PathBuf;

use clap::Args;

use super::parse::{http_url, whole};

/// What the assistant knows.
#[derive(Debug, Clone, Args)]
pub struct ContextSettings {
    /// Text file with the system prompt; read again when it changes [default: the one that ships]
    #[arg(long, env = "NATTER_SYSTEM_PROMPT", value_name = "FILE")]
    pub system_prompt: Option<PathBuf>,

    /// Folder with availability.md and projects.json, which are appended to the system prompt together with the date;
    /// read again when they change [default: the ones that ship]
    #[arg(long, env = "NATTER_CONTEXT", value_name = "FOLDER")]
    pub context: Option<PathBuf>,

    /// Address of the projects' JSON, fetched again and again in the place of the folder's projects.json
    #[arg(long, env = "NATTER_PROJECTS_URL", value_name = "URL", value_parser = http_url)]
    pub projects_url: Option<String>,

    /// How often the projects are fetched, in seconds
    #[arg(long, env = "NATTER_PROJECTS_REFRESH", value_name = "SECONDS", default_value = "300",
        value_parser = whole::<u64, 1, 86_400>)]
    pub projects_refresh: u64,

    /// Markdown file, or folder of such files, with what the assistant can look up: what fits the question goes to the
    /// model or, without a model, is the answer; read again when it changes [default: the one that ships]
    #[arg(long, env = "NATTER_KNOWLEDGE", value_name = "PATH")]
    pub knowledge: Option<PathBuf>,

    /// How much of the knowledge goes to the model with a question, in characters
    #[arg(long, env = "NATTER_KNOWLEDGE_BUDGET", value_name = "CHARACTERS", default_value = "4000",
        value_parser = whole::<usize, 0, 1_000_000>)]
    pub knowledge_budget: usize,

    /// How many of a conversation's last messages the model gets to read; older ones become a summary
    #[arg(long, env = "NATTER_CONTEXT_MESSAGES", value_name = "COUNT", default_value = "10",
        value_parser = whole::<usize, 1, 10_000>)]
    pub context_messages: usize,

    /// Model that writes the summary of older messages [default: none, it is put together from the messages' own sentences]
    #[arg(long, env = "NATTER_SUMMARY_MODEL", value_name = "NAME")]
    pub summary_model: Option<String>,

    /// Pause between two words of an answer that comes from the knowledge, in milliseconds
    #[arg(long, env = "NATTER_WORD_DELAY", value_name = "MILLISECONDS", default_value = "20",
        value_parser = whole::<u64, 0, 10_000>)]
    pub word_delay: u64,
}
