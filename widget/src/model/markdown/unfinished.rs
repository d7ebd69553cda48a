//! What of an unfinished text can be shown.

/// The end of what is decided in `text`: markers at the end, and a reference that has begun, may mean anything yet.
pub(super) fn decided(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = bytes.len();
    while end > 0 {
        match bytes[end - 1] {
            b'*' | b'_' | b'~' | b'`' | b'\\' | b'[' | b'<' => {}
            // An exclamation is more frequent than an image.
            b'!' if end == 1 || matches!(bytes[end - 2], b' ' | b'\n' | b'[' | b'(') => {}
            _ => break,
        }
        end -= 1;
    }
    let name =
        bytes[..end].iter().rev().take(9).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    if end > name && bytes[end - name - 1] == b'&' {
        end -= name + 1;
    }
    end
}
