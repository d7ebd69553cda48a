//! The clipboard.

use wasm_bindgen_futures::{JsFuture, spawn_local};

/// Puts `text` on the clipboard and tells whether it is there: a page without https has none, and the visitor or a policy
/// may refuse it.
pub(crate) fn write(text: &str, done: impl FnOnce(bool) + 'static) {
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    // Typed as always there, though plain http has none.
    let written = clipboard.filter(|clipboard| !clipboard.is_undefined()).map(|clipboard| clipboard.write_text(text));
    spawn_local(async move {
        done(match written {
            Some(written) => JsFuture::from(written).await.is_ok(),
            None => false,
        });
    });
}
