//! The script tag, wherever and however often it stands, and `window.Natter`.

use natter_e2e::{Fixture, Visit, Visitor};
use serde_json::{Value, json};

use crate::common::{ASSISTANT, USER, exchange, in_the_chat, shop};

async fn launchers(visit: &Visit, count: usize) {
    let state = async || (visit.page.all("button", Some("Open chat")).await.len() == count).then_some(());
    visit.page.waits(&format!("{count} launcher(s)"), state).await;
}

async fn runs(visit: &Visit, code: &str) -> Value {
    visit.page.script(code, vec![]).await
}

// ---- where the tag stands ----------------------------------------------------------------------------------------

#[test]
fn a_tag_in_the_head_without_defer_works() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.in_head()).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn a_page_without_a_body_works() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let html = format!("<!DOCTYPE html><script src=\"/natter.js\" data-endpoint=\"{}\"></script>", chat.path());
        visit.opens(&Fixture::html(&html)).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn an_async_tag_works() {
    Visitor::new().visits(async |visit| {
        let html = "<!DOCTYPE html><html lang=\"en\"><head><title>A</title><script src=\"/natter.js\" async></script></head>\
            <body><p>Text</p></body></html>";
        visit.opens(&Fixture::html(html)).await;
        visit.page.opens_chat().await;
    });
}

#[test]
fn a_tag_inserted_late_works() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let page = Fixture::html(
            "<!DOCTYPE html><html lang=\"en\"><head><title>A</title></head><body><p>Text</p>\
            <script src=\"/files/late.js\"></script></body></html>",
        );
        let late = format!(
            "addEventListener('load', () => {{ \
                const policy = window.trustedTypes?.createPolicy('page', {{ createScriptURL: (url) => url }}); \
                const script = document.createElement('script'); \
                script.src = policy ? policy.createScriptURL('/natter.js') : '/natter.js'; \
                script.dataset.endpoint = '{}'; \
                document.body.append(script); }});",
            chat.path()
        );
        visit.site.file("/files/late.js", &late);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

#[test]
fn the_same_tag_twice_makes_one_launcher() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let tag = format!("<script src=\"/natter.js\" data-endpoint=\"{}\" defer></script>", chat.path());
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>A</title>{tag}</head><body><p>Text</p>{tag}</body></html>"
        );
        visit.opens(&Fixture::html(&html)).await;
        launchers(visit, 1).await;
        visit.page.opens_chat().await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        assert_eq!(visit.page.all("dialog", None).await.len(), 1);
    });
}

#[test]
fn two_different_tags_make_two_widgets() {
    Visitor::new().visits(async |visit| {
        let (left, right) = (visit.site.chat("left"), visit.site.chat("right"));
        let tag = |side: &str, path: &str| {
            format!(
                "<script src=\"/natter.js\" data-endpoint=\"{path}\" data-title=\"{side}\" data-placeholder=\"Ask {side}\" \
                data-position=\"bottom-{side}\" data-storage-key=\"{side}\" defer></script>"
            )
        };
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>A</title></head><body><p>Text</p>{}{}</body></html>",
            tag("left", left.path()),
            tag("right", right.path())
        );
        visit.opens(&Fixture::html(&html)).await;
        launchers(visit, 2).await;
        visit.page.click("button", "Open chat").await;
        launchers(visit, 1).await;
        visit.page.click("button", "Open chat").await;
        launchers(visit, 0).await;
        for (side, chat) in [("left", &left), ("right", &right)] {
            visit.page.sees("dialog", side).await;
            visit.page.click("textbox", &format!("Ask {side}")).await;
            visit.page.types(format!("To the {side}?")).await;
            visit.page.presses(thirtyfour::Key::Enter).await;
            let request = chat.next().await;
            assert_eq!(request.question(), format!("To the {side}?"));
            request.answers(&format!("From the {side}.")).await;
            visit.page.sees_message(ASSISTANT, &format!("From the {side}.")).await;
        }
    });
}

#[test]
fn an_element_in_the_markup_is_a_widget() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><head><title>A</title><script src=\"/natter.js\" data-mount=\"none\" defer></script>\
            </head><body><p>Text</p><natter-chat endpoint=\"{}\" title=\"Lamp Desk\"></natter-chat></body></html>",
            chat.path()
        );
        visit.opens(&Fixture::html(&html)).await;
        launchers(visit, 1).await;
        visit.page.opens_chat().await;
        visit.page.sees("dialog", "Lamp Desk").await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
    });
}

// ---- window.Natter -----------------------------------------------------------------------------------------------

#[test]
fn calls_made_before_the_app_is_there_are_kept_in_order() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let calls = "window.heard = []; \
            Natter.on('sent', (detail) => heard.push(detail.message.content)); \
            Natter.open(); Natter.send('From the page');";
        visit.opens(&page.attr("preload", "intent").after("calls.js", calls)).await;
        let request = chat.next().await;
        assert_eq!(request.question(), "From the page");
        visit.page.sees("dialog", "AI Assistant").await;
        visit.page.sees_message(USER, "From the page").await;
        request.answers("To the page").await;
        visit.page.sees_message(ASSISTANT, "To the page").await;
        assert_eq!(runs(visit, "return window.heard;").await, json!(["From the page"]));
    });
}

#[test]
fn the_page_can_open_close_and_toggle() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        launchers(visit, 1).await;
        runs(visit, "Natter.open(); return null;").await;
        visit.page.sees("dialog", "AI Assistant").await;
        runs(visit, "Natter.close(); return null;").await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        runs(visit, "Natter.toggle(); return null;").await;
        visit.page.sees("dialog", "AI Assistant").await;
        runs(visit, "Natter.toggle(); return null;").await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        launchers(visit, 1).await;
    });
}

#[test]
fn the_page_can_send_stop_clear_and_read() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        runs(visit, "Natter.send('From the page'); return null;").await;
        let mut reply = chat.next().await;
        reply.begins(natter_e2e::Dialect::UiMessage).await;
        reply.says("Half").await;
        visit.page.sees_message(ASSISTANT, "Half").await;
        runs(visit, "Natter.stop(); return null;").await;
        reply.left().await;
        visit.page.is_at_rest().await;
        let code = "return Natter.getMessages().map(({ role, content }) => [role, content]);";
        assert_eq!(runs(visit, code).await, json!([["user", "From the page"], ["assistant", "Half"]]));
        runs(visit, "Natter.clear(); return null;").await;
        visit.page.does_not_see("article", USER).await;
        assert_eq!(runs(visit, "return Natter.getMessages();").await, json!([]));
    });
}

#[test]
fn listening_can_end() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let code = "window.heard = []; \
            const off = Natter.on('sent', () => heard.push('first')); \
            Natter.on('sent', () => heard.push('second')); off(); return null;";
        runs(visit, code).await;
        exchange(visit, &chat, "Hello?", "Hello!").await;
        assert_eq!(runs(visit, "return window.heard;").await, json!(["second"]));
    });
}

#[test]
fn a_page_can_mount_a_widget_of_its_own() {
    Visitor::new().visits(async |visit| {
        let chat = visit.site.chat("chat");
        let calls = format!(
            "window.handle = Natter.mount({{ endpoint: '{}', title: 'Mounted', contextMessages: 1, preload: 'intent' }}); \
            handle.ready.then(() => {{ window.isReady = true; }});",
            chat.path()
        );
        visit.opens(&Fixture::new().attr("mount", "none").after("mount.js", &calls)).await;
        launchers(visit, 1).await;
        visit.page.opens_chat().await;
        visit.page.sees("dialog", "Mounted").await;
        exchange(visit, &chat, "One?", "1").await;
        exchange(visit, &chat, "Two?", "2").await;
        assert_eq!(chat.bodies()[1]["messages"], json!([{"role": "user", "content": "Two?"}]), "contextMessages: 1");
        assert_eq!(runs(visit, "return window.isReady;").await, json!(true));
    });
}

#[test]
fn a_tag_that_mounts_nothing_draws_nothing() {
    Visitor::new().visits(async |visit| {
        visit.opens(&Fixture::new().attr("mount", "none")).await;
        assert_eq!(runs(visit, "return typeof Natter.mount;").await, "function");
        assert!(!visit.page.has("button", "Open chat").await);
    });
}

#[test]
fn destroy_leaves_nothing_behind() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let mut reply = chat.next().await;
        reply.begins(natter_e2e::Dialect::UiMessage).await;
        reply.says("Half").await;
        visit.page.sees_message(ASSISTANT, "Half").await;
        runs(visit, "Natter.destroy(); return null;").await;
        reply.left().await;
        visit.page.does_not_see("dialog", "AI Assistant").await;
        launchers(visit, 0).await;
        assert_eq!(runs(visit, "return document.querySelectorAll('natter-chat').length;").await, json!(0));
        // And one can begin again, once it shows that the answer was cut off.
        runs(visit, &format!("Natter.mount({{ endpoint: '{}' }}); return null;", chat.path())).await;
        visit.page.opens_chat().await;
        visit.page.sees("alert", "…").await;
        exchange(visit, &chat, "Again?", "Again!").await;
    });
}

#[test]
fn destroy_before_the_app_is_there_keeps_it_away() {
    Visitor::new().visits(async |visit| {
        let gate = visit.site.holds("/natter-app.wasm");
        let (page, _chat) = shop(visit);
        visit.opens(&page.attr("preload", "intent")).await;
        visit.page.click("button", "Open chat").await;
        runs(visit, "Natter.destroy(); return null;").await;
        launchers(visit, 0).await;
        gate.opens();
        // A second widget needs the same app: once it is open, the first one has had its chance.
        runs(visit, "Natter.mount({ title: 'Second', open: true }); return null;").await;
        visit.page.sees("dialog", "Second").await;
        assert_eq!(visit.page.all("dialog", None).await.len(), 1);
    });
}

// ---- settings ----------------------------------------------------------------------------------------------------

async fn warnings(visit: &Visit, page: Fixture) -> Vec<String> {
    visit.opens(&page.attr("preload", "eager")).await;
    visit.hears("ready").await;
    visit.page.opens_chat().await;
    visit.probe().await.warnings
}

#[test]
fn good_settings_are_taken_without_a_word() {
    Visitor::new().visits(async |visit| {
        let page = Fixture::new()
            .attr("endpoint", "/api/chat")
            .attr("title", "Title")
            .attr("greeting", "Greeting")
            .attr("placeholder", "Ask me anything...")
            .attr("position", "bottom-left")
            .attr("accent", "rebeccapurple")
            .attr("theme", "light")
            .attr("open", "false")
            .attr("storage", "local")
            .attr("storage-key", "key")
            .attr("user", "ada")
            .attr("max-messages", "20")
            .attr("max-age-days", "3")
            .attr("context-messages", "5")
            .attr("max-length", "500")
            .attr("contact-url", "/contact")
            .attr("contact-endpoint", "/api/contact")
            .attr("error-endpoint", "/api/log-error")
            .attr("analytics", "auto");
        assert_eq!(warnings(visit, page).await, Vec::<String>::new());
    });
}

#[test]
fn an_unknown_attribute_is_named_once_with_the_known_ones() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let warnings = warnings(visit, page.attr("colour", "red")).await;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        for part in ["colour", "accent", "endpoint", "theme"] {
            assert!(warnings[0].contains(part), "the warning does not name {part}: {}", warnings[0]);
        }
        exchange(visit, &chat, "Hello?", "Hello!").await;
        assert_eq!(visit.probe().await.warnings.len(), 1, "the warning came again");
    });
}

#[test]
fn a_bad_value_is_named_once_with_the_accepted_ones_and_the_default_holds() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let page = page.attr("position", "top").attr("max-length", "many").attr("theme", "pink");
        let warnings = warnings(visit, page).await;
        assert_eq!(warnings.len(), 3, "{warnings:?}");
        for (name, accepted) in [("position", "bottom-left"), ("max-length", "number"), ("theme", "dark")] {
            let warning = warnings.iter().find(|warning| warning.contains(name));
            assert!(warning.is_some_and(|text| text.contains(accepted)), "{name} accepts {accepted}: {warnings:?}");
        }
        exchange(visit, &chat, "Hello?", "Hello!").await;
        let window = visit.page.sees("dialog", "AI Assistant").await;
        let area = visit.page.area_of(&window).await;
        assert!(area.left > 640.0, "the window is not where it is by default: {area:?}");
    });
}

#[test]
fn an_accent_that_is_no_colour_is_named() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop(visit);
        let warnings = warnings(visit, page.attr("accent", "bluish")).await;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("accent") && warnings[0].contains("colour"), "{warnings:?}");
    });
}
