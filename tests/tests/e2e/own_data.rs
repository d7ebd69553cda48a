//! What is the visitor's own: the conversation as a file, and the end of all that is kept.

use natter_e2e::{Dialect, Visit, Visitor};
use thirtyfour::Key;

use crate::common::{ASSISTANT, Tab, Tabs, exchange, holds, in_the_chat, is_answered, pasted, shop};

const DELETED: &str = "Your data was deleted from this device";

/// Keeps what is downloaded: the file's name, type and text.
const CATCHES_FILES: &str = "window.files = []; const blobs = new Map(), create = URL.createObjectURL; \
    URL.createObjectURL = (blob) => { const url = create(blob); blobs.set(url, blob); return url; }; \
    const click = HTMLAnchorElement.prototype.click; HTMLAnchorElement.prototype.click = function () { \
        const { href, download } = this; \
        blobs.get(href).text().then((text) => files.push([download, blobs.get(href).type, text])); \
        click.call(this); };";

/// Clicks what is in the menu below the composer.
async fn chooses(visit: &Visit, name: &str) {
    let more = "[...elements()].find((e) => e.localName === 'summary' && e.ariaLabel === 'More' && shown(e))";
    let click = format!("const more = {more}; more?.click(); return Boolean(more);");
    visit.page.waits("the menu “More”", async || visit.page.script::<bool>(&click, vec![]).await.then_some(())).await;
    visit.page.click("button", name).await;
}

/// The keys of everything that is stored.
async fn keys(visit: &Visit) -> Vec<String> {
    let code = "return [...Object.keys(localStorage), ...Object.keys(sessionStorage)].sort();";
    visit.page.script(code, vec![]).await
}

#[test]
fn the_conversation_can_be_downloaded() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("title", "Lumi: lamps").before("files.js", CATCHES_FILES)).await;
        visit.page.opens_chat().await;
        visit.page.asks("Lamps?").await;
        chat.next().await.answers("**Many**:\n\n- red").await;
        is_answered(visit, "red").await;
        chooses(visit, "Download conversation").await;
        let caught = async || visit.page.script::<Vec<[String; 3]>>("return window.files;", vec![]).await.pop();
        let [name, kind, text] = visit.page.waits("a file", caught).await;
        let day: String = visit.page.script("return new Date().toLocaleDateString('sv');", vec![]).await;
        assert_eq!((name, kind.as_str()), (format!("Lumi- lamps {day}.md"), "text/markdown"));
        let conversation = "**You:**\n\nLamps?\n\n**Lumi: lamps:**\n\n**Many**:\n\n- red";
        assert_eq!(text, format!("# Lumi: lamps\n\n{conversation}\n"));
        visit.page.click("button", "Copy conversation").await;
        visit.page.sees("button", "Copied").await;
        assert_eq!(pasted(visit).await, conversation, "it is what “Copy conversation” gives");
    });
}

#[test]
fn everything_that_is_kept_can_be_deleted() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        let other = "localStorage.setItem('cart', '1'); localStorage.setItem('chat-history#size', '1'); \
            localStorage.setItem('chat-history:bob', '1'); return null;";
        visit.page.script::<Option<bool>>(other, vec![]).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        visit.page.types("A draft").await;
        visit.page.click("button", "Resize window").await;
        let sized = async || keys(visit).await.contains(&"chat-history#size".into()).then_some(());
        visit.page.waits("the window's size being kept", sized).await;
        chooses(visit, "Delete my data").await;
        visit.page.reads(DELETED).await;
        holds(visit, &[]).await;
        let composer = visit.page.composer().await;
        assert_eq!(visit.page.value_of(&composer).await, "");
        assert!(!visit.page.has("button", "Undo").await, "it is deleted for good");
        // What is not this visitor's stays.
        assert_eq!(keys(visit).await, ["cart", "chat-history:bob"]);
        visit.page.reloads().await;
        visit.page.opens_chat().await;
        visit.page.sees_message(ASSISTANT, "How can I help").await;
        assert_eq!(keys(visit).await, ["cart", "chat-history:bob"]);
        exchange(visit, &chat, "Again?", "Again.").await;
        holds(visit, &["Again?", "Again."]).await;
    });
}

#[test]
fn it_is_gone_in_all_tabs_and_an_answer_on_its_way_is_stopped() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let tabs = Tabs::open(visit).await;
        visit.page.opens_chat().await;
        visit.page.types("A draft").await;
        tabs.first(visit).await;
        visit.page.asks("Lamps?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Many").await;
        tabs.second(visit).await;
        visit.page.sees_message(ASSISTANT, "Many").await;
        chooses(visit, "Delete my data").await;
        reply.left().await;
        for tab in [Tab::Second, Tab::First] {
            tabs.shows(visit, tab).await;
            holds(visit, &[]).await;
            visit.page.reads(DELETED).await;
            let none = async || keys(visit).await.is_empty().then_some(());
            visit.page.waits("an empty storage", none).await;
            visit.page.sees("button", "Send message").await;
            let composer = visit.page.composer().await;
            assert_eq!(visit.page.value_of(&composer).await, "");
        }
        tabs.close(visit).await;
    });
}

#[test]
fn the_menu_is_reached_and_left_by_keyboard() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        visit.page.click("textbox", "Ask me anything...").await;
        let is_at = async |name: &str| {
            let at = async || (visit.page.focus().await.1 == name).then_some(());
            visit.page.waits(&format!("the focus on “{name}”"), at).await;
        };
        for name in ["Copy conversation", "Clear history", "More"] {
            visit.page.presses(Key::Tab).await;
            is_at(name).await;
        }
        visit.page.presses(Key::Enter).await;
        visit.page.sees("button", "Download conversation").await;
        visit.page.presses(Key::Tab).await;
        is_at("Download conversation").await;
        visit.page.presses(Key::Escape).await;
        is_at("More").await;
        visit.page.does_not_see("button", "Download conversation").await;
        visit.page.sees("button", "Close chat").await;
        visit.page.presses(Key::Enter).await;
        visit.page.sees("button", "Download conversation").await;
        visit.page.presses(Key::Tab).await;
        is_at("Download conversation").await;
        visit.page.presses(Key::Tab).await;
        is_at("Delete my data").await;
        visit.page.presses(Key::Enter).await;
        visit.page.reads(DELETED).await;
        is_at("More").await;
    });
}

#[test]
fn the_menu_fits_beside_long_words_on_a_small_phone() {
    Visitor::new().with_phone().visits(async |visit| {
        let (page, chat) = shop(visit);
        visit.opens(&page.attr("locale", "de")).await;
        visit.page.click("button", "Chat öffnen").await;
        visit.page.sees("button", "Chat schließen").await;
        let composer = visit.page.sees("textbox", "Stellen Sie…").await;
        visit.page.script_on::<Option<bool>>(&composer, "arguments[0].focus(); return null;").await;
        visit.page.types("Lampen?").await;
        visit.page.presses(Key::Enter).await;
        chat.next().await.answers("Viele.").await;
        visit.page.sees("button", "Nachricht senden").await;
        let more = "[...elements()].find((e) => e.ariaLabel === 'Mehr').click(); return null;";
        visit.page.script::<Option<bool>>(more, vec![]).await;
        let width: f64 = visit.page.script("return innerWidth;", vec![]).await;
        for name in ["Verlauf löschen", "Unterhaltung herunterladen", "Meine Daten löschen"] {
            let button = visit.page.sees("button", name).await;
            let area = visit.page.area_of(&button).await;
            assert!(area.left >= 0.0 && area.right <= width, "{name}: {area:?} of {width}");
            assert!(area.height() >= 24.0, "{name}: {area:?}");
        }
        visit.page.click("button", "Meine Daten löschen").await;
        visit.page.reads("Ihre Daten wurden von diesem Gerät gelöscht").await;
    });
}

#[test]
fn it_is_said_once_and_not_for_ever() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        exchange(visit, &chat, "Lamps?", "Many.").await;
        chooses(visit, "Delete my data").await;
        visit.page.reads(DELETED).await;
        let over = async || (!visit.page.shows_text(DELETED).await).then_some(());
        visit.page.waits("a page that does not say it any more", over).await;
        is_answered(visit, "How can I help").await;
    });
}
