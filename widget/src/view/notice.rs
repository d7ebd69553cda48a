//! Short rows that tell of something: an error, or a cleared history.

use yew::prelude::*;

use super::icon::Icon;
use crate::model::failure::Failure;
use crate::model::strings::Strings;

/// Why there is no answer, in the endpoint's own words where it has some, and "Retry" where that may help.
pub fn error_row(failure: &Failure, strings: &Strings, on_retry: &Callback<MouseEvent>) -> Html {
    html! {
        <div class="error" part="error" role="alert">
            { Icon::Alert.html() }
            <p dir="auto">{ failure.message.clone() }</p>
            if failure.retryable {
                <button class="plain" type="button" onclick={on_retry}>
                    { Icon::Retry.html() }{ strings.retry }
                </button>
            }
        </div>
    }
}

/// That the last question has no answer, and "Retry".
pub fn unanswered_row(strings: &Strings, on_retry: &Callback<MouseEvent>) -> Html {
    html! {
        <div class="cleared">
            <p>{ strings.unanswered }</p>
            <button class="plain" type="button" onclick={on_retry}>{ Icon::Retry.html() }{ strings.retry }</button>
        </div>
    }
}

/// "History cleared", and "Undo".
pub fn cleared_row(strings: &Strings, on_undo: &Callback<MouseEvent>) -> Html {
    html! {
        <div class="cleared" role="status">
            <p>{ strings.history_cleared }</p>
            <button class="plain" type="button" onclick={on_undo}>{ strings.undo }</button>
        </div>
    }
}
