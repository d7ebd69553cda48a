//! Words for the owner, in the console.

/// Warns.
pub(crate) fn warn(sentence: &str) {
    web_sys::console::warn_1(&sentence.into());
}
