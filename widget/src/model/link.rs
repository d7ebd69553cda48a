//! Which links an answer may hold.

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// To the site the widget is on, or to a program that writes or calls.
    Inside,
    /// To any other site.
    Outside,
}

/// The schemes a link may have; one without a scheme is relative.
const SCHEMES: [(&str, Link); 4] =
    [("http", Link::Outside), ("https", Link::Outside), ("mailto", Link::Inside), ("tel", Link::Inside)];

impl Link {
    /// Where `destination` leads; `None` when a visitor must not be sent there.
    ///
    /// Browsers drop control characters from an address before they read its scheme, so an address with any is refused.
    #[must_use]
    pub fn to(destination: &str) -> Option<Self> {
        let destination = destination.trim_matches(' ');
        if destination.is_empty() || destination.chars().any(char::is_control) {
            return None;
        }
        let Some(scheme) = scheme(destination) else {
            // Two slashes of either kind begin the address of another host.
            let host = destination.bytes().take(2).filter(|byte| matches!(byte, b'/' | b'\\')).count() == 2;
            return Some(if host { Self::Outside } else { Self::Inside });
        };
        SCHEMES.iter().find(|(name, _)| scheme.eq_ignore_ascii_case(name)).map(|&(_, link)| link)
    }
}

/// The scheme of a URL as browsers find it: what stands before the first colon, unless a slash, `?` or `#` comes first.
/// Control characters, which browsers drop from URLs, count as part of a scheme that nobody accepts.
#[must_use]
pub fn scheme(url: &str) -> Option<&str> {
    let end = url.find([':', '/', '?', '#'])?;
    url[end..].starts_with(':').then(|| &url[..end])
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::Link::{self, Inside, Outside};

    #[test]
    fn only_harmless_schemes_pass() {
        for (destination, link) in [
            ("https://example.com/a?b#c", Some(Outside)),
            ("HTTP://example.com", Some(Outside)),
            (" https://example.com ", Some(Outside)),
            ("//example.com", Some(Outside)),
            ("/\\example.com", Some(Outside)),
            ("mailto:a@example.com", Some(Inside)),
            ("tel:+1", Some(Inside)),
            ("/pricing", Some(Inside)),
            ("pricing?at=12:30", Some(Inside)),
            ("#a:b", Some(Inside)),
            ("javascript:alert(1)", None),
            ("JaVaScRiPt:alert(1)", None),
            ("java\tscript:alert(1)", None),
            ("\u{1}javascript:alert(1)", None),
            (" javascript:alert(1)", None),
            ("javascript :alert(1)", None),
            ("data:text/html,x", None),
            ("vbscript:x", None),
            ("blob:https://example.com/x", None),
            ("file:///etc/passwd", None),
            (":", None),
            ("", None),
        ] {
            assert_eq!(Link::to(destination), link, "{destination:?}");
        }
    }
}
