//! Texts that want to become scripts.
//!
//! The pages have no policy: what gets in, runs. `assets/xss.txt` is what somebody tries, `assets/xss.js` watches.

use natter_e2e::history::{KEY, encode, now_ms, put_raw};
use natter_e2e::{Chat, Dialect, Fixture, Site, Visit, Visitor};
use serde_json::{Value, json};

const PAYLOADS: &str = include_str!("../../assets/xss.txt");
const WATCH: &str = include_str!("../../assets/xss.js");

/// What is tried on a visitor, and the other origin that would hear of it.
struct Attack {
    evil: Site,
    texts: Vec<String>,
    addresses: Vec<String>,
}

impl Attack {
    async fn new() -> Self {
        let evil = Site::start().await;
        let host = evil.origin().replace("http://", "");
        let (texts, addresses) = PAYLOADS.split_once("// ---- addresses\n").unwrap();
        let lines = |part: &str| {
            let lines = part.lines().filter(|line| !line.is_empty() && !line.starts_with("// "));
            lines.map(|line| unescape(line).replace("EVIL", &host)).collect::<Vec<_>>()
        };
        Self { texts: lines(texts), addresses: lines(addresses), evil }
    }

    /// Every payload as an answer's Markdown, one answer for each; an address comes in all kinds of links.
    fn answers(&self) -> Vec<String> {
        let linked = |address: &String| {
            const FORMS: &str = "[a](ADDRESS) [b](<ADDRESS>) ![c](ADDRESS) ![d](<ADDRESS> \"t\") <ADDRESS> ADDRESS\n\n\
                | [e](ADDRESS) | ![](ADDRESS) |\n|---|---|\n| <ADDRESS> | [![f](ADDRESS)](ADDRESS) |\n\n\
                - [g](ADDRESS 'ADDRESS')\n\n> # [h](<ADDRESS>)\n\n***[i*](ADDRESS)**";
            FORMS.replace("ADDRESS", address)
        };
        self.texts.iter().cloned().chain(self.addresses.iter().map(linked)).collect()
    }

    /// Every payload as it is.
    fn all(&self) -> impl Iterator<Item = &String> {
        self.texts.iter().chain(&self.addresses)
    }

    /// Checks that nothing of it worked.
    async fn has_failed(&self, visit: &Visit) {
        let touch = "for (const { shadowRoot } of elements()) if (shadowRoot) __xss.touch(shadowRoot); return null;";
        visit.page.script::<Value>(touch, vec![]).await;
        let strange: Vec<String> = visit.page.script("return __xss.verdict();", vec![]).await;
        assert_eq!(strange, Vec::<String>::new(), "what no renderer of ours makes");
        // Scripts run in turn: when this one has, every other has or never will.
        visit.page.script::<Value>("__xss.control(); return null;", vec![]).await;
        let controlled = async || {
            let ran: Vec<String> = visit.page.script("return __xss.ran;", vec![]).await;
            (ran.contains(&"xss(event)".into()) && ran.contains(&"xss(address)".into())).then_some(ran)
        };
        let ran = visit.page.waits("the script that does run", controlled).await;
        assert_eq!(ran.len(), 2, "scripts ran: {ran:?}");
        let asked = self.evil.asked();
        assert!(asked.is_empty(), "another origin was asked: {asked:?}");
        for asked in visit.site.asked() {
            let path = asked.path.split('?').next().unwrap();
            let known = path == "/page/shop"
                || ["/natter", "/files/", "/scripted/", "/page/outside", "/favicon"]
                    .iter()
                    .any(|start| path.starts_with(start));
            assert!(known, "the site was asked for {path}");
        }
    }
}

fn unescape(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        let unescaped = match (letter, letter == '\\') {
            (_, false) => letter,
            _ => match rest.next() {
                Some('n') => '\n',
                Some('t') => '\t',
                Some('r') => '\r',
                Some('0') => '\0',
                Some('\\') => '\\',
                Some('u') => {
                    let digits: String = rest.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap()
                }
                other => panic!("\\{other:?} in {line}"),
            },
        };
        text.push(unescaped);
    }
    text
}

/// A page that anything may run on, watched, and the endpoint its widget asks.
fn watched(visit: &Visit) -> (Fixture, Chat) {
    let chat = visit.site.chat("chat");
    let page = Fixture::new().without_policy().before("xss.js", WATCH).attr("endpoint", chat.path());
    // All of them stay on the page; the requests stay short.
    (page.attr("max-messages", "5000").attr("context-messages", "1").attr("max-length", "100000"), chat)
}

/// Opens a watched page and its window.
async fn opens(visit: &Visit) -> Chat {
    let (page, chat) = watched(visit);
    visit.opens(&page.attr("storage", "none")).await;
    visit.page.opens_chat().await;
    chat
}

/// Has the page ask so many questions, one after the other.
async fn begins_asking(visit: &Visit, count: usize) {
    visit.page.script::<Value>(&format!("__xss.ask({count}); return null;"), vec![]).await;
}

/// Waits until the page has seen so many answers.
async fn has_seen(visit: &Visit, count: usize) {
    let done = async || (visit.page.script::<usize>("return __xss.done;", vec![]).await == count).then_some(());
    visit.page.waits(&format!("{count} answers"), done).await;
}

/// How many of something the page has met in answers.
async fn met(visit: &Visit, what: &str) -> usize {
    visit.page.script(&format!("return __xss.met.{what};"), vec![]).await
}

#[test]
fn at_least_two_hundred_things_are_tried() {
    let (texts, addresses) = PAYLOADS.split_once("// ---- addresses\n").unwrap();
    let lines = |part: &str| part.lines().filter(|line| !line.is_empty() && !line.starts_with("// ")).count();
    assert!(lines(texts) + lines(addresses) >= 200);
    let different: std::collections::HashSet<_> = PAYLOADS.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(different.len(), PAYLOADS.lines().filter(|line| !line.is_empty()).count(), "one is there twice");
}

/// The other tests prove something only if this one passes.
#[test]
fn a_script_that_gets_in_would_be_noticed() {
    Visitor::new().visits(async |visit| {
        opens(visit).await;
        let smuggle = "const box = document.createElement('div'); root().firstChild.append(box); \
            box.innerHTML = arguments[0]; return null;";
        for (html, noticed) in [
            ("<img src=x onerror=xss(1)>", "element <img"),
            ("<a href=\"java\tscript:xss(2)\">x</a>", "a[href="),
            ("<p onclick=xss(3) tabindex=0>x</p>", "p[onclick="),
            ("<span style=\"color:red\">x</span>", "span[style="),
            ("<a href=\"/a\" target=_blank>x</a>", "a[target="),
            ("<svg><script>1</script></svg>", "element <script"),
            ("<p class=run><button data-do=clear>x</button></p>", "button[data-do="),
        ] {
            visit.page.script::<Value>(smuggle, vec![json!(html)]).await;
            let strange: Vec<String> = visit.page.script("return __xss.verdict();", vec![]).await;
            assert!(strange.iter().any(|found| found.starts_with(noticed)), "{html} was not noticed: {strange:?}");
        }
        let touch = "root().querySelectorAll('p[tabindex], a').forEach((e) => e.click()); return null;";
        visit.page.script::<Value>(touch, vec![]).await;
        for script in ["xss(1)", "xss(2)", "xss(3)"] {
            let ran = async || {
                let ran: Vec<String> = visit.page.script("return __xss.ran;", vec![]).await;
                ran.contains(&script.to_owned()).then_some(())
            };
            visit.page.waits(&format!("{script} having run"), ran).await;
        }
    });
}

#[test]
fn streamed_answers_run_nothing() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let chat = opens(visit).await;
        let answers = attack.answers();
        begins_asking(visit, answers.len()).await;
        for (n, answer) in answers.iter().enumerate() {
            let mut reply = chat.next().await;
            reply.begins(Dialect::ALL[n % 3]).await;
            // In pieces, so that half of a link is there for a while.
            let letters: Vec<char> = answer.chars().collect();
            for piece in letters.chunks(letters.len().div_ceil(6)) {
                reply.says(&piece.iter().collect::<String>()).await;
            }
            reply.finishes().await;
        }
        has_seen(visit, answers.len()).await;
        assert_eq!(met(visit, "answers").await, answers.len(), "answers are missing");
        assert!(met(visit, "links").await > 100, "there are no links to look at");
        attack.has_failed(visit).await;
    });
}

#[test]
fn a_stored_conversation_runs_nothing() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let (page, _chat) = watched(visit);
        let now = now_ms() - 1000;
        let mut messages = Vec::new();
        for (n, text) in attack.answers().iter().enumerate() {
            let raw = attack.all().nth(n).unwrap();
            messages.push(json!({"id": format!("{raw}{n}"), "role": "user", "content": text, "timestamp": now}));
            let id = format!("{raw}\u{7f}{n}");
            messages.push(json!({
                "id": id, "role": "assistant", "content": text, "timestamp": now, "reasoning": raw, "feedback": raw,
                "sources": [{"url": raw, "title": raw}, {"url": format!("https://example.test/{n}"), "title": raw}],
                "suggestions": [{"text": raw}], "shown": 1,
                "versions": [{"id": id, "role": "assistant", "content": raw, "timestamp": now}],
                raw.clone(): raw, "onclick": "xss(1)", "href": "javascript:xss(1)",
            }));
        }
        visit.waits_outside().await;
        let all = messages.len();
        put_raw(&visit.page, KEY, &encode(&json!({"v": 1, "messages": messages, "lastUpdated": now}))).await;
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        let shown = async || {
            (visit.page.script::<usize>("return root().querySelectorAll('article').length;", vec![]).await >= all)
                .then_some(())
        };
        visit.page.waits("the stored conversation", shown).await;
        attack.has_failed(visit).await;
    });
}

#[test]
fn error_texts_run_nothing() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let chat = opens(visit).await;
        let texts: Vec<&String> = attack.all().collect();
        begins_asking(visit, texts.len()).await;
        for (n, text) in texts.iter().enumerate() {
            let mut reply = chat.next().await;
            let json = "application/json";
            match n % 8 {
                0 => reply.fails(500, text, text),
                1 => reply.refuses(400, json, json!({"error": text}).to_string()),
                2 => reply.refuses(502, json, json!({"message": text, "code": text}).to_string()),
                3 => reply.refuses(500, "text/plain", text.as_str()),
                4 => reply.refuses(500, "text/html", format!("<title>{text}</title><body>{text}")),
                5 => {
                    reply.begins(Dialect::UiMessage).await;
                    reply.sends(part(&json!({"type": "error", "errorText": text}))).await;
                    reply.ends();
                }
                6 => {
                    reply.begins(Dialect::OpenAi).await;
                    reply.sends(part(&json!({"error": {"message": text, "code": text}}))).await;
                    reply.ends();
                }
                _ => {
                    reply.streams(Dialect::Plain, "application/x-ndjson").await;
                    reply.sends(json!({"type": "begin"}).to_string() + "\n").await;
                    reply.sends(json!({"type": "error", "content": text}).to_string() + "\n").await;
                    reply.ends();
                }
            }
        }
        has_seen(visit, texts.len()).await;
        assert_eq!(visit.events("error").await.len(), texts.len(), "some were no errors");
        let told: Vec<String> = visit.events("error").await.iter().map(|e| e["message"].to_string()).collect();
        assert!(told.iter().filter(|text| text.contains("xss(")).count() > 100, "the texts were not shown");
        attack.has_failed(visit).await;
    });
}

fn part(part: &Value) -> String {
    format!("data: {part}\n\n")
}

#[test]
fn what_comes_beside_an_answer_runs_nothing() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let chat = opens(visit).await;
        let texts: Vec<&String> = attack.all().collect();
        begins_asking(visit, texts.len()).await;
        for text in &texts {
            let mut reply = chat.next().await;
            reply.streams(Dialect::UiMessage, "text/event-stream").await;
            for event in [
                json!({"type": "start", "messageId": text}),
                json!({"type": "reasoning-start", "id": text}),
                json!({"type": "reasoning-delta", "id": text, "delta": text}),
                json!({"type": "data-status", "data": text}),
                json!({"type": "tool-input-start", "toolCallId": text, "toolName": text, "title": text}),
                json!({"type": "source-url", "sourceId": text, "url": text, "title": text}),
                json!({"type": "source-url", "sourceId": "2", "url": "https://example.test/", "title": text}),
                json!({"type": "source-document", "sourceId": "3", "mediaType": text, "title": format!("{text} "), "filename": text}),
                json!({"type": "file", "url": text, "mediaType": "image/png"}),
                json!({"type": "text-start", "id": "t1"}),
                json!({"type": "text-delta", "id": "t1", "delta": "Yes."}),
                json!({"type": "data-suggestions", "data": [text, {"text": format!("{text}?")}]}),
            ] {
                reply.sends(part(&event)).await;
            }
            reply.finishes().await;
        }
        has_seen(visit, texts.len()).await;
        assert_eq!(met(visit, "thoughts").await, texts.len(), "reasoning is missing");
        assert!(met(visit, "sources").await >= 2 * texts.len(), "sources are missing");
        assert!(met(visit, "suggestions").await >= texts.len(), "suggestions are missing");
        attack.has_failed(visit).await;
    });
}

/// Puts up a widget for each set of attributes.
async fn mounts(visit: &Visit, all: &[Value], fails: bool) {
    let begin = "__xss.mount(arguments[0], arguments[1]).catch((e) => console.error(e)); return null;";
    visit.page.script::<Value>(begin, vec![json!(all), json!(fails)]).await;
}

#[test]
fn settings_run_nothing() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let (page, chat) = watched(visit);
        visit.opens(&page.attr("mount", "none")).await;
        let all: Vec<Value> = attack
            .all()
            .map(|text| {
                json!({
                    "endpoint": chat.path(), "storage": "none", "title": text, "greeting": text, "placeholder": text,
                    "accent": text, "theme": text, "position": text, "user": text, "storage-key": text,
                    "suggestions": json!([text]).to_string(), "contact-endpoint": text, "mode": text, "locale": text,
                })
            })
            .collect();
        for some in all.chunks(40) {
            visit.page.script::<Value>("__xss.done = 0; return null;", vec![]).await;
            mounts(visit, some, false).await;
            has_seen(visit, some.len()).await;
        }
        assert_eq!(visit.page.script::<usize>("return __xss.opened;", vec![]).await, all.len());
        attack.has_failed(visit).await;
    });
}

#[test]
fn the_contact_link_leads_nowhere_dangerous() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let (page, chat) = watched(visit);
        visit.opens(&page.attr("mount", "none")).await;
        let attributes = |address: &String| json!({"endpoint": chat.path(), "storage": "none", "contact-url": address});
        let all: Vec<Value> = attack.addresses.iter().map(attributes).collect();
        mounts(visit, &all, true).await;
        for _ in &all {
            chat.next().await.fails(503, "unavailable", "Nobody is here");
        }
        has_seen(visit, all.len()).await;
        let offered = met(visit, "links").await;
        assert!((5..all.len() / 2).contains(&offered), "{offered} of {} addresses were offered", all.len());
        attack.has_failed(visit).await;
    });
}

#[test]
fn an_accent_is_a_colour_and_nothing_else() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let (page, chat) = watched(visit);
        visit.opens(&page.attr("mount", "none")).await;
        let evil = attack.evil.origin();
        let accents = [
            "url(EVIL/a)",
            "red url(EVIL/b)",
            "red;background:url(EVIL/c)",
            "red}*{background:url(EVIL/d)}",
            "red!important;background:url(EVIL/e)",
            "expression(xss(1))",
            "image-set(url(EVIL/f) 1x)",
            "var(--x, url(EVIL/g))",
            "var(--x, red) url(EVIL/h)",
            "env(--x, url(EVIL/i))",
            "color-mix(in srgb, red, url(EVIL/j))",
            "light-dark(url(EVIL/k), red)",
            "red/*",
            "red\\",
        ];
        let all: Vec<Value> = accents
            .iter()
            .map(|accent| json!({"endpoint": chat.path(), "storage": "none", "accent": accent.replace("EVIL", &evil)}))
            .collect();
        mounts(visit, &all, false).await;
        has_seen(visit, all.len()).await;
        attack.has_failed(visit).await;
    });
}

#[test]
fn the_script_tags_own_attributes_run_nothing() {
    Visitor::new().visits(async |visit| {
        let attack = Attack::new().await;
        let (page, _chat) = watched(visit);
        let text = "\"'><img src=x onerror=xss(1)><script>xss(2)</script>[x](javascript:xss(3))";
        let page = ["title", "greeting", "accent", "user", "storage-key", "contact-url", "position", "theme"]
            .iter()
            .fold(page, |page, name| page.attr(name, text));
        visit.opens(&page.attr("suggestions", &json!([text]).to_string()).attr("open", "true")).await;
        visit.page.sees("button", text).await;
        visit.page.sees("dialog", text).await;
        attack.has_failed(visit).await;
    });
}
