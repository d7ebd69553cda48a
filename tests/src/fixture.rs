//! Pages that a test writes.

/// The policy a careful site sends: nothing but its own files, no inline code, no HTML from strings.
pub const STRICT_CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; base-uri 'none'; require-trusted-types-for 'script'";

/// Files that every site has.
pub(crate) const FILES: [(&str, &str); 4] = [
    ("/files/probe.js", include_str!("../assets/probe.js")),
    ("/files/gtag.js", include_str!("../assets/gtag.js")),
    ("/files/page.css", include_str!("../assets/page.css")),
    ("/files/icon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>"),
];

/// Where the script tag stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// At the end of the body, with `defer`.
    #[default]
    Body,
    /// In the head, without `defer`: it runs before there is a body.
    HeadAtOnce,
}

/// A page with the widget's script tag.
#[derive(Debug, Clone, Default)]
pub struct Fixture {
    attributes: Vec<(String, String)>,
    before: Vec<(String, String)>,
    after: Vec<(String, String)>,
    place: Place,
    html: Option<String>,
    body: Option<String>,
    connect: Vec<String>,
    policy: Option<String>,
    kept: bool,
    language: Option<String>,
}

/// A response as it is kept until somebody asks for it.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) content_type: &'static str,
    pub(crate) csp: Option<String>,
    /// Its `Cache-Control`.
    pub(crate) cache: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Fixture {
    /// A page with `<script src="/natter.js" defer></script>` at its end.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page that is exactly this, without the probe.
    #[must_use]
    pub fn html(html: &str) -> Self {
        Self { html: Some(html.into()), ..Self::default() }
    }

    /// An attribute of the script tag, without its `data-`.
    #[must_use]
    pub fn attr(mut self, name: &str, value: &str) -> Self {
        self.attributes.push((name.into(), value.into()));
        self
    }

    /// A script file that runs before the widget's.
    #[must_use]
    pub fn before(mut self, name: &str, code: &str) -> Self {
        self.before.push((format!("/files/{name}"), code.into()));
        self
    }

    /// Google's `gtag` as a site has it, keeping what it is told.
    #[must_use]
    pub fn gtag(mut self) -> Self {
        self.before.push(("/files/gtag.js".into(), FILES[1].1.into()));
        self
    }

    /// A script file that runs right after the widget's script tag.
    #[must_use]
    pub fn after(mut self, name: &str, code: &str) -> Self {
        self.after.push((format!("/files/{name}"), code.into()));
        self
    }

    /// The script tag stands in the head and runs at once.
    #[must_use]
    pub fn in_head(mut self) -> Self {
        self.place = Place::HeadAtOnce;
        self
    }

    /// Markup in place of the page's usual text.
    #[must_use]
    pub fn body(mut self, html: &str) -> Self {
        self.body = Some(html.into());
        self
    }

    /// Another origin that the page's policy lets scripts talk to.
    #[must_use]
    pub fn connects_to(mut self, origin: &str) -> Self {
        self.connect.push(origin.into());
        self
    }

    /// The page is in that language, and runs that way: `ltr` or `rtl`.
    #[must_use]
    pub fn in_language(mut self, lang: &str, dir: &str) -> Self {
        self.language = Some(format!("lang=\"{lang}\" dir=\"{dir}\""));
        self
    }

    /// The page has no policy at all, as most sites have none: what gets in, runs.
    #[must_use]
    pub fn without_policy(self) -> Self {
        self.policy("")
    }

    /// The page has this policy and no other.
    #[must_use]
    pub fn policy(mut self, policy: &str) -> Self {
        self.policy = Some(policy.into());
        self
    }

    /// The page may be kept as it is when the visitor leaves it, for when they come back.
    #[must_use]
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &(String, String)> {
        self.before.iter().chain(&self.after)
    }

    pub(crate) fn served(&self) -> Served {
        let connect =
            self.connect.iter().fold("connect-src 'self'".to_owned(), |list, origin| format!("{list} {origin}"));
        let strict = || STRICT_CSP.replace("connect-src 'self'", &connect);
        let csp = Some(self.policy.clone().unwrap_or_else(strict)).filter(|policy| !policy.is_empty());
        let body = self.html.clone().unwrap_or_else(|| self.written());
        // No browser keeps a page that says no-store.
        let cache = if self.kept { "no-cache" } else { "no-store" };
        Served { content_type: "text/html; charset=utf-8", csp, cache, body: body.into() }
    }

    fn written(&self) -> String {
        let script = |(path, _): &(String, String)| format!("<script src=\"{path}\"></script>\n");
        let deferred = |(path, _): &(String, String)| format!("<script src=\"{path}\" defer></script>\n");
        let (in_head, in_body) = match self.place {
            Place::HeadAtOnce => {
                (self.tag("") + self.after.iter().map(script).collect::<String>().as_str(), String::new())
            }
            Place::Body => {
                (String::new(), self.tag(" defer") + self.after.iter().map(deferred).collect::<String>().as_str())
            }
        };
        let before: String = self.before.iter().map(script).collect();
        let language = self.language.as_deref().unwrap_or("lang=\"en\"");
        let text = self.body.as_deref().unwrap_or(
            "<main><h1>A shop</h1><p>We sell lamps. <a href=\"#more\">Read more</a></p><p id=\"more\">Lamps of all kinds.</p></main>",
        );
        format!(
            "<!DOCTYPE html>\n<html {language}>\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>A shop</title>\n\
             <link rel=\"icon\" href=\"/files/icon.svg\">\n<link rel=\"stylesheet\" href=\"/files/page.css\">\n\
             <script src=\"/files/probe.js\"></script>\n{before}{in_head}</head>\n<body>\n{text}\n{in_body}</body>\n</html>\n"
        )
    }

    /// The script tag as a site owner writes it.
    fn tag(&self, loading: &str) -> String {
        let attributes: String =
            self.attributes.iter().map(|(name, value)| format!(" data-{name}=\"{}\"", escape(value))).collect();
        format!("<script src=\"/natter.js\"{attributes}{loading}></script>\n")
    }
}

fn escape(value: &str) -> String {
    value.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_tag_a_site_owner_would() {
        let fixture = Fixture::new().attr("endpoint", "/scripted/a").attr("title", "\"Q&A\"");
        let tag =
            r#"<script src="/natter.js" data-endpoint="/scripted/a" data-title="&quot;Q&amp;A&quot;" defer></script>"#;
        let page = String::from_utf8(fixture.served().body).unwrap();
        assert!(page.contains(tag), "{page}");
    }

    #[test]
    fn a_page_lets_scripts_talk_to_the_site_and_to_who_the_test_names() {
        let csp = Fixture::new().connects_to("http://127.0.0.1:9").served().csp.unwrap();
        assert!(csp.contains("connect-src 'self' http://127.0.0.1:9;"), "{csp}");
    }
}
