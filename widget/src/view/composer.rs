//! Where the visitor writes.

use yew::prelude::*;

use super::icon::Icon;
use crate::model::strings::{Strings, with_count};

/// From how many remaining characters on the counter shows.
const COUNTER_FROM: isize = 100;

/// The text field that grows to five lines, Send or Stop, and what stands below.
#[derive(Debug)]
pub struct Composer<'a> {
    /// What stands in it.
    pub draft: &'a str,
    /// What it says when empty; also its accessible name.
    pub placeholder: &'a str,
    /// How many characters may still come; negative when there are too many.
    pub characters_left: isize,
    /// Whether the draft can be sent.
    pub sendable: bool,
    /// Whether an answer is on its way.
    pub running: bool,
    /// Whether there is something to clear.
    pub clearable: bool,
    /// The interface's words.
    pub strings: &'static Strings,
    /// The text field.
    pub node: &'a NodeRef,
    /// The text changed.
    pub on_input: &'a Callback<InputEvent>,
    /// A key went down in the text field.
    pub on_key: &'a Callback<KeyboardEvent>,
    /// Send the draft.
    pub on_send: &'a Callback<MouseEvent>,
    /// Stop the answer.
    pub on_stop: &'a Callback<MouseEvent>,
    /// Clear the history.
    pub on_clear: &'a Callback<MouseEvent>,
}

impl Composer<'_> {
    /// The composer as a node.
    pub fn html(&self) -> Html {
        let strings = self.strings;
        let (draft, placeholder) =
            (AttrValue::from(self.draft.to_owned()), AttrValue::from(self.placeholder.to_owned()));
        // The invisible twin of the text (see .field::after) makes the field as high as what is written.
        html! {
            <div class="composer" part="composer">
                <div class="entry">
                    <div class="field" data-draft={&draft}>
                        <textarea ref={self.node} rows="1" dir="auto" aria-label={&placeholder}
                            {placeholder} value={draft} enterkeyhint="send"
                            aria-invalid={(self.characters_left < 0).then_some("true")}
                            oninput={self.on_input} onkeydown={self.on_key} />
                    </div>
                    if self.running {
                        <button class="send" part="stop" type="button" aria-label={strings.stop} title={strings.stop}
                            onclick={self.on_stop}>{ Icon::Stop.html() }</button>
                    } else {
                        <button class="send" part="send" type="button" aria-label={strings.send_message}
                            title={strings.send_message} disabled={!self.sendable}
                            onclick={self.on_send}>{ Icon::Send.html() }</button>
                    }
                </div>
                <div class="below">
                    if self.characters_left <= COUNTER_FROM {
                        <span class="counter" data-over={(self.characters_left < 0).then_some("")} part="counter"
                            aria-live="polite">
                            { with_count(strings.characters_left, self.characters_left) }
                        </span>
                    } else {
                        <span>{ strings.press_enter }</span>
                    }
                    if self.clearable {
                        <button class="plain" type="button" onclick={self.on_clear}>
                            { Icon::Bin.html() }{ strings.clear_history }
                        </button>
                    }
                </div>
            </div>
        }
    }
}
