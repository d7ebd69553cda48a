//! The conversation, from the greeting to what is happening right now.

use std::rc::Rc;

use yew::{Html, NodeRef};

use super::bubble::{Bubble, Times, dots};
use super::element::{Element, el, list};
use super::icon::Icon;
use super::notice::{cleared_row, error_row, unanswered_row, waiting_row};
use super::piece::{Content, piece};
use crate::model::message::ChatMessage;
use crate::model::state::{Phase, State};
use crate::model::strings::Strings;

/// The log of messages, the loading indicator, what waits, what failed, and the way back to the end.
#[derive(Debug)]
pub struct Transcript<'a> {
    /// All there is to show.
    pub state: &'a State,
    /// The first message.
    pub greeting: &'a Rc<ChatMessage>,
    /// Questions to begin with.
    pub starters: &'a [String],
    /// The interface's words.
    pub strings: &'static Strings,
    /// The scrolling element.
    pub node: &'a NodeRef,
    /// How to write times.
    pub times: &'a Rc<Times>,
    /// What is offered when nobody can answer.
    pub offer: Option<Element>,
}

impl Transcript<'_> {
    /// The transcript as an element.
    pub fn draw(self) -> Element {
        let (state, strings) = (self.state, self.strings);
        let waits = |text, deed| waiting_row(text, strings, deed);
        let log = el("div class=transcript part=transcript role=log aria-live=off tabindex=0 data-do=scroll")
            .set("aria-label", strings.chat_messages())
            .node(self.node)
            .html(self.messages())
            .place(self.loading())
            .place(state.failure().map(|failure| error_row(failure, state.retry_in(), strings)))
            .place(state.is_unanswered().then(|| unanswered_row(strings)))
            .place(matches!(state.phase, Phase::Waiting(_)).then(|| waits(strings.waiting_for_connection(), "stop")))
            .place(state.queued.as_ref().map(|queued| {
                el("div class=message data-role=user")
                    .child(el("div class=bubble dir=auto").text(queued.message.content.clone()))
                    .child(waits(strings.queued(), "unqueue"))
            }))
            .place(self.suggestions())
            .place(self.offer)
            .place(state.cleared.as_ref().map(|_| cleared_row(strings)));
        let jump = || {
            // Where there is no room for its text it is an arrow, so it is named as well.
            el("button class=jump part=jump type=button data-do=jump")
                .named(strings.jump_to_latest())
                .child(Icon::Down.draw())
                .child(el("span").text(strings.jump_to_latest()))
        };
        el("div class=scroller").child(log).place((!state.at_end).then(jump))
    }

    fn messages(&self) -> Html {
        let state = self.state;
        let streaming = state.streaming_id();
        let bubble = |message: &Rc<ChatMessage>, before: u64| {
            let is = |id: Option<&str>| id == Some(message.id.as_str());
            let bubble = Bubble {
                message: Rc::clone(message),
                before,
                times: Rc::clone(self.times),
                streaming: is(streaming),
                last: state.messages.last().is_some_and(|last| Rc::ptr_eq(last, message)),
                steerable: !state.busy(),
                editing: is(state.editing.as_deref()),
                commenting: is(state.commenting.as_deref()),
                copied: is(state.copied.as_deref()),
            };
            piece(Content::Bubble(bubble), self.strings, &message.id)
        };
        let mut nodes = Vec::new();
        // A conversation of one day needs no date.
        let mut before = state.messages.last().map_or(self.greeting.timestamp, |last| last.timestamp);
        let greeting = state.greeted_at.map(|_| self.greeting);
        for message in greeting.into_iter().chain(&state.messages) {
            // A new version of an answer shows when it begins.
            if !message.content.is_empty() || !message.reasoning.is_empty() {
                nodes.push(bubble(message, before));
                before = message.timestamp;
            }
        }
        list(nodes)
    }

    /// That an answer is coming, and what the assistant is at.
    fn loading(&self) -> Option<Element> {
        let state = self.state;
        let sending = matches!(state.phase, Phase::Sending(_));
        (sending || state.activity.is_some()).then(|| {
            el("div class=message data-role=assistant")
                .place(sending.then(dots))
                .place(state.activity.clone().map(|text| el("p class=activity part=activity dir=auto").text(text)))
        })
    }

    /// Questions the visitor may ask with one click.
    fn suggestions(&self) -> Option<Element> {
        let state = self.state;
        let questions = match state.messages.last() {
            None => self.starters,
            Some(_) if state.busy() => return None,
            Some(last) => last.suggestions.as_slice(),
        };
        let button = |text: &String| {
            let button = el("button class=suggestion part=suggestion type=button data-do=ask dir=auto");
            button.set("data-of", text.clone()).text(text.clone()).into()
        };
        (!questions.is_empty())
            .then(|| el("div class=suggestions part=suggestions").all(questions.iter().map(button).collect()))
    }
}
