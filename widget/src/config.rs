//! The settings of a widget: one table for attributes, the JavaScript API, the Rust builder and the documentation.

use std::fmt;

use natter_protocol::json::Value;

use crate::model::link::{Link, scheme};
pub use crate::model::request::RequestFormat;
use crate::model::strings::{ENGLISH, Strings};

/// The corner the launcher and the window keep to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Position {
    /// Bottom right (bottom left in a right-to-left page).
    #[default]
    BottomRight,
    /// Bottom left (bottom right in a right-to-left page).
    BottomLeft,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// What the visitor's system prefers.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

/// Where the window is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// In front of the page, behind a launcher in a corner.
    #[default]
    Bubble,
    /// A part of the page, always open: it fills the element that the widget stands in, which should have a height.
    Inline,
}

/// Where the conversation is remembered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Storage {
    /// `localStorage`: until it is too old.
    #[default]
    Local,
    /// `sessionStorage`: until the tab closes.
    Session,
    /// Nowhere.
    None,
}

/// Who is told of what happens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Analytics {
    /// `window.gtag`, when the page has one.
    #[default]
    Auto,
    /// Nobody.
    None,
}

/// What `fetch` does about cookies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Sends them to the page's own origin only.
    #[default]
    SameOrigin,
    /// Always sends them.
    Include,
    /// Never sends them.
    Omit,
}

/// How a widget looks and behaves. [`Config::default`] is a working one; the methods named after the attributes
/// change one setting each.
///
/// ```
/// use natter_widget::{Config, Position};
///
/// let config = Config::default().endpoint("/api/chat").title("Ask Ada").position(Position::BottomLeft);
/// # let _ = config;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub(crate) endpoint: String,
    pub(crate) request_format: RequestFormat,
    pub(crate) context: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) credentials: Credentials,
    pub(crate) title: String,
    pub(crate) greeting: String,
    pub(crate) placeholder: String,
    pub(crate) mode: Mode,
    pub(crate) position: Position,
    pub(crate) accent: Option<String>,
    pub(crate) theme: Theme,
    pub(crate) suggestions: Vec<String>,
    pub(crate) open: bool,
    pub(crate) launcher: bool,
    pub(crate) storage: Storage,
    pub(crate) storage_key: String,
    pub(crate) user: Option<String>,
    pub(crate) max_messages: usize,
    pub(crate) max_age: u64,
    pub(crate) context_messages: usize,
    pub(crate) max_length: usize,
    pub(crate) contact_url: Option<String>,
    pub(crate) contact_endpoint: Option<String>,
    pub(crate) error_endpoint: Option<String>,
    pub(crate) analytics: Analytics,
    pub(crate) sound: bool,
    pub(crate) strings: &'static Strings,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            endpoint: "/api/chat".into(),
            request_format: RequestFormat::OpenAi,
            context: None,
            headers: Vec::new(),
            credentials: Credentials::SameOrigin,
            title: "AI Assistant".into(),
            greeting: "Hi! How can I help you today?".into(),
            placeholder: "Ask me anything...".into(),
            mode: Mode::Bubble,
            position: Position::BottomRight,
            accent: None,
            theme: Theme::Auto,
            suggestions: Vec::new(),
            open: false,
            launcher: true,
            storage: Storage::Local,
            storage_key: "chat-history".into(),
            user: None,
            max_messages: 50,
            max_age: 7 * MILLIS_PER_DAY,
            context_messages: 10,
            max_length: 1000,
            contact_url: None,
            contact_endpoint: None,
            error_endpoint: None,
            analytics: Analytics::Auto,
            sound: false,
            strings: &ENGLISH,
        }
    }
}

/// One setting as owners write it.
#[derive(Clone, Copy)]
struct Setting {
    /// Its name, in kebab case: `data-NAME` on the script tag, `NAME` on the element.
    name: &'static str,
    /// The values it takes, in words.
    accepts: &'static str,
    /// Puts a value in; false when it is not one of those.
    set: fn(&mut Config, &str) -> bool,
}

impl fmt::Debug for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

const MILLIS_PER_DAY: u64 = 86_400_000;

const TEXT: &str = "a text that is not empty";
const URL: &str = "an http(s) URL or a path";
const SELECTOR: &str = "a CSS selector";
const COUNT: &str = "a whole number from 1";

/// Every setting the widget knows. `container`, `trigger`, `locale`, `preload`, `mount` and `debug` are the bundle's own.
const SETTINGS: &[Setting] = &[
    Setting { name: "endpoint", accepts: URL, set: |c, v| put(&mut c.endpoint, url(v)) },
    Setting {
        name: "request-format",
        accepts: "openai, ai-sdk, n8n",
        set: |c, v| {
            put(
                &mut c.request_format,
                one_of(
                    v,
                    &[("openai", RequestFormat::OpenAi), ("ai-sdk", RequestFormat::AiSdk), ("n8n", RequestFormat::N8n)],
                ),
            )
        },
    },
    Setting { name: "context", accepts: "a JSON object", set: |c, v| put(&mut c.context, object(v).map(Some)) },
    Setting { name: "headers", accepts: "a JSON object of texts", set: |c, v| put(&mut c.headers, headers(v)) },
    Setting {
        name: "credentials",
        accepts: "same-origin, include, omit",
        set: |c, v| {
            put(
                &mut c.credentials,
                one_of(
                    v,
                    &[
                        ("same-origin", Credentials::SameOrigin),
                        ("include", Credentials::Include),
                        ("omit", Credentials::Omit),
                    ],
                ),
            )
        },
    },
    Setting { name: "title", accepts: TEXT, set: |c, v| put(&mut c.title, text(v)) },
    Setting { name: "greeting", accepts: TEXT, set: |c, v| put(&mut c.greeting, text(v)) },
    Setting { name: "placeholder", accepts: TEXT, set: |c, v| put(&mut c.placeholder, text(v)) },
    Setting {
        name: "mode",
        accepts: "bubble, inline",
        set: |c, v| put(&mut c.mode, one_of(v, &[("bubble", Mode::Bubble), ("inline", Mode::Inline)])),
    },
    // Both are for the loader, which has seen to them.
    Setting { name: "container", accepts: SELECTOR, set: |_, _| true },
    Setting { name: "trigger", accepts: SELECTOR, set: |_, _| true },
    Setting {
        name: "position",
        accepts: "bottom-right, bottom-left",
        set: |c, v| {
            put(
                &mut c.position,
                one_of(v, &[("bottom-right", Position::BottomRight), ("bottom-left", Position::BottomLeft)]),
            )
        },
    },
    // Whether it is a colour only the browser knows; see `browser::dom::is_color`.
    Setting { name: "accent", accepts: "a CSS colour", set: |c, v| put(&mut c.accent, text(v).map(Some)) },
    Setting {
        name: "theme",
        accepts: "auto, light, dark",
        set: |c, v| {
            put(&mut c.theme, one_of(v, &[("auto", Theme::Auto), ("light", Theme::Light), ("dark", Theme::Dark)]))
        },
    },
    Setting { name: "suggestions", accepts: "a JSON array of texts", set: |c, v| put(&mut c.suggestions, texts(v)) },
    Setting { name: "open", accepts: "true, false", set: |c, v| put(&mut c.open, boolean(v)) },
    Setting { name: "launcher", accepts: "true, false", set: |c, v| put(&mut c.launcher, boolean(v)) },
    Setting {
        name: "storage",
        accepts: "local, session, none",
        set: |c, v| {
            put(
                &mut c.storage,
                one_of(v, &[("local", Storage::Local), ("session", Storage::Session), ("none", Storage::None)]),
            )
        },
    },
    Setting { name: "storage-key", accepts: TEXT, set: |c, v| put(&mut c.storage_key, text(v)) },
    Setting { name: "user", accepts: "any text", set: |c, v| put(&mut c.user, Some(text(v))) },
    Setting { name: "max-messages", accepts: COUNT, set: |c, v| put(&mut c.max_messages, count(v)) },
    Setting { name: "max-age-days", accepts: "a number above 0", set: |c, v| put(&mut c.max_age, days(v)) },
    Setting { name: "context-messages", accepts: COUNT, set: |c, v| put(&mut c.context_messages, count(v)) },
    Setting { name: "max-length", accepts: COUNT, set: |c, v| put(&mut c.max_length, count(v)) },
    Setting {
        name: "contact-url",
        accepts: CONTACT_URL,
        set: |c, v| put(&mut c.contact_url, contact_url(v).map(Some)),
    },
    Setting { name: "contact-endpoint", accepts: URL, set: |c, v| put(&mut c.contact_endpoint, url(v).map(Some)) },
    Setting { name: "error-endpoint", accepts: URL, set: |c, v| put(&mut c.error_endpoint, url(v).map(Some)) },
    Setting {
        name: "analytics",
        accepts: "auto, none",
        set: |c, v| put(&mut c.analytics, one_of(v, &[("auto", Analytics::Auto), ("none", Analytics::None)])),
    },
    Setting { name: "sound", accepts: "true, false", set: |c, v| put(&mut c.sound, boolean(v)) },
    Setting { name: "locale", accepts: "auto, or a language tag such as pt-BR", set: |_, v| !v.is_empty() },
    Setting { name: "strings", accepts: STRINGS, set: |c, v| put(&mut c.strings, Strings::listed(v)) },
    Setting { name: "preload", accepts: "idle, intent, eager", set: |_, v| matches!(v, "idle" | "intent" | "eager") },
    Setting { name: "mount", accepts: "auto, none", set: |_, v| matches!(v, "auto" | "none") },
    Setting { name: "debug", accepts: "true, false", set: |_, v| boolean(v).is_some() },
];

/// So it is for the owner. What comes here is what `loader/words.ts` makes of that: a list.
const STRINGS: &str = "a JSON object of texts by their names, which are those in locales/en.json";

const CONTACT_URL: &str = "an http(s), mailto or tel URL, or a path";

impl Config {
    /// Changes the settings that `pairs` of name and value name, as attributes and JavaScript keys do.
    ///
    /// What it cannot take stays as it was, and a sentence for the console says so: which name, and what it accepts.
    pub fn apply<'a>(&mut self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<String> {
        let mut complaints = Vec::new();
        for (name, value) in pairs {
            match SETTINGS.iter().find(|setting| setting.name == name) {
                Some(setting) if (setting.set)(self, value.trim()) => {}
                Some(setting) => complaints
                    .push(["Natter: ", name, "=\"", value, "\" was ignored. It takes ", setting.accepts, "."].concat()),
                None => {
                    let known: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
                    complaints.push(
                        ["Natter: there is no setting named \"", name, "\". There are ", &known.join(", "), "."]
                            .concat(),
                    );
                }
            }
        }
        complaints
    }
}

macro_rules! builder {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty => $value:ident $convert:expr;)*) => {
        impl Config {
            $($(#[doc = $doc])*
            #[must_use]
            pub fn $name(mut self, $value: $type) -> Self {
                self.$name = $convert;
                self
            })*
        }
    };
}

builder! {
    /// The chat endpoint: a path or an http(s) URL. Default `/api/chat`.
    endpoint: impl Into<String> => value value.into();
    /// The form of the request's body. Default [`RequestFormat::OpenAi`].
    request_format: RequestFormat => value value;
    /// Headers sent with each request, as name and value.
    headers: Vec<(String, String)> => value value;
    /// What is done about cookies. Default [`Credentials::SameOrigin`].
    credentials: Credentials => value value;
    /// The window's title, which also names it for screen readers. Default `AI Assistant`.
    title: impl Into<String> => value value.into();
    /// The first message; never sent to the endpoint. Default `Hi! How can I help you today?`.
    greeting: impl Into<String> => value value.into();
    /// What the empty composer says, and its accessible name. Default `Ask me anything...`.
    placeholder: impl Into<String> => value value.into();
    /// Where the window is. Default [`Mode::Bubble`].
    mode: Mode => value value;
    /// The corner. Default [`Position::BottomRight`].
    position: Position => value value;
    /// Any CSS colour; everything coloured derives from it.
    accent: impl Into<String> => value Some(value.into());
    /// Light or dark. Default [`Theme::Auto`].
    theme: Theme => value value;
    /// Questions offered while there are no messages.
    suggestions: Vec<String> => value value;
    /// Whether the window is open from the start. Default false.
    open: bool => value value;
    /// Whether the launcher shows. Default true.
    launcher: bool => value value;
    /// Where the conversation is remembered. Default [`Storage::Local`].
    storage: Storage => value value;
    /// The key of the history in the storage. Default `chat-history`.
    storage_key: impl Into<String> => value value.into();
    /// Whose history it is; appended to the key.
    user: impl Into<String> => value Some(value.into());
    /// How many messages are kept. Default 50.
    max_messages: usize => value value.max(1);
    /// How many of the latest messages are sent. Default 10.
    context_messages: usize => value value.max(1);
    /// Characters of one message. Default 1000.
    max_length: usize => value value.max(1);
    /// Where the visitor is sent when the assistant is unavailable: an http(s), mailto or tel URL, or a path. Anything else,
    /// such as `javascript:`, is no link and offered to nobody.
    contact_url: impl Into<String> => value self::contact_url(&value.into());
    /// Where the contact form is posted when the assistant is unavailable.
    contact_endpoint: impl Into<String> => value Some(value.into());
    /// Where error reports are posted.
    error_endpoint: impl Into<String> => value Some(value.into());
    /// Who is told of what happens. Default [`Analytics::Auto`].
    analytics: Analytics => value value;
    /// Whether a soft sound tells of an answer that the window does not show. Default false.
    sound: bool => value value;
}

impl Config {
    /// Texts of the interface in other words or another language: a JSON object with any of the names in the crate's
    /// `locales/en.json`. The files beside that one can be taken as they are; they have a title, a greeting and a
    /// placeholder, too, so set your own after this.
    ///
    /// The script bundle finds the visitor's language and its plural forms by itself. Here the language is for your
    /// application to choose, as are `lang` and `dir` around the widget, and of the forms `one` and `other` count.
    ///
    /// What is no such object changes nothing, and makes a debug build panic.
    #[must_use]
    pub fn strings(mut self, json: &str) -> Self {
        const OWN: [&str; 3] = ["title", "greeting", "placeholder"];
        let strings = Strings::named(json, &OWN);
        debug_assert!(strings.is_some(), "the strings are no JSON object of texts by their names: {json}");
        if put(&mut self.strings, strings)
            && let Ok(value) = Value::parse(json)
        {
            for (name, slot) in OWN.iter().zip([&mut self.title, &mut self.greeting, &mut self.placeholder]) {
                put(slot, value[*name].as_str().and_then(text));
            }
        }
        self
    }

    /// What goes out with each question as `metadata`, such as the page the visitor is on: a JSON object.
    ///
    /// What is no such object changes nothing, and makes a debug build panic.
    #[must_use]
    pub fn context(mut self, json: &str) -> Self {
        let set = put(&mut self.context, object(json).map(Some));
        debug_assert!(set, "the context is no JSON object: {json}");
        self
    }

    /// After how many days without a message the history is forgotten. Default 7.
    #[must_use]
    pub fn max_age_days(mut self, days: u32) -> Self {
        self.max_age = u64::from(days) * MILLIS_PER_DAY;
        self
    }
}

/// Puts `value` into `slot` when there is one, and says whether there was.
fn put<T>(slot: &mut T, value: Option<T>) -> bool {
    match value {
        Some(value) => {
            *slot = value;
            true
        }
        None => false,
    }
}

fn text(value: &str) -> Option<String> {
    (!value.is_empty()).then(|| value.to_owned())
}

fn boolean(value: &str) -> Option<bool> {
    // An attribute without a value is written `data-open` and read as "".
    one_of(value, &[("true", true), ("", true), ("false", false)])
}

fn count(value: &str) -> Option<usize> {
    value.parse().ok().filter(|n| *n > 0)
}

/// Milliseconds in a decimal number of days. By hand: the library's way through `f64` costs 12 KB of tables.
fn days(value: &str) -> Option<u64> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let fraction = fraction.get(..fraction.len().min(9))?;
    let scale = 10u64.pow(fraction.len() as u32);
    let part = u64::from(fraction.parse::<u32>().ok()?) * MILLIS_PER_DAY / scale;
    let millis = u64::from(whole.parse::<u32>().ok()?) * MILLIS_PER_DAY + part;
    (millis > 0 && !value.contains('+')).then_some(millis)
}

fn one_of<T: Copy>(value: &str, choices: &[(&str, T)]) -> Option<T> {
    choices.iter().find(|(name, _)| *name == value).map(|(_, choice)| *choice)
}

fn url(value: &str) -> Option<String> {
    let ok = match scheme(value) {
        Some(scheme) => scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"),
        None => !value.is_empty(),
    };
    ok.then(|| value.to_owned())
}

fn contact_url(value: &str) -> Option<String> {
    Link::to(value).map(|_| value.to_owned())
}

fn headers(value: &str) -> Option<Vec<(String, String)>> {
    let Ok(Value::Object(members)) = Value::parse(value) else { return None };
    members.into_iter().map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

fn object(value: &str) -> Option<String> {
    matches!(Value::parse(value), Ok(Value::Object(_))).then(|| value.to_owned())
}

fn texts(value: &str) -> Option<Vec<String>> {
    let Ok(Value::Array(items)) = Value::parse(value) else { return None };
    items.into_iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod drift;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::model::strings::NAMES;

    fn apply(name: &str, value: &str) -> (Config, Vec<String>) {
        let mut config = Config::default();
        let complaints = config.apply([(name, value)]);
        (config, complaints)
    }

    #[test]
    fn every_setting_takes_a_good_value() {
        let list = format!("[{}\"\"]", "\"text\",".repeat(NAMES.len()));
        let good = [
            ("endpoint", "https://example.com/chat"),
            ("request-format", "n8n"),
            ("context", r#"{"page":"Prices"}"#),
            ("headers", r#"{"x-key":"1"}"#),
            ("credentials", "include"),
            ("title", "T"),
            ("greeting", "G"),
            ("placeholder", "P"),
            ("mode", "inline"),
            ("container", "#chat"),
            ("trigger", ".ask"),
            ("position", "bottom-left"),
            ("accent", "red"),
            ("theme", "dark"),
            ("suggestions", r#"["What is it?"]"#),
            ("open", ""),
            ("launcher", "false"),
            ("storage", "session"),
            ("storage-key", "k"),
            ("user", "u"),
            ("max-messages", "5"),
            ("max-age-days", "0.5"),
            ("context-messages", "3"),
            ("max-length", "9"),
            ("contact-url", "mailto:a@b.c"),
            ("contact-endpoint", "/c"),
            ("error-endpoint", "/e"),
            ("analytics", "none"),
            ("sound", "true"),
            ("locale", "de"),
            ("strings", &list),
            ("preload", "intent"),
            ("mount", "none"),
            ("debug", "true"),
        ];
        let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
        assert_eq!(good.map(|(name, _)| name).to_vec(), names, "the test covers the table");
        for (name, value) in good {
            let (config, complaints) = apply(name, value);
            assert_eq!(complaints, Vec::<String>::new());
            assert!(
                config != Config::default()
                    || matches!(name, "container" | "trigger" | "locale" | "preload" | "mount" | "debug"),
                "{name} changed nothing"
            );
        }
    }

    #[test]
    fn a_bad_value_is_named_with_what_is_accepted_and_changes_nothing() {
        for (name, value) in [
            ("position", "top"),
            ("request-format", "soap"),
            ("context", "[]"),
            ("context", "Prices"),
            ("max-messages", "0"),
            ("max-messages", "many"),
            ("open", "yes"),
            ("debug", "yes"),
            ("endpoint", "javascript:alert(1)"),
            ("contact-url", "data:text/html,x"),
            ("endpoint", "java\tscript:x"),
            ("max-age-days", "-1"),
            ("max-age-days", "NaN"),
            ("headers", "[]"),
            ("headers", "{\"a\":1}"),
            ("suggestions", "What is it?"),
            ("suggestions", "[1]"),
            ("title", " "),
            ("locale", ""),
            ("strings", "Halt"),
            ("strings", r#"{"stopp":"Halt"}"#),
        ] {
            let (config, complaints) = apply(name, value);
            assert_eq!(config, Config::default());
            let accepts = SETTINGS.iter().find(|setting| setting.name == name).unwrap().accepts;
            assert!(complaints.len() == 1 && complaints[0].contains(name) && complaints[0].contains(accepts));
        }
    }

    #[test]
    fn no_way_to_a_contact_runs_a_script() {
        for bad in ["javascript:alert(1)", "JAVASCRIPT:x", "data:text/html,x", "java\nscript:x", "vbscript:x", ""] {
            assert_eq!(Config::default().contact_url(bad).contact_url, None, "{bad:?}");
            assert_eq!(apply("contact-url", bad).0.contact_url, None, "{bad:?}");
        }
        assert_eq!(Config::default().contact_url("/contact").contact_url.as_deref(), Some("/contact"));
    }

    #[test]
    fn days_are_decimal_numbers() {
        assert_eq!(days("7"), Some(604_800_000));
        assert_eq!(days("0.5"), Some(43_200_000));
        assert_eq!(days("1.0000000001"), Some(86_400_000));
        for bad in ["", ".", "0", "0.0", "1.", "+1", "1.+5", "1e3", "7 days", "99999999999", "1.é"] {
            assert_eq!(days(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let (_, complaints) = apply("colour", "red");
        assert!(complaints[0].contains("\"colour\"") && complaints[0].contains("accent"), "{complaints:?}");
    }
}
