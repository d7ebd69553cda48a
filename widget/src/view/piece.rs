//! What is drawn again only when it changed.

use std::cell::RefCell;
use std::rc::Rc;

use natter_protocol::request::Role;
use yew::html::Context;
use yew::virtual_dom::VComp;
use yew::{Component, Html, Properties};

use super::bubble::Bubble;
use super::element::list;
use super::markdown;
use crate::model::markdown::{Markdown, Node};
use crate::model::message::ChatMessage;
use crate::model::strings::Strings;

/// What a piece shows.
#[derive(Debug, Clone)]
pub enum Content {
    /// A message.
    Bubble(Bubble),
    /// Blocks of a message.
    Run(Vec<Rc<Node>>),
    /// What stands in a block.
    InnerRun(Vec<Rc<Node>>),
    /// Lines of code.
    Lines(Vec<Rc<Node>>),
}

impl PartialEq for Content {
    /// By identity, so that nothing is read.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bubble(a), Self::Bubble(b)) => a == b,
            (Self::Run(a) | Self::InnerRun(a) | Self::Lines(a), Self::Run(b) | Self::InnerRun(b) | Self::Lines(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| Rc::ptr_eq(a, b))
            }
            _ => false,
        }
    }
}

/// See [`piece`].
#[derive(Debug, Clone, Properties)]
pub struct Props {
    content: Content,
    strings: &'static Strings,
}

impl PartialEq for Props {
    fn eq(&self, other: &Self) -> bool {
        self.content == other.content && self.strings == other.strings
    }
}

/// One component for all of them, since each kind of component is 2 KB (docs/architecture.md).
#[derive(Debug)]
pub struct Piece {
    /// For an answer: what was read of it, the parser that read it, and whether it was told that this is all.
    read: RefCell<(Rc<ChatMessage>, Markdown, bool)>,
}

impl Component for Piece {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self { read: RefCell::default() }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let Props { content, strings } = ctx.props();
        match content {
            Content::Bubble(bubble) => {
                let nodes = match bubble.message.role {
                    Role::User => Vec::new(),
                    Role::Assistant => self.blocks(bubble),
                };
                bubble.draw((!nodes.is_empty()).then(|| markdown::message(&nodes, strings)), strings)
            }
            Content::Run(nodes) => markdown::run(nodes, strings).into(),
            Content::InnerRun(nodes) => list(markdown::inner_run(nodes, strings)),
            Content::Lines(nodes) => markdown::lines(nodes).into(),
        }
    }
}

impl Piece {
    /// The blocks of an answer; only what is new in it is parsed.
    fn blocks(&self, bubble: &Bubble) -> Vec<Rc<Node>> {
        let (read, parser, whole) = &mut *self.read.borrow_mut();
        let content = bubble.message.content.as_str();
        let mut new = content.strip_prefix(read.content.as_str());
        // Another version, or more of what seemed to be whole.
        if new.is_none_or(|new| *whole && !new.is_empty()) {
            (*parser, *whole) = Default::default();
            new = Some(content);
        }
        parser.push(new.unwrap_or_default());
        if !bubble.streaming && !std::mem::replace(whole, true) {
            parser.finish();
        }
        *read = Rc::clone(&bubble.message);
        let mut nodes = parser.settled().to_vec();
        nodes.append(&mut parser.tail());
        nodes
    }
}

/// A node that is drawn again only when `content` is another.
pub fn piece(content: Content, strings: &'static Strings, key: &str) -> Html {
    VComp::new::<Piece>(Rc::new(Props { content, strings }), Some(key.into())).into()
}
