//! One message.

use std::rc::Rc;

use natter_protocol::json::decimal;
use natter_protocol::request::Role;
use yew::{Callback, Html};

use super::element::{Element, el, list};
use super::header::tool;
use super::icon::Icon;
use super::notice::plain;
use crate::model::link::Link;
use crate::model::message::{ChatMessage, Feedback};
use crate::model::strings::Strings;

/// The visitor's way to write times, given in ms since 1970.
#[derive(Debug)]
pub struct Times {
    /// The time of day.
    pub time: Callback<u64, String>,
    /// The day.
    pub day: Callback<u64, String>,
}

/// A message and how it stands.
#[derive(Debug, Clone)]
pub struct Bubble {
    /// The message.
    pub message: Rc<ChatMessage>,
    /// When the one before it was written: a new day is marked.
    pub before: u64,
    /// How to write its time.
    pub times: Rc<Times>,
    /// Whether more of it is coming.
    pub streaming: bool,
    /// Whether it is the last answer, and another may be asked for.
    pub last: bool,
    /// Whether it may be changed now.
    pub steerable: bool,
    /// Whether the visitor is changing it.
    pub editing: bool,
    /// Whether the visitor may say why it is good or bad.
    pub commenting: bool,
    /// Whether it was copied a moment ago.
    pub copied: bool,
}

impl PartialEq for Bubble {
    /// The message by identity, so that nothing is read.
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.message, &other.message) && self.before == other.before && self.marks() == other.marks()
    }
}

impl Bubble {
    const fn marks(&self) -> [bool; 6] {
        [self.streaming, self.last, self.steerable, self.editing, self.commenting, self.copied]
    }

    /// The message as nodes; `blocks` is what an answer's text has become, if there is something to see of it.
    pub fn draw(&self, blocks: Option<Html>, strings: &'static Strings) -> Html {
        let message = &*self.message;
        let (article, part, name) = match message.role {
            Role::User => ("user", "message user", strings.user_message()),
            Role::Assistant => ("assistant", "message assistant", strings.assistant_message()),
        };
        let article = el("article class=message")
            .set("data-role", article)
            .set("part", part)
            .set("aria-label", name)
            .flag("aria-busy", self.streaming);
        let article = if self.editing {
            article.child(self.editor(strings))
        } else {
            let bubble = el("div class=bubble part=bubble");
            article
                .place((!message.reasoning.is_empty()).then(|| thinking(message, strings)))
                .place(match message.role {
                    Role::User => Some(bubble.set("dir", "auto").text(message.content.clone())),
                    Role::Assistant => match blocks {
                        Some(blocks) => Some(bubble.html(blocks)),
                        None => self.streaming.then(dots),
                    },
                })
                .place((!message.sources.is_empty()).then(|| sources(message, strings)))
                .child(self.foot(strings))
                .place(self.commenting.then(|| comment(message, strings)))
        };
        let day = |millis| self.times.day.emit(millis);
        let (before, today) = (day(self.before), day(message.timestamp));
        let mut nodes = Vec::new();
        if before != today {
            nodes.push(el("p class=day").key("day").text(today).into());
        }
        nodes.push(article.key("message").into());
        list(nodes)
    }

    /// The time, and what can be done with the message.
    fn foot(&self, strings: &'static Strings) -> Element {
        let message = &*self.message;
        let foot = el("div class=foot").child(el("time class=time").text(self.times.time.emit(message.timestamp)));
        // The greeting is no part of the conversation.
        if self.streaming || message.id == GREETING {
            return foot;
        }
        let deed =
            |name, icon, deed: &'static str| tool(name, icon).set("data-do", deed).set("data-of", message.id.clone());
        let foot = foot.child(match self.copied {
            true => deed(strings.copied(), Icon::Check, "copy"),
            false => deed(strings.copy(), Icon::Copy, "copy"),
        });
        if message.role == Role::User {
            return foot.place(self.steerable.then(|| deed(strings.edit(), Icon::Edit, "edit")));
        }
        let rate = |value: Feedback, name, icon| {
            let given = message.feedback == Some(value);
            deed(name, icon, value.name()).set("aria-pressed", if given { "true" } else { "false" })
        };
        let again = self.last && self.steerable;
        let (shown, all) = (message.shown, message.versions.len() + 1);
        let version = |name, icon, to: usize| {
            let there = (to < all).then(|| decimal(to as u64));
            let end = there.is_none();
            (all > 1).then(|| deed(name, icon, "version").maybe("data-to", there).flag("aria-disabled", end))
        };
        let place = || {
            el("span class=time aria-live=polite")
                .text([&decimal(shown as u64 + 1), "/", &decimal(all as u64)].concat())
        };
        foot.child(rate(Feedback::Good, strings.good_response(), Icon::Good))
            .child(rate(Feedback::Bad, strings.bad_response(), Icon::Bad))
            .place(again.then(|| deed(strings.regenerate(), Icon::Retry, "regenerate")))
            .place(version(strings.previous_version(), Icon::Back, shown.wrapping_sub(1)))
            .place((all > 1).then(place))
            .place(version(strings.next_version(), Icon::Forth, shown + 1))
    }

    /// The field in which a question is changed; the app puts its text there.
    fn editor(&self, strings: &'static Strings) -> Element {
        el("form class=editor data-do=save")
            .set("data-of", self.message.id.clone())
            .child(el("textarea name=text rows=3 dir=auto").set("aria-label", strings.edit_message()))
            .child(
                el("div class=row")
                    .child(plain(strings.cancel(), "cancel"))
                    .child(el("button class=button type=submit").text(strings.save())),
            )
    }
}

/// The id of the greeting, which no message of a conversation has.
pub const GREETING: &str = "greeting";

/// What was copied, when it is the whole conversation.
pub const CONVERSATION: &str = "conversation";

/// What was copied, when it is a code block.
pub const CODE: &str = "code";

/// That an answer is coming.
pub fn dots() -> Element {
    el("div class=bubble part=loading aria-hidden=true data-loading").child(el("i")).child(el("i")).child(el("i"))
}

/// What the model thought, folded away.
fn thinking(message: &ChatMessage, strings: &'static Strings) -> Element {
    el("details class=thinking part=thinking")
        .child(el("summary").text(strings.thinking()))
        .child(el("p dir=auto").text(message.reasoning.clone()))
}

/// What the answer cites, numbered.
fn sources(message: &ChatMessage, strings: &'static Strings) -> Element {
    let mut chips = el("ol class=sources part=sources").set("aria-label", strings.sources());
    for source in &message.sources {
        let title = source.title.as_ref().unwrap_or(&source.url);
        let chip = match Link::to(&source.url) {
            Some(_) => el("a target=_blank").set("rel", "noopener noreferrer").set("href", source.url.clone()),
            None => el("span"),
        };
        chips = chips.child(el("li").child(chip.set("title", title.clone()).text(title.clone())));
    }
    chips
}

/// A field for why an answer is good or bad.
fn comment(message: &ChatMessage, strings: &'static Strings) -> Element {
    let good = message.feedback == Some(Feedback::Good);
    el("form class=editor data-do=comment")
        .set("data-of", message.id.clone())
        .set("data-to", if good { "1" } else { "0" })
        .child(
            el("input name=text maxlength=1000 dir=auto autocomplete=off")
                .set("aria-label", strings.feedback_comment())
                .set("placeholder", strings.feedback_comment()),
        )
        .child(
            el("div class=row")
                .child(plain(strings.cancel(), "uncomment"))
                .child(el("button class=button type=submit").text(strings.contact_send())),
        )
}
