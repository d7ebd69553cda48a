//! The conversation, from the greeting to what is happening right now.

use std::rc::Rc;

use yew::prelude::*;

use super::bubble::Bubble;
use super::by_ref::ByRef;
use super::icon::Icon;
use super::notice::{error_row, unanswered_row};
use crate::model::message::ChatMessage;
use crate::model::state::{Phase, State};
use crate::model::strings::Strings;

/// The log of messages, the loading indicator, the error row, and the way back to the end.
#[derive(Debug)]
pub struct Transcript<'a> {
    /// All there is to show.
    pub state: &'a State,
    /// The first message.
    pub greeting: &'a Rc<ChatMessage>,
    /// The interface's words.
    pub strings: &'static Strings,
    /// The scrolling element.
    pub node: &'a NodeRef,
    /// How to write a time of day.
    pub format_time: &'a Callback<u64, AttrValue>,
    /// The visitor scrolled.
    pub on_scroll: &'a Callback<Event>,
    /// The visitor wants to see the latest message.
    pub on_jump: &'a Callback<MouseEvent>,
    /// The visitor asks again.
    pub on_retry: &'a Callback<MouseEvent>,
    /// What comes after the messages, such as the contact form.
    pub children: Html,
}

impl Transcript<'_> {
    /// The transcript as a node.
    pub fn html(self) -> Html {
        let (state, strings) = (self.state, self.strings);
        let bubble = |message: &Rc<ChatMessage>, streaming: bool| {
            html! {
                <Bubble key={message.id.as_str()} message={ByRef(Rc::clone(message))} {streaming} {strings}
                    format_time={self.format_time} />
            }
        };
        let streaming_id = state.streaming_id();
        html! {
            <div class="scroller">
                <div ref={self.node} class="transcript" part="transcript" role="log" aria-label={strings.chat_messages}
                    aria-live="off" tabindex="0" onscroll={self.on_scroll}>
                    if state.greeted_at.is_some() {
                        { bubble(self.greeting, false) }
                    }
                    { for state.messages.iter().map(|m| bubble(m, streaming_id == Some(m.id.as_str()))) }
                    if matches!(state.phase, Phase::Sending(_)) {
                        <div class="message" data-role="assistant">
                            <div class="bubble loading" part="loading" aria-hidden="true"><i /><i /><i /></div>
                        </div>
                    }
                    if let Some(failure) = state.failure() {
                        { error_row(failure, strings, self.on_retry) }
                    }
                    if state.is_unanswered() {
                    { unanswered_row(strings, self.on_retry) }
                }
                { self.children }
                </div>
                if !state.at_end {
                    <button class="jump" part="jump" type="button" onclick={self.on_jump}>
                        { Icon::Down.html() }<span>{ strings.jump_to_latest }</span>
                    </button>
                }
            </div>
        }
    }
}
