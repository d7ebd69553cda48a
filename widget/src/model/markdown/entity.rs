//! Character references and backslash escapes.

use super::scan::{after, byte, cut};

/// Names, each followed by its character.
const NAMED: &str = "amp&lt<gt>quot\"apos'nbsp\u{a0}copy©reg®trade™hellip…mdash—ndash–lsquo‘rsquo’ldquo“rdquo”laquo«raquo»\
    bull•middot·deg°plusmn±times×divide÷rarr→larr←euro€pound£sect§para¶iexcl¡iquest¿";

/// The character that `text` begins with a reference to, and the reference's length.
pub(super) fn reference(text: &str) -> Option<(char, usize)> {
    let number = byte(text, 1) == b'#';
    let hex = number && byte(text, 2) | 32 == b'x';
    let from = 1 + usize::from(number) + usize::from(hex);
    let radix = if hex { 16 } else { 10 };
    let (mut at, mut code) = (from, 0_u32);
    // Longer ones are none, and so cannot overflow.
    let most = if number { from + 7 - usize::from(hex) } else { text.len() };
    while at < most && byte(text, at).is_ascii_alphanumeric() {
        if number {
            code = code * radix + char::from(byte(text, at)).to_digit(radix)?;
        }
        at += 1;
    }
    if at == from || byte(text, at) != b';' {
        return None;
    }
    let char = if number {
        char::from_u32(code).filter(|char| *char != '\0').unwrap_or(char::REPLACEMENT_CHARACTER)
    } else {
        named(cut(text, from, at))?
    };
    Some((char, at + 1))
}

fn named(name: &str) -> Option<char> {
    let mut rest = NAMED;
    loop {
        let end = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let char = after(rest, end).chars().next()?;
        if cut(rest, 0, end) == name {
            return Some(char);
        }
        rest = after(rest, end + char.len_utf8());
    }
}

/// `text` with its references and escapes resolved.
pub(super) fn resolved(text: &str) -> String {
    let mut resolved = String::new();
    let mut at = 0;
    while let Some(char) = after(text, at).chars().next() {
        if let Some((char, length)) = (char == '&').then(|| reference(after(text, at))).flatten() {
            resolved.push(char);
            at += length;
            continue;
        }
        at += char.len_utf8();
        if char == '\\' && byte(text, at).is_ascii_punctuation() {
            resolved.push(char::from(byte(text, at)));
            at += 1;
        } else {
            resolved.push(char);
        }
    }
    resolved
}
