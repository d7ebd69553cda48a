//! What follows from the state. Each effect looks at the state after a render and does what changed for it; what it
//! started ends when the state no longer asks for it, or with the widget.

mod contact;
mod copy;
mod extras;
mod focus;
mod pace;
mod page;
mod publish;
mod remember;
mod reply;
mod style;
mod title;

use std::rc::Rc;

use yew::{Callback, NodeRef};

use super::memory::Memory;
use crate::browser::dom::{self, Extra, HostElement, RootElement};
use crate::config::Config;
use crate::model::message::ChatMessage;
use crate::model::state::State;
use crate::model::update::Action;

/// Everything that is going on outside the view.
pub(super) struct Effects {
    style: style::Style,
    reply: reply::Reply,
    remember: remember::Remember,
    publish: publish::Publish,
    focus: focus::Focus,
    contact: contact::Contact,
    copy: copy::Copy,
    title: title::Title,
    pace: pace::Pace,
    extras: extras::Extras,
    _page: page::Page,
}

/// What the effects work with.
pub(super) struct Around<'a> {
    pub(super) host: &'a HostElement,
    pub(super) root: &'a RootElement,
    pub(super) config: &'a Config,
    pub(super) nodes: &'a Nodes,
    /// Where what comes of an effect goes.
    pub(super) act: &'a Callback<Action>,
    /// What the bundle has beside the app; a crate has nothing of it.
    pub(super) extras: Option<&'a Extra>,
}

impl Around<'_> {
    /// Asks for what is beside the app.
    fn extra(&self, name: &str) {
        if let Some(extras) = self.extras {
            extras.call(name, self.root);
        }
    }
}

/// Whether these are the same messages, unchanged: by identity, so that nothing is read.
fn same(seen: &[Rc<ChatMessage>], now: &[Rc<ChatMessage>]) -> bool {
    same_but(None, seen, now)
}

/// Whether these are the same messages, unchanged but for that of the id `but`.
fn same_but(but: Option<&str>, seen: &[Rc<ChatMessage>], now: &[Rc<ChatMessage>]) -> bool {
    let same = |(a, b): (&Rc<ChatMessage>, &Rc<ChatMessage>)| Rc::ptr_eq(a, b) || but == Some(b.id.as_str());
    seen.len() == now.len() && seen.iter().zip(now).all(same)
}

/// The elements that can get the focus or scroll.
#[derive(Debug, Default)]
pub(super) struct Nodes {
    pub(super) launcher: NodeRef,
    pub(super) fold: NodeRef,
    pub(super) composer: NodeRef,
    pub(super) transcript: NodeRef,
}

impl Effects {
    /// `had_focus`: whether the launcher that the view replaces had the focus.
    pub(super) fn new(memory: Memory, had_focus: bool, root: &RootElement, act: &Callback<Action>) -> Self {
        Self {
            style: style::Style::default(),
            reply: reply::Reply::default(),
            remember: remember::Remember::new(memory, act),
            publish: publish::Publish::default(),
            focus: focus::Focus::new(had_focus),
            contact: contact::Contact::default(),
            copy: copy::Copy::default(),
            title: title::Title::default(),
            pace: pace::Pace::default(),
            extras: extras::Extras::default(),
            _page: page::Page::new(act, root),
        }
    }

    /// Puts settings that have changed onto the root element.
    pub(super) fn dress(&mut self, root: &RootElement, config: &Config) {
        self.style.dress(root, config);
    }

    /// Brings everything in line with `state`, which was just rendered.
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        if state.at_end {
            dom::scroll_to_end(&around.nodes.transcript);
        }
        self.focus.follow(state, around);
        self.reply.follow(state, around);
        self.contact.follow(state, around);
        self.copy.follow(state, around);
        self.title.follow(state);
        self.pace.follow(state, around);
        self.extras.follow(state, around);
        self.remember.follow(state, around);
        self.publish.follow(state, around.config, around.host);
    }

    /// Whether `memory` is another place than before; what is not saved yet goes to the old one first.
    pub(super) fn remember_in(&mut self, memory: &Memory) -> bool {
        self.remember.remember_in(memory)
    }

    /// Saves what is not saved yet.
    pub(super) fn end(&mut self) {
        self.remember.save();
    }
}
