//! One message.

use natter_protocol::request::Role;
use yew::prelude::*;

use super::by_ref::ByRef;
use crate::model::message::ChatMessage;
use crate::model::strings::Strings;

/// See [`Bubble`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct Props {
    /// The message.
    pub message: ByRef<ChatMessage>,
    /// Whether more of it is coming.
    #[prop_or_default]
    pub streaming: bool,
    /// The interface's words.
    pub strings: &'static Strings,
    /// Milliseconds since 1970 to the visitor's way to write a time of day.
    pub format_time: Callback<u64, AttrValue>,
}

/// A message as an article: its text as it was written, and the time. A component, so that a message that did not
/// change is not looked at again.
#[derive(Debug)]
pub struct Bubble;

impl Component for Bubble {
    type Message = ();
    type Properties = Props;

    fn create(_: &Context<Self>) -> Self {
        Self
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let (role, name) = match props.message.role {
            Role::User => ("user", props.strings.user_message),
            Role::Assistant => ("assistant", props.strings.assistant_message),
        };
        html! {
            <article class="message" data-role={role} part={["message ", role].concat()} aria-label={name}
                aria-busy={props.streaming.then_some("true")}>
                <div class="bubble" part="bubble" dir="auto">{ AttrValue::from(props.message.content.clone()) }</div>
                <time class="time">{ props.format_time.emit(props.message.timestamp) }</time>
            </article>
        }
    }
}
