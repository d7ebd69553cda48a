//! Addresses that are links by themselves: in angle brackets (CommonMark 6.5) and bare (GFM 6.9).

/// The end of the scheme (2 to 32 characters, before its colon) that `text` begins with.
fn scheme(text: &[u8]) -> Option<usize> {
    let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'.' | b'-'))?;
    (text[0].is_ascii_alphabetic() && (2..33).contains(&end) && text[end] == b':').then_some(end)
}

/// Bytes of a domain of at least `labels` labels at the start of `text`; each label begins and ends with a letter or
/// a digit.
fn domain(text: &[u8], labels: usize) -> Option<usize> {
    let (mut at, mut count) = (0, 0);
    loop {
        let from = at;
        while text.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte >= 128) {
            at += 1;
        }
        if at == from || text[from] == b'-' || text[at - 1] == b'-' {
            // A dot that no label follows is not part of it.
            return (count >= labels).then(|| from.saturating_sub(1));
        }
        count += 1;
        if text.get(at) != Some(&b'.') {
            return (count >= labels).then_some(at);
        }
        at += 1;
    }
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_')
}

/// Where the address in angle brackets at the start of `text` ends, and whether it is of mail.
pub(super) fn pointed(text: &str) -> Option<(usize, bool)> {
    let inner = &text.as_bytes()[1..];
    let end = inner.iter().position(|byte| matches!(byte, 0..=b' ' | b'<' | b'>' | 127))?;
    let (inner, ends) = (&inner[..end], inner[end] == b'>');
    if !ends {
        return None;
    }
    if scheme(inner).is_some() {
        return Some((end + 2, false));
    }
    let at = inner.iter().position(|byte| !is_local(*byte) && !b"!#$%&'*/=?^`{|}~".contains(byte))?;
    let mail = at > 0 && inner[at] == b'@' && domain(&inner[at + 1..], 1) == Some(end - at - 1);
    mail.then_some((end + 2, true))
}

/// The length of the bare web address at the start of `text`. In a label (`label`) it ends before a `]`.
pub(super) fn web(text: &str, label: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let (from, labels) = match bytes {
        [b'w', b'w', b'w', b'.', ..] => (0, 2),
        [b'h', b't', b't', b'p', b':', b'/', b'/', ..] => (7, 1),
        [b'h', b't', b't', b'p', b's', b':', b'/', b'/', ..] => (8, 1),
        _ => return None,
    };
    domain(&bytes[from..], labels)?;
    let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'<' || label && *byte == b']';
    let mut end = bytes.iter().position(ends).unwrap_or(bytes.len());
    let count = |wanted: u8| bytes[..end].iter().filter(|byte| **byte == wanted).count();
    let mut surplus = count(b')').saturating_sub(count(b'('));
    loop {
        match bytes[end - 1] {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b')' if surplus > 0 => {
                surplus -= 1;
                end -= 1;
            }
            // A reference at the end is none of it.
            b';' => {
                let name = bytes[..end - 1].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
                let ampersand = end.wrapping_sub(name + 2);
                if name == 0 || bytes.get(ampersand) != Some(&b'&') {
                    return Some(end);
                }
                end = ampersand;
            }
            _ => return Some(end),
        }
    }
}

/// The bare mail address around the `@` that `after` follows: how much of `before` and of `after` belongs to it.
pub(super) fn mail(before: &str, after: &str) -> Option<(usize, usize)> {
    let local = before.bytes().rev().take_while(|byte| is_local(*byte)).count();
    let domain = domain(after.as_bytes(), 2)?;
    (local > 0).then_some((local, domain))
}
