//! Short rows that tell of something: an error, a question that waits, or a cleared history.

use super::element::{Element, el};
use super::icon::Icon;
use crate::model::failure::Failure;
use crate::model::strings::Strings;

/// Why there is no answer, in the endpoint's own words where it has some, and "Retry" where that may help: at once, or
/// in `wait` seconds.
pub fn error_row(failure: &Failure, wait: u32, strings: &Strings) -> Element {
    let row = el("div class=error part=error role=alert")
        .child(Icon::Alert.draw())
        .child(el("p dir=auto").text(failure.message.clone()));
    if !failure.retryable {
        return row;
    }
    // The countdown is no part of the alert's text, so that it is not read out every second.
    let left = (wait > 0).then(|| el("span aria-live=off").text(strings.count(strings.retry_in(), wait as isize)));
    row.place(left).child(retry(strings).flag("aria-disabled", wait > 0))
}

/// That the last question has no answer, and "Retry".
pub fn unanswered_row(strings: &'static Strings) -> Element {
    row(strings.unanswered()).child(retry(strings))
}

/// That something waits, and the way to take it back.
pub fn waiting_row(text: &'static str, strings: &'static Strings, deed: &'static str) -> Element {
    row(text).child(plain(strings.cancel(), deed))
}

/// "History cleared", and "Undo".
pub fn cleared_row(strings: &'static Strings) -> Element {
    row(strings.history_cleared()).child(plain(strings.undo(), "undo"))
}

fn row(text: &'static str) -> Element {
    el("div class=cleared").child(el("p").text(text))
}

fn retry(strings: &Strings) -> Element {
    el("button class=plain type=button data-do=retry").child(Icon::Retry.draw()).text(strings.retry())
}

/// A button that is only a word.
pub fn plain(text: &'static str, deed: &'static str) -> Element {
    el("button class=plain type=button").set("data-do", deed).text(text)
}
