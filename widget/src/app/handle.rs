//! What the page holds of a widget.

use std::fmt;

use yew::AppHandle;
use yew::scheduler::{self, Runnable};

use super::chat::{Chat, ChatProps, ask, show};
use crate::browser::clock;
use crate::config::Config;
use crate::model::message::ChatMessage;
#[cfg(feature = "bundle")]
use crate::model::message::conversation_markdown;
use crate::model::state::Window;
use crate::model::update::Action;

/// A running widget. Dropping it leaves the widget on the page; [`Handle::destroy`] takes it off.
pub struct Handle {
    app: AppHandle<Chat>,
    props: ChatProps,
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

impl Handle {
    pub(super) fn new(app: AppHandle<Chat>, props: ChatProps) -> Self {
        Self { app, props }
    }

    /// Opens the window.
    pub fn open(&self) {
        self.app.send_message(show(Window::Open));
    }

    /// Closes the window; the launcher stays.
    pub fn close(&self) {
        self.app.send_message(show(Window::Closed));
    }

    /// Opens a closed window and closes any other.
    pub fn toggle(&self) {
        self.app.send_message(Action::Toggle { now: clock::now() });
    }

    /// Shows only the window's header.
    pub fn minimize(&self) {
        self.app.send_message(show(Window::Minimized));
    }

    /// Shows all of the window.
    pub fn expand(&self) {
        self.open();
    }

    /// Asks `text` as if the visitor had typed it. What cannot be sent now goes into the composer.
    pub fn send(&self, text: impl Into<String>) {
        self.app.send_message(ask(text.into()));
    }

    /// Stops the answer that is arriving; what has arrived of it stays.
    pub fn stop(&self) {
        self.app.send_message(Action::Stop { now: clock::now() });
    }

    /// Clears the conversation, on screen and in the storage.
    pub fn clear(&self) {
        self.app.send_message(Action::Clear);
    }

    /// The conversation without the greeting, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<ChatMessage> {
        self.props.messages.borrow().iter().map(|message| (**message).clone()).collect()
    }

    /// Takes other settings. The conversation stays, unless they name another place for it.
    pub fn update(&mut self, config: Config) {
        self.props.config = config;
        self.app.update(self.props.clone());
    }

    /// Shows the conversation of the person with this id at once, or of nobody. An answer that is arriving for the person
    /// before is stopped; their conversation and draft stay theirs.
    pub fn set_user(&mut self, user: Option<String>) {
        let user = user.filter(|user| !user.is_empty());
        self.update(Config { user, ..self.props.config.clone() });
    }

    /// The conversation as Markdown.
    #[cfg(feature = "bundle")]
    pub(super) fn markdown(&self) -> String {
        let config = &self.props.config;
        conversation_markdown(&self.props.messages.borrow(), &config.title, config.strings.you())
    }

    /// Takes what is unread for read.
    #[cfg(feature = "bundle")]
    pub(super) fn read(&self) {
        self.app.send_message(Action::Read);
    }

    /// Sends this JSON object as `metadata` with each question from now on; `None` sends none. What is no object changes nothing.
    pub fn set_context(&mut self, json: Option<&str>) {
        let config = self.props.config.clone();
        let pairs = json.map(|json| ("context", json));
        let mut config = Config { context: None, ..config };
        if config.apply(pairs).is_empty() {
            self.update(config);
        }
    }

    /// Takes the widget off the page. The host element stays, empty.
    pub fn destroy(self) {
        self.props.root.remove();
        // Not at once: Yew makes what was mounted a moment later, and before that finds nothing to destroy.
        scheduler::push(Box::new(Ending(self.app)));
    }
}

/// The end of a widget, which comes when Yew has done what it was told before.
struct Ending(AppHandle<Chat>);

impl Runnable for Ending {
    fn run(self: Box<Self>) {
        self.0.destroy();
    }
}
