//! The language of the interface.

use natter_e2e::browser::DESKTOP;
use natter_e2e::{Chat, Element, Fixture, Visit, Visitor};
use thirtyfour::Key;

use crate::common::{shop, texts};

/// Goes to a page and opens the window, whose names are these once the words are there.
async fn opens(visit: &Visit, page: &Fixture, launcher: &str, title: &str) {
    visit.opens(page).await;
    visit.page.click("button", launcher).await;
    visit.page.sees("dialog", title).await;
    visit.page.has_focus("textbox", "…").await;
}

/// Asks where the focus is, as [`opens`] leaves it.
async fn asks(visit: &Visit, question: &str) {
    visit.page.types(question).await;
    visit.page.presses(Key::Enter).await;
}

/// A shop whose pages are in that language.
fn shop_in(visit: &Visit, lang: &str, dir: &str) -> (Fixture, Chat) {
    let (page, chat) = shop(visit);
    (page.in_language(lang, dir), chat)
}

/// Which languages were asked for, in order, with the list of them.
fn asked_for(visit: &Visit) -> Vec<String> {
    let file = |path: &str| Some(path.strip_prefix("/locales/")?.split_once(".json")?.0.to_owned());
    visit.site.asked().iter().filter_map(|asked| file(&asked.path)).collect()
}

/// Waits for a warning that holds `text`.
async fn is_warned(visit: &Visit, text: &str) {
    let warned = async || visit.probe().await.warnings.iter().any(|warning| warning.contains(text)).then_some(());
    visit.page.waits(&format!("the warning “{text}”"), warned).await;
}

#[test]
fn it_is_that_of_the_page() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop_in(visit, "de-AT", "ltr");
        opens(visit, &page, "Chat öffnen", "KI-Assistent").await;
        visit.page.sees_message("Nachricht des Assistenten", "Hallo! Wie kann ich Ihnen heute helfen?").await;
        visit.page.has_focus("textbox", "Stellen Sie mir eine Frage…").await;
        asks(visit, "Lampen?").await;
        chat.next().await.answers("Viele.").await;
        visit.page.sees_message("Nachricht des Assistenten", "Viele.").await;
        visit.page.sees("button", "Verlauf löschen").await;
        assert_eq!(asked_for(visit), ["index", "de"]);
    });
}

#[test]
fn a_window_that_is_wanted_at_once_opens_in_its_language() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop_in(visit, "en", "ltr");
        let page = page.attr("locale", "de").attr("preload", "intent");
        // The list is slow, so that it would be seen if the window did not wait for it.
        let gate = visit.site.holds("/locales/index.json");
        visit.opens(&page).await;
        visit.page.click("button", "Open chat").await;
        visit.page.waits("the list being asked for", async || (!asked_for(visit).is_empty()).then_some(())).await;
        assert!(!visit.page.has("dialog", "AI Assistant").await);
        gate.opens();
        visit.page.sees("dialog", "KI-Assistent").await;
    });
}

#[test]
fn an_english_page_asks_for_no_language() {
    Visitor::new().speaking("de-DE").visits(async |visit| {
        let (page, _chat) = shop_in(visit, "en-GB", "ltr");
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        assert_eq!(asked_for(visit), Vec::<String>::new());
    });
}

#[test]
fn where_the_page_says_nothing_it_is_the_visitors() {
    Visitor::new().speaking("fr-CA").visits(async |visit| {
        let chat = visit.site.chat("chat");
        let tag = format!("<script src=\"/natter.js\" data-endpoint=\"{}\" defer></script>", chat.path());
        let page = Fixture::html(&format!("<!DOCTYPE html><title>A</title><p>Texte</p>{tag}"));
        opens(visit, &page, "Ouvrir le chat", "Assistant IA").await;
    });
}

#[test]
fn the_owner_can_choose_it() {
    Visitor::new().visits(async |visit| {
        // By the language that is written like that, not by the tag alone.
        for (locale, file) in [("zh-TW", "zh-Hant"), ("zh-SG", "zh"), ("pt-BR", "pt"), ("nn-NO", "nb"), ("iw", "he")] {
            let (page, _chat) = shop_in(visit, "de", "ltr");
            visit.opens(&page.attr("locale", locale).attr("preload", "eager")).await;
            visit.hears("ready").await;
            assert_eq!(asked_for(visit).pop().as_deref(), Some(file), "for {locale}");
        }
    });
}

#[test]
fn it_can_change_while_the_page_is_open() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop_in(visit, "en", "ltr");
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        for (locale, title) in [("'ja'", "AIアシスタント"), ("'fa'", "دستیار هوش مصنوعی"), ("null", "AI Assistant")]
        {
            let code = format!("Natter.update({{ locale: {locale} }}); return null;");
            visit.page.script::<Option<bool>>(&code, vec![]).await;
            visit.page.sees("dialog", title).await;
        }
        assert_eq!(asked_for(visit), ["index", "ja", "fa"]);
    });
}

#[test]
fn arabic_and_its_kin_run_from_right_to_left() {
    for lang in ["ar", "he", "fa"] {
        let text = |name: &str| texts(lang)[name].as_str().unwrap().to_owned();
        Visitor::new().visits(async |visit| {
            let (page, chat) = shop_in(visit, lang, "rtl");
            opens(visit, &page, &text("open_chat"), &text("title")).await;
            asks(visit, "?").await;
            chat.next().await.answers("!").await;
            visit.page.sees_message(&text("assistant_message"), "!").await;
            let user = visit.page.sees("article", &text("user_message")).await;
            let answer = visit.page.sees("article", &text("assistant_message")).await;
            visit.page.sees("button", &text("regenerate")).await;
            let window = visit.page.sees("dialog", &text("title")).await;
            assert!(visit.page.area_of(&window).await.left < 64.0, "the window is not at its end of the page");
            let middle = async |element: &Element| {
                let area = visit.page.area_of(element).await;
                (area.left + area.right) / 2.0
            };
            assert!(middle(&user).await < middle(&answer).await, "the visitor is not on the left");
            let send = visit.page.sees("button", &text("send_message")).await;
            let field = visit.page.sees("textbox", &text("placeholder")).await;
            assert!(middle(&send).await < middle(&field).await, "the button is not behind the field");
            let close = visit.page.sees("button", &text("close_chat")).await;
            assert!(middle(&close).await < middle(&window).await, "the way out is not at the end");
            visit.page.presses(Key::Escape).await;
            let launcher = visit.page.sees("button", &text("open_chat")).await;
            let area = visit.page.area_of(&launcher).await;
            assert!(area.right < f64::from(DESKTOP.0) / 2.0, "the launcher is not at its end of the page: {area:?}");
        });
    }
}

#[test]
fn numbers_have_the_forms_of_their_language() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop_in(visit, "ru", "ltr");
        visit.opens(&page.attr("max-length", "30")).await;
        visit.page.click("button", "Открыть чат").await;
        let texts = texts("ru");
        visit.page.has_focus("textbox", "…").await;
        visit.page.types("123456789").await;
        for (left, category) in [(21, "one"), (20, "many"), (19, "many"), (18, "many")] {
            let expected = texts["characters_left"][category].as_str().unwrap().replace("{n}", &left.to_string());
            let counter = async || visit.page.part_text("counter").await.filter(|text| *text == expected);
            visit.page.waits(&expected, counter).await;
            visit.page.types("x").await;
        }
    });
}

#[test]
fn what_the_owner_writes_wins() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop_in(visit, "de", "ltr");
        let page = page
            .attr("title", "Lampenladen")
            .attr("strings", r#"{"open_chat": "Frag uns", "send_message": "Los!", "placeholder": "Was?"}"#);
        opens(visit, &page, "Frag uns", "Lampenladen").await;
        visit.page.sees("textbox", "Was?").await;
        visit.page.sees("button", "Los!").await;
        visit.page.sees("button", "Chat schließen").await;
        assert_eq!(visit.probe().await.warnings, Vec::<String>::new());
    });
}

#[test]
fn english_words_can_be_others_too() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop_in(visit, "en", "ltr");
        let strings = "Natter.update({ strings: { send_message: 'Go!', unread: { one: '{n} new', other: '{n} news' } } }); \
            return null;";
        visit.opens(&page.attr("preload", "eager")).await;
        visit.hears("ready").await;
        visit.page.script::<Option<bool>>(strings, vec![]).await;
        visit.page.opens_chat().await;
        visit.page.sees("button", "Go!").await;
        visit.page.asks("Lamps?").await;
        let reply = chat.next().await;
        visit.page.click("button", "Close chat").await;
        reply.answers("Many.").await;
        visit.page.sees("button", "Open chat, 1 new").await;
    });
}

#[test]
fn a_language_that_there_is_not_is_english_and_told_to_whoever_named_it() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop_in(visit, "sw", "ltr");
        visit.opens(&page).await;
        visit.page.opens_chat().await;
        assert_eq!(visit.probe().await.warnings, Vec::<String>::new());
        for bad in ["sw", "no such"] {
            let (page, _chat) = shop_in(visit, "de", "ltr");
            visit.opens(&page.attr("locale", bad)).await;
            visit.page.opens_chat().await;
            is_warned(visit, &format!("locale=\"{bad}\" gives English")).await;
        }
    });
}

#[test]
fn strings_that_there_are_not_are_told() {
    Visitor::new().visits(async |visit| {
        for bad in [r#"{"sendmessage": "Go!"}"#, r#"{"stop": 1}"#, "Go!"] {
            let (page, _chat) = shop_in(visit, "en", "ltr");
            visit.opens(&page.attr("strings", bad)).await;
            visit.page.opens_chat().await;
            is_warned(visit, "was ignored. It takes a JSON object of texts by their names").await;
        }
    });
}

/// As when a proxy between lets only scripts through.
#[test]
fn without_its_files_it_is_english() {
    Visitor::new().visits(async |visit| {
        let (page, _chat) = shop_in(visit, "de", "ltr");
        let breaks = "const real = window.fetch; \
            window.fetch = (url, ...more) => real(String(url).replace('/locales/', '/nowhere/'), ...more);";
        visit.opens(&page.before("breaks.js", breaks)).await;
        visit.page.opens_chat().await;
        is_warned(visit, "gives English").await;
        // The file is not the one that the list means: the browser itself says so.
        visit.expects_complaint("integrity");
    });
}
