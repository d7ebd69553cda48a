//! What follows from the state. Each effect looks at the state after a render and does what changed for it; what it
//! started ends when the state no longer asks for it, or with the widget.

mod contact;
mod focus;
mod page;
mod publish;
mod remember;
mod reply;
mod style;

use yew::Context;
use yew::html::Scope;

use super::chat::{Chat, Nodes};
use super::memory::Memory;
use crate::browser::dom;
use crate::config::Config;
use crate::model::state::State;

/// Everything that is going on outside the view.
pub(super) struct Effects {
    style: style::Style,
    reply: reply::Reply,
    remember: remember::Remember,
    publish: publish::Publish,
    focus: focus::Focus,
    contact: contact::Contact,
    _page: page::Page,
}

/// What every effect works with.
struct Around<'a> {
    config: &'a Config,
    link: &'a Scope<Chat>,
    nodes: &'a Nodes,
}

impl Effects {
    pub(super) fn new(ctx: &Context<Chat>, memory: Memory) -> Self {
        let props = ctx.props();
        if props.config.open {
            ctx.link().send_message(super::chat::show(crate::model::state::Window::Open));
        }
        Self {
            style: style::Style::default(),
            reply: reply::Reply::default(),
            remember: remember::Remember::new(memory),
            publish: publish::Publish::default(),
            focus: focus::Focus::new(props.had_focus),
            contact: contact::Contact::default(),
            _page: page::Page::new(ctx.link(), &props.root),
        }
    }

    /// Brings everything in line with `state`, which was just rendered.
    pub(super) fn follow(&mut self, state: &State, ctx: &Context<Chat>, nodes: &Nodes) {
        let props = ctx.props();
        let around = Around { config: &props.config, link: ctx.link(), nodes };
        self.style.follow(&props.root, around.config);
        if state.at_end {
            dom::scroll_to_end(&nodes.transcript);
        }
        self.focus.follow(state, &around);
        self.reply.follow(state, &around);
        self.contact.follow(state, &around);
        self.remember.follow(state, &around);
        self.publish.follow(state, around.config, &props.host);
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
