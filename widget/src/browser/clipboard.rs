//! The clipboard.

/// Puts `text` on the clipboard. Only pages on https have one; elsewhere this is false.
pub(crate) fn write(text: &str) -> bool {
    let clipboard = web_sys::window().map(|window| window.navigator().clipboard());
    match clipboard {
        // Typed as always there, though plain http has none.
        Some(clipboard) if !clipboard.is_undefined() => {
            // A refusal, by the visitor or a policy, is theirs to know.
            let _ = clipboard.write_text(text);
            true
        }
        _ => false,
    }
}
