//! Where the visitor writes.

use yew::{AttrValue, NodeRef};

use super::element::{Element, el};
use super::icon::Icon;
use super::notice::plain;
use crate::model::strings::Strings;

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
    pub busy: bool,
    /// Whether there is a conversation to copy or to clear.
    pub begun: bool,
    /// Whether the conversation was copied a moment ago.
    pub copied: bool,
    /// The interface's words.
    pub strings: &'static Strings,
    /// The text field.
    pub node: &'a NodeRef,
}

impl Composer<'_> {
    /// The composer as an element.
    pub fn draw(&self) -> Element {
        let strings = self.strings;
        let over = self.characters_left < 0;
        // Clones of a long draft: three, all of them shared.
        let (draft, placeholder) =
            (AttrValue::from(self.draft.to_owned()), AttrValue::from(self.placeholder.to_owned()));
        let text = el("textarea rows=1 dir=auto enterkeyhint=send data-do=draft")
            .set("aria-label", placeholder.clone())
            .set("placeholder", placeholder.clone())
            .flag("aria-invalid", over)
            .value(draft.clone())
            .node(self.node);
        let twin = if self.draft.is_empty() { placeholder } else { draft };
        // With keys of their own: a button that turned into a disabled one would keep a focus that is none.
        let button = match self.busy {
            true => el("button class=send part=stop type=button data-do=stop")
                .key("stop")
                .named(strings.stop())
                .child(Icon::Stop.draw()),
            false => el("button class=send part=send type=button data-do=send")
                .key("send")
                .named(strings.send_message())
                .maybe("disabled", (!self.sendable).then_some(""))
                .child(Icon::Send.draw()),
        };
        let hint = match self.characters_left <= COUNTER_FROM {
            true => el("span class=counter part=counter aria-live=polite")
                .maybe("data-over", over.then_some(""))
                .text(strings.count(strings.characters_left(), self.characters_left)),
            false => el("span").text(strings.press_enter()),
        };
        let copy = if self.copied { strings.copied() } else { strings.copy_conversation() };
        // The words of the menu that `loader/menu.ts` puts behind this.
        let (more, download) = (strings.more(), strings.download_conversation());
        let menu = [more, "\n", download, "\n", strings.delete_data(), "\n", strings.data_deleted()].concat();
        let below = el("div class=below")
            .set("data-of", menu)
            .child(hint)
            .place(self.begun.then(|| plain(copy, "copy-all").set("data-of", strings.you())))
            .place(self.begun.then(|| plain(strings.clear_history(), "clear")));
        el("div class=composer part=composer")
            // The invisible twin of the text (see .field::after) makes the field as high as what stands in it.
            .child(el("div class=entry").child(el("div class=field").set("data-draft", twin).child(text)).child(button))
            .child(below)
    }
}
