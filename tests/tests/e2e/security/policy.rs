//! The strictest policy that a page can have, through all that a visitor does: nothing is refused, since nothing is tried.

use natter_e2e::fixture::STRICT_CSP;
use natter_e2e::{Chat, Dialect, Fixture, PostBox, Visit, Visitor};
use serde_json::Value;
use thirtyfour::Key;

use crate::common::{ASSISTANT, USER, asks_for_code, exchange, is_answered};

const ANSWER: &str = "# Lamps\n\n- **bright**\n- *soft*\n\n```js\nconst watts = 7; // few\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\
    > [our catalogue](https://lamps.example/all) ![a lamp](https://lamps.example/lamp.png)\n\n\
    <script>window.hacked = 1</script><img src=x onerror=\"window.hacked = 1\"><style>*{color:red}</style>";

/// A site whose pages have the policy, and where the browser's reports go.
struct Strict<'a> {
    visit: &'a Visit,
    policy: String,
    reports: PostBox,
}

impl<'a> Strict<'a> {
    fn new(visit: &'a Visit, more: &str) -> Self {
        let reports = visit.site.post_box("reports");
        let policy = format!("{STRICT_CSP}; {more} report-uri {}", reports.path());
        Self { visit, policy, reports }
    }

    async fn opens(&self, page: Fixture) {
        self.visit.opens(&page.policy(&self.policy)).await;
    }

    /// What every page is left with.
    async fn leaves(&self) {
        let probe = self.visit.probe().await;
        assert_eq!(probe.violations, Vec::<String>::new());
        assert_eq!(self.visit.foreign_requests().await, Vec::<String>::new());
        let (cookies, hacked): (String, bool) =
            self.visit.page.script("return [document.cookie, 'hacked' in window];", vec![]).await;
        assert!(cookies.is_empty() && !hacked, "cookies “{cookies}”, hacked: {hacked}");
    }

    /// That the browser would have reported, and has not until now.
    async fn has_reported_nothing(&self) {
        self.visit.expects_complaint("inline");
        self.visit.expects_complaint("Content Security Policy");
        let html = "<!DOCTYPE html><title>Proof</title><script>window.hacked = 1</script>";
        self.opens(Fixture::html(html)).await;
        let reports = self.reports.has(1).await;
        let reported = |report: &Value| report["csp-report"]["blocked-uri"].as_str().unwrap_or_default().to_owned();
        assert_eq!(reports.iter().map(reported).collect::<Vec<_>>(), ["inline"], "{reports:?}");
    }
}

/// Asks, stops at an error, tries again.
async fn fails_and_retries(visit: &Visit, chat: &Chat) {
    visit.page.asks("Dark ones?").await;
    chat.next().await.fails(500, "internal", "Failed to process your message");
    visit.page.click("button", "Retry").await;
    chat.next().await.answers("None.").await;
    is_answered(visit, "None.").await;
}

async fn writes_to_people(visit: &Visit, chat: &Chat, letters: &PostBox) {
    visit.page.asks("Anybody?").await;
    chat.next().await.fails(503, "unavailable", "The assistant is unavailable");
    visit.page.fills("textbox", "Name", "Ada").await;
    visit.page.fills("textbox", "Email", "ada@example.com").await;
    visit.page.fills("textbox", "Message", "Please call me.").await;
    visit.page.click("button", "Send").await;
    letters.has(1).await;
    visit.page.click("button", "Retry").await;
    chat.next().await.answers("Here.").await;
    is_answered(visit, "Here.").await;
}

async fn steers(visit: &Visit, chat: &Chat) {
    visit.page.click("button", "Good response").await;
    visit.hears("feedback").await;
    visit.page.click("button", "Edit").await;
    visit.page.has_focus("textbox", "Edit message").await;
    visit.page.types(" Green ones?").await;
    visit.page.presses(Key::Enter).await;
    let mut reply = chat.next().await;
    reply.begins(Dialect::OpenAi).await;
    reply.says("Half").await;
    visit.page.sees_message(ASSISTANT, "Half").await;
    visit.page.click("button", "Stop").await;
    visit.page.click("button", "Clear history").await;
    visit.page.does_not_see("article", USER).await;
    visit.page.click("button", "Undo").await;
    visit.page.sees_message(USER, "Green ones?").await;
    visit.page.click("button", "Minimize").await;
    visit.page.click("button", "Expand").await;
}

/// All that a visitor does on a page with the script tag.
async fn chats(site: &Strict<'_>) {
    let visit = site.visit;
    let (chat, letters) = (visit.site.chat("chat"), visit.site.post_box("contact"));
    let page = Fixture::new().attr("endpoint", chat.path()).attr("contact-endpoint", letters.path());
    site.opens(page.attr("accent", "rebeccapurple").attr("suggestions", r#"["Which lamps?"]"#)).await;
    visit.page.opens_chat().await;
    visit.page.click("button", "Which lamps?").await;
    let mut reply = chat.next().await;
    reply.begins(Dialect::UiMessage).await;
    for piece in ANSWER.split_inclusive('\n') {
        reply.says(piece).await;
    }
    reply.finishes().await;
    is_answered(visit, "our catalogue").await;
    let link = visit.page.sees("link", "our catalogue").await;
    for (name, value) in [("rel", "noopener noreferrer"), ("target", "_blank"), ("href", "https://lamps.example/all")] {
        assert_eq!(visit.page.attribute_of(&link, name).await.as_deref(), Some(value));
    }
    let coloured = async || visit.site.was_asked_for("/natter-extra.js").then_some(());
    visit.page.waits("the colours of the code", coloured).await;
    fails_and_retries(visit, &chat).await;
    writes_to_people(visit, &chat, &letters).await;
    steers(visit, &chat).await;
    site.leaves().await;
}

async fn chats_in_german(site: &Strict<'_>) {
    let visit = site.visit;
    let chat = visit.site.chat("german");
    let page = Fixture::new().attr("endpoint", chat.path()).attr("storage", "none").in_language("de", "ltr");
    site.opens(page).await;
    visit.page.click("button", "Chat öffnen").await;
    visit.page.has_focus("textbox", "…").await;
    visit.page.types("Lampen?").await;
    visit.page.presses(Key::Enter).await;
    chat.next().await.answers("Viele.").await;
    visit.page.sees_message("Nachricht des Assistenten", "Viele.").await;
    visit.page.script::<Value>("Natter.destroy(); return null;", vec![]).await;
    visit.page.does_not_see("dialog", "KI-Assistent").await;
    site.leaves().await;
}

async fn chats_in_an_element(site: &Strict<'_>) {
    let visit = site.visit;
    let chat = visit.site.chat("element");
    let html = format!("<p>Text</p><natter-chat endpoint=\"{}\" storage=\"none\"></natter-chat>", chat.path());
    site.opens(Fixture::new().attr("mount", "none").body(&html)).await;
    visit.page.opens_chat().await;
    exchange(visit, &chat, "Hello?", "Hello!").await;
    site.leaves().await;
}

async fn chats_by_the_module(site: &Strict<'_>) {
    let visit = site.visit;
    let chat = visit.site.chat("module");
    let code = format!(
        "import {{ mount }} from '/natter.mjs'; mount({{ endpoint: '{}', storage: 'none', preload: 'eager' }});",
        chat.path()
    );
    visit.site.file("/files/module.js", &code);
    let html = "<!DOCTYPE html><html lang=\"en\"><title>A shop</title><link rel=\"icon\" href=\"/files/icon.svg\">\
        <script src=\"/files/probe.js\"></script><script type=\"module\" src=\"/files/module.js\"></script><p>Text</p>";
    site.opens(Fixture::html(html)).await;
    visit.page.opens_chat().await;
    asks_for_code(visit, &chat).await;
    site.leaves().await;
}

macro_rules! policies {
    ($($name:ident: $more:literal;)*) => {$(
        #[test]
        fn $name() {
            Visitor::new().visits(async |visit| {
                let site = Strict::new(visit, $more);
                chats(&site).await;
                chats_in_german(&site).await;
                chats_in_an_element(&site).await;
                chats_by_the_module(&site).await;
                site.has_reported_nothing().await;
            });
        }
    )*};
}

policies! {
    a_strict_policy_has_nothing_to_report: "";
    nor_has_one_that_lists_trusted_types: "trusted-types natter natter-extra;";
}

/// As a site owner has it who copied the example.
#[test]
fn the_example_with_the_policy_works_under_it() {
    Visitor::new().visits(async |visit| {
        visit.page.goes_to(&(visit.site.origin() + "/examples/strict-csp.html")).await;
        visit.page.click("button", "Open chat").await;
        visit.page.sees("button", "Close chat").await;
        visit.page.has_focus("textbox", "…").await;
        visit.page.types("What is Natter?").await;
        visit.page.presses(Key::Enter).await;
        visit.page.sees_message(USER, "What is Natter?").await;
        visit.page.sees("button", "Good response").await;
        let policy: String =
            visit.page.script("return document.querySelector('meta[http-equiv]')?.content ?? '';", vec![]).await;
        assert!(policy.contains("require-trusted-types-for 'script'"), "the page to copy has no policy: {policy}");
    });
}
