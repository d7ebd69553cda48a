//! What an answer's Markdown becomes, and how it looks while it arrives.

use natter_e2e::chat::Exchange;
use natter_e2e::{Chat, Dialect, Element, Visit, Visitor};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::common::{ASSISTANT, USER, exchange, in_the_chat, pasted, shop};

/// Asks, has `markdown` answered, and gives the answer once it is whole.
async fn answered(visit: &Visit, chat: &Chat, markdown: &str) -> Element {
    visit.page.asks("Hello?").await;
    chat.next().await.answers(markdown).await;
    visit.page.is_at_rest().await;
    latest(visit).await
}

/// A visitor's first answer.
async fn answer(visit: &Visit, markdown: &str) -> Element {
    let chat = in_the_chat(visit).await;
    answered(visit, &chat, markdown).await
}

/// The answer at the end of the transcript.
async fn latest(visit: &Visit) -> Element {
    visit.page.all("article", Some(ASSISTANT)).await.pop().unwrap()
}

/// The texts of everything with that role in an answer.
async fn texts(visit: &Visit, answer: &Element, role: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for element in visit.page.within(answer, role).await {
        texts.push(visit.page.text_of(&element).await.trim().to_owned());
    }
    texts
}

/// The only element with that role in an answer.
async fn only(visit: &Visit, answer: &Element, role: &str) -> Element {
    let mut found = visit.page.within(answer, role).await;
    visit.page.check(found.len() == 1, &format!("{} elements with the role {role} and not one", found.len())).await;
    found.pop().unwrap()
}

/// A property of an element's computed style.
async fn style(visit: &Visit, element: &Element, property: &str) -> String {
    visit.page.script_on(element, &format!("return getComputedStyle(arguments[0])['{property}'];")).await
}

/// Waits until a script about the page says something other than null or false.
async fn comes<T: DeserializeOwned>(visit: &Visit, what: &str, code: &str) -> T {
    let state = async || match visit.page.script::<Value>(code, vec![]).await {
        Value::Null | Value::Bool(false) => None,
        value => serde_json::from_value(value).ok(),
    };
    visit.page.waits(what, state).await
}

#[test]
fn headings_are_headings_of_a_size_for_a_bubble() {
    Visitor::new().visits(async |visit| {
        let answer = answer(visit, "# Lamps\n\n### Small ones\n\nText").await;
        assert_eq!(texts(visit, &answer, "heading").await, ["Lamps", "Small ones"]);
        let heading = visit.page.within(&answer, "heading").await.remove(0);
        let size: f64 = style(visit, &heading, "fontSize").await.trim_end_matches("px").parse().unwrap();
        assert!((15.0..=20.0).contains(&size), "the first heading is {size} px high");
    });
}

#[test]
fn lists_nest_and_begin_where_they_say() {
    Visitor::new().visits(async |visit| {
        let answer = answer(visit, "- lamps\n  - small\n  - large\n- shades\n\nThen:\n\n7. seven\n8. eight").await;
        let lists = visit.page.within(&answer, "list").await;
        assert_eq!(lists.len(), 3, "a list, one in it, and one with numbers");
        let items = texts(visit, &lists[0], "listitem").await;
        assert_eq!(items[0].split_whitespace().collect::<Vec<_>>(), ["lamps", "small", "large"]);
        assert_eq!(items[1..], ["small", "large", "shades"]);
        assert_eq!(texts(visit, &lists[1], "listitem").await, ["small", "large"]);
        assert_eq!(texts(visit, &lists[2], "listitem").await, ["seven", "eight"]);
        assert_eq!(visit.page.attribute_of(&lists[2], "start").await.as_deref(), Some("7"));
        assert_eq!(style(visit, &lists[2], "listStyleType").await, "decimal");
    });
}

#[test]
fn tasks_have_boxes_that_cannot_be_ticked() {
    Visitor::new().visits(async |visit| {
        let answer = answer(visit, "- [x] switch it off\n- [ ] unplug it").await;
        assert_eq!(texts(visit, &answer, "listitem").await, ["switch it off", "unplug it"]);
        let boxes = visit.page.within(&answer, "checkbox").await;
        let mut ticked = Vec::new();
        for checkbox in &boxes {
            assert!(!visit.page.is_enabled(checkbox).await, "a task of an answer can be ticked");
            ticked.push(visit.page.script_on::<bool>(checkbox, "return arguments[0].checked;").await);
        }
        assert_eq!(ticked, [true, false]);
    });
}

#[test]
fn a_quote_is_a_quote_with_blocks_in_it() {
    Visitor::new().visits(async |visit| {
        let answer = answer(visit, "> Light is **good**.\n>\n> - they say").await;
        let quote = only(visit, &answer, "blockquote").await;
        assert_eq!(texts(visit, &quote, "strong").await, ["good"]);
        assert_eq!(texts(visit, &quote, "listitem").await, ["they say"]);
    });
}

#[test]
fn a_table_has_column_headers_and_cells() {
    Visitor::new().visits(async |visit| {
        let answer = answer(visit, "| Lamp | Price |\n|:-----|------:|\n| Ada | **5** |\n| Bob \\| Co | 7 |").await;
        let table = only(visit, &answer, "table").await;
        assert_eq!(texts(visit, &table, "columnheader").await, ["Lamp", "Price"]);
        assert_eq!(texts(visit, &table, "cell").await, ["Ada", "5", "Bob | Co", "7"]);
        let cells = visit.page.within(&table, "cell").await;
        assert!(
            ["end", "right"].contains(&style(visit, &cells[1], "textAlign").await.as_str()),
            "5 is not on the right"
        );
    });
}

/// Whether what scrolls sideways around an element does so, and whether the window or the page has to.
const SIDEWAYS: &str = "const wide = (at) => at.scrollWidth > at.clientWidth + 1; \
    let at = arguments[0]; while (at && !/auto|scroll/.test(getComputedStyle(at).overflowX)) at = parentOf(at); \
    if (!at || at.getAttribute('role') === 'log') return 'nothing scrolls in the bubble'; \
    if (!wide(at)) return 'it is not wide'; \
    at.scrollLeft = 50; if (at.scrollLeft !== 50) return 'it does not scroll'; \
    for (at = parentOf(at); at; at = parentOf(at)) if (wide(at)) return `${at.localName}.${at.className} is too wide`; \
    return '';";

#[test]
fn a_wide_table_scrolls_in_its_bubble() {
    Visitor::new().with_phone().visits(async |visit| {
        let row = |text: &str| format!("|{}\n", format!(" {text} |").repeat(14));
        let answer = answer(visit, &[row("Wattage"), row("---"), row("sixteen")].concat()).await;
        let table = only(visit, &answer, "table").await;
        assert_eq!(visit.page.script_on::<String>(&table, SIDEWAYS).await, "");
    });
}

#[test]
fn a_code_block_scrolls_in_its_bubble_and_names_its_language() {
    Visitor::new().with_phone().visits(async |visit| {
        let long = format!("let lamp = {};", "light + ".repeat(40));
        let answer = answer(visit, &format!("```rust\n{long}\n  let b = 1;\n```")).await;
        let code = only(visit, &answer, "code").await;
        assert_eq!(visit.page.text_of(&code).await.trim_end(), format!("{long}\n  let b = 1;"));
        assert!(visit.page.shows_text("rust").await, "the language is not named");
        assert_eq!(visit.page.script_on::<String>(&code, SIDEWAYS).await, "");
        assert_eq!(style(visit, &code, "direction").await, "ltr");
    });
}

#[test]
fn copy_code_copies_exactly_the_code() {
    Visitor::new().visits(async |visit| {
        let code = "fn main() {\n\n    let a = \"<b>&amp;\";\n\tprintln!(\"{a}\");\n}";
        answer(visit, &format!("Here:\n\n```rust\n{code}\n```\n\nAnd:\n\n~~~\nother\n~~~")).await;
        visit.page.click("button", "Copy code").await;
        let pasted = pasted(visit).await;
        assert_eq!(pasted.trim_end_matches('\n'), code);
    });
}

#[test]
fn a_clipboard_that_is_refused_is_no_error_of_the_page() {
    Visitor::new().visits(async |visit| {
        let (page, chat) = shop(visit);
        let refuse = "Object.defineProperty(navigator.clipboard, 'writeText', { value: () => { \
            window.refused = true; return Promise.reject(new DOMException('No', 'NotAllowedError')); } });";
        visit.opens(&page.before("refuse.js", refuse)).await;
        visit.page.opens_chat().await;
        answered(visit, &chat, "```\ncode\n```").await;
        visit.page.click("button", "Copy code").await;
        comes::<bool>(visit, "an attempt to copy", "return window.refused ?? false;").await;
        // What every test ends with finds an unhandled rejection, once the page had a turn to report it.
        visit.page.script::<Value>("return new Promise((turn) => setTimeout(turn));", vec![]).await;
    });
}

#[test]
fn words_are_set_off_in_their_own_ways() {
    Visitor::new().visits(async |visit| {
        let text = "A **bold**, *soft*, ***both***, ~~gone~~ and `let **x** = 1` word, 2 * 3 * 4 and snake_case_name";
        let answer = answer(visit, text).await;
        assert_eq!(texts(visit, &answer, "strong").await, ["bold", "both"]);
        assert_eq!(texts(visit, &answer, "emphasis").await, ["soft", "both"]);
        assert_eq!(texts(visit, &answer, "deletion").await, ["gone"]);
        assert_eq!(texts(visit, &answer, "code").await, ["let **x** = 1"]);
        let shown = "A bold, soft, both, gone and let **x** = 1 word, 2 * 3 * 4 and snake_case_name";
        visit.page.sees_message(ASSISTANT, shown).await;
    });
}

#[test]
fn links_to_other_sites_open_beside_the_page() {
    Visitor::new().visits(async |visit| {
        let text = "[Guide](https://other.test/guide), [here](/guide), [mail](mailto:a@b.test), [call](tel:+491), \
            <https://auto.test/> and www.bare.test";
        let answer = answer(visit, text).await;
        let mut seen = Vec::new();
        for link in visit.page.within(&answer, "link").await {
            let target = visit.page.attribute_of(&link, "target").await;
            let rel = visit.page.attribute_of(&link, "rel").await.unwrap_or_default();
            assert_eq!(rel, "noopener noreferrer", "{link:?}");
            seen.push((link.name.clone(), visit.page.attribute_of(&link, "href").await.unwrap(), target));
        }
        let beside = Some("_blank".to_owned());
        let expected = [
            ("Guide", "https://other.test/guide", beside.clone()),
            ("here", "/guide", None),
            ("mail", "mailto:a@b.test", None),
            ("call", "tel:+491", None),
            ("https://auto.test/", "https://auto.test/", beside.clone()),
            ("www.bare.test", "http://www.bare.test", beside),
        ];
        assert_eq!(seen, expected.map(|(name, href, target)| (name.to_owned(), href.to_owned(), target)));
    });
}

#[test]
fn addresses_that_are_refused_are_plain_text() {
    Visitor::new().visits(async |visit| {
        let text = "[one](javascript:alert(1)), [two](data:text/html,x), [three](file:///etc/passwd) and \
            ![four](blob:x) stay words.";
        let answer = answer(visit, text).await;
        assert_eq!(visit.page.within(&answer, "link").await.len(), 0, "a link that must not be one");
        visit.page.sees_message(ASSISTANT, "one, two, three and four stay words.").await;
    });
}

#[test]
fn an_image_is_a_link_and_nothing_is_fetched_for_it() {
    Visitor::new().visits(async |visit| {
        let answer =
            answer(visit, "![A lamp](/files/lamp.png) and ![](/files/shade.png) and [![x](/files/y.png)](/z)").await;
        let links = visit.page.within(&answer, "link").await;
        let names: Vec<_> = links.iter().map(|link| link.name.as_str()).collect();
        assert_eq!(names, ["A lamp", "/files/shade.png", "x"]);
        assert_eq!(visit.page.attribute_of(&links[0], "href").await.as_deref(), Some("/files/lamp.png"));
        let images =
            "return [...elements()].filter((e) => /^(img|picture|image|video|object)$/.test(e.localName)).length;";
        assert_eq!(visit.page.script::<usize>(images, vec![]).await, 0);
        // A paint later the browser would have asked for them.
        let painted =
            "return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));";
        assert!(visit.page.script::<bool>(painted, vec![]).await);
        assert!(!visit.site.asked().iter().any(|asked| asked.path.contains(".png")), "an image was fetched");
    });
}

#[test]
fn a_single_newline_is_a_line_break_and_spaces_stay() {
    Visitor::new().visits(async |visit| {
        let answer = answer(visit, "First\nsecond    far\n\nA\\\nB").await;
        let paragraphs = visit.page.within(&answer, "paragraph").await;
        let code = "const range = document.createRange(); range.selectNodeContents(arguments[0]); \
            return new Set([...range.getClientRects()].filter((r) => r.width).map((r) => Math.round(r.top))).size;";
        assert_eq!(visit.page.script_on::<usize>(&paragraphs[0], code).await, 2, "First and second share a line");
        assert_eq!(visit.page.text_of(&paragraphs[0]).await, "First\nsecond    far");
        assert_eq!(visit.page.script_on::<usize>(&paragraphs[1], code).await, 2, "A and B share a line");
    });
}

#[test]
fn html_is_text() {
    Visitor::new().visits(async |visit| {
        let html = "<b>bold</b> <img src=/files/lamp.png> <!-- note --> &lt;i&gt; &amp;";
        let answer = answer(visit, &format!("{html}\n\n<div class=\"x\">\n*in*\n</div>")).await;
        visit.page.sees_message(ASSISTANT, "<b>bold</b> <img src=/files/lamp.png> <!-- note --> <i> &").await;
        visit.page.sees_message(ASSISTANT, "<div class=\"x\">").await;
        assert_eq!(texts(visit, &answer, "emphasis").await, ["in"]);
    });
}

#[test]
fn each_block_runs_in_its_own_direction() {
    Visitor::new().visits(async |visit| {
        let text = "An English paragraph.\n\nنص عربي هنا.\n\n- مصباح\n- ضوء\n\n# עברית\n\n1. one";
        let answer = answer(visit, text).await;
        let paragraphs = visit.page.within(&answer, "paragraph").await;
        assert_eq!(style(visit, &paragraphs[0], "direction").await, "ltr");
        assert_eq!(style(visit, &paragraphs[1], "direction").await, "rtl");
        let heading = only(visit, &answer, "heading").await;
        assert_eq!(style(visit, &heading, "direction").await, "rtl");
        let lists = visit.page.within(&answer, "list").await;
        let mut sides = Vec::new();
        for list in &lists {
            let item = visit.page.within(list, "listitem").await.remove(0);
            let (list, item) = (visit.page.area_of(list).await, visit.page.area_of(&item).await);
            // Markers stand in the room that a list leaves beside its items.
            sides.push((item.left - list.left > 10.0, list.right - item.right > 10.0));
        }
        assert_eq!(sides, [(false, true), (true, false)], "where there is room for markers: left, right");
    });
}

#[test]
fn what_the_visitor_wrote_is_shown_exactly() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let question = "**not bold** `x`  [a](/b) # <b> &amp;";
        exchange(visit, &chat, question, "plain").await;
        let mine = visit.page.all("article", Some(USER)).await.pop().unwrap();
        assert!(visit.page.text_of(&mine).await.contains(question), "{}", visit.page.text_of(&mine).await);
        for role in ["strong", "code", "link"] {
            assert_eq!(visit.page.within(&mine, role).await.len(), 0, "a {role} in what the visitor wrote");
        }
    });
}

// ---- streaming ---------------------------------------------------------------------------------------------------

/// Asks, and gives the exchange with its answer begun.
async fn begun(visit: &Visit) -> Exchange {
    let chat = in_the_chat(visit).await;
    visit.page.asks("Hello?").await;
    let mut reply = chat.next().await;
    reply.begins(Dialect::UiMessage).await;
    reply
}

/// Every kind of marker; none of these characters is part of what a visitor is to read.
const MARKED: &str = "# Lamps\n\nThey are **very bright**, *warm*, ***both***, ~~cheap~~, `let watts` and \
    [a guide](https://other.test/guide \"Title\"). An image: ![drawn](/files/lamp.png), an address: <https://auto.test/>.\n\n\
    | Lamp | Price |\n|:-----|------:|\n| Ada | **five** |\n| Bob | `six` |\n\n\
    ```js\nlet a = 1;\n```\n\n- one **item**\n  - two\n- [x] three\n\n1. first\n2. second\n\n\
    > quoted *well*\n> and more\n\n---\n\nHeading\n=======\n\nThe end.";

#[test]
fn markers_never_flash_while_a_reply_streams() {
    Visitor::new().visits(async |visit| {
        let mut reply = begun(visit).await;
        // Every state of the answer that the browser could have painted, as a visitor would read it.
        let watch = "window.flashed = []; window.states = 0; \
            new MutationObserver(() => { \
                const answer = [...root().querySelectorAll('article')].at(-1); \
                const text = answer.querySelector('[part~=bubble]')?.innerText ?? ''; \
                window.states += 1; \
                if (/[*`~#|[\\]()<>]|--|==|_blank|other\\.test|lamp\\.png|Title/.test(text)) window.flashed.push(text.slice(-60)); \
            }).observe(root(), { subtree: true, childList: true, characterData: true }); return null;";
        visit.page.script::<Value>(watch, vec![]).await;
        let letters: Vec<char> = MARKED.chars().collect();
        for (at, piece) in letters.chunks(2).enumerate() {
            let before: usize = visit.page.script("return window.states;", vec![]).await;
            reply.says(&piece.iter().collect::<String>()).await;
            // Now and then the browser is waited for, so that it does not fold all of it into a few frames.
            if at % 2 == 0 {
                let next = "return new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => painted(window.states))));";
                let after: usize = visit.page.script(next, vec![]).await;
                assert!(after >= before);
            }
        }
        reply.finishes().await;
        visit.page.is_at_rest().await;
        let (states, flashed): (usize, Vec<String>) =
            visit.page.script("return [window.states, window.flashed];", vec![]).await;
        assert!(states > 60, "only {states} states were seen");
        assert_eq!(flashed, Vec::<String>::new(), "markers were to be seen");
    });
}

#[test]
fn a_settled_block_keeps_its_element_and_what_is_selected_in_it() {
    Visitor::new().visits(async |visit| {
        let mut reply = begun(visit).await;
        reply.says("First **bold** words.\n\n- an item\n\nNext").await;
        visit.page.sees_message(ASSISTANT, "Next").await;
        let paragraph = visit.page.within(&latest(visit).await, "paragraph").await.remove(0);
        let select = "window.kept = [arguments[0], ...arguments[0].childNodes]; \
            const text = arguments[0].querySelector('strong').firstChild; \
            getSelection().setBaseAndExtent(text, 0, text, 4); return null;";
        visit.page.script_on::<Value>(&paragraph, select).await;
        for block in 0..52 {
            let text = match block % 4 {
                0 => format!(" more.\n\nBlock {block}"),
                1 => format!(".\n\n## Heading {block}\n\n"),
                2 => format!("- item {block}\n- item\n\n"),
                _ => format!("| a | b |\n|---|---|\n| {block} | c |\n\nText"),
            };
            reply.says(&text).await;
        }
        reply.says(" at last").await;
        visit.page.sees_message(ASSISTANT, "Text at last").await;
        let same = "return [window.kept.every((node) => node.isConnected && root().contains(node)), \
            window.kept[0].innerText, (root().getSelection?.() ?? getSelection()).toString()];";
        let (connected, text, selected): (bool, String, String) = visit.page.script(same, vec![]).await;
        assert!(connected, "a settled block was drawn anew");
        assert_eq!((text.as_str(), selected.as_str()), ("First bold words.", "bold"));
        let now = visit.page.within(&latest(visit).await, "paragraph").await.remove(0);
        assert!(visit.page.script_on::<bool>(&now, "return arguments[0] === window.kept[0];").await);
        reply.finishes().await;
        visit.page.is_at_rest().await;
        let (connected, _, selected): (bool, String, String) = visit.page.script(same, vec![]).await;
        assert!(connected && selected == "bold", "the end of the answer drew a settled block anew");
    });
}

#[test]
fn an_open_code_block_grows_without_replacing_its_first_lines() {
    Visitor::new().visits(async |visit| {
        let mut reply = begun(visit).await;
        let lines = |from: usize, to: usize| (from..to).map(|n| format!("line {n}\n")).collect::<String>();
        reply.says(&format!("```\n{}", lines(0, 40))).await;
        visit.page.sees_message(ASSISTANT, "line 39").await;
        let code = only(visit, &latest(visit).await, "code").await;
        let keep = "window.block = arguments[0]; \
            window.first = document.createTreeWalker(arguments[0], NodeFilter.SHOW_TEXT).nextNode(); \
            window.changes = 0; new MutationObserver((all) => window.changes += all.length) \
                .observe(window.first, { characterData: true }); \
            getSelection().setBaseAndExtent(window.first, 0, window.first, 6); return null;";
        visit.page.script_on::<Value>(&code, keep).await;
        for from in (40..140).step_by(5) {
            reply.says(&lines(from, from + 5)).await;
        }
        visit.page.sees_message(ASSISTANT, "line 139").await;
        reply.says("```\n\nDone").await;
        reply.finishes().await;
        visit.page.sees_message(ASSISTANT, "Done").await;
        visit.page.is_at_rest().await;
        let (there, changes, selected): (bool, usize, String) = visit
            .page
            .script(
                "return [window.first.isConnected && window.block.isConnected && window.block.contains(window.first), \
                    window.changes, (root().getSelection?.() ?? getSelection()).toString()];",
                vec![],
            )
            .await;
        assert!(there, "the first lines of the code were drawn anew");
        assert_eq!((changes, selected.as_str()), (0, "line 0"), "the first lines were written again");
        let text: String = visit.page.script_on(&code, "return arguments[0].textContent;").await;
        assert_eq!(text.trim_end(), lines(0, 140).trim_end());
    });
}

#[test]
fn code_that_is_selected_by_hand_is_the_code() {
    Visitor::new().visits(async |visit| {
        let lines: String = (0..70).map(|n| format!("line {n}\n")).collect();
        let answer = answer(visit, &format!("```\n{lines}```")).await;
        let code = only(visit, &answer, "code").await;
        let select = "getSelection().selectAllChildren(arguments[0]); \
            return (root().getSelection?.() ?? getSelection()).toString();";
        let selected: String = visit.page.script_on(&code, select).await;
        assert_eq!(selected.trim_end(), lines.trim_end());
    });
}

#[test]
fn what_answers_look_like_is_fetched_once_and_before_the_first() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        let fetched = || visit.site.asked().iter().filter(|asked| asked.path.contains("natter-extra.js")).count();
        visit.page.waits("natter-extra.js", async || (fetched() > 0).then_some(())).await;
        let highlights: bool = visit.page.script("return Boolean(globalThis.CSS?.highlights);", vec![]).await;
        for _ in 0..2 {
            answered(visit, &chat, "```js\nconst a = \"b\"; // 1\nlet c = 2;\n```").await;
            if highlights {
                let code = "return ['keyword', 'string', 'number', 'comment'] \
                    .every((kind) => CSS.highlights.get('natter-' + kind)?.size > 0);";
                comes::<bool>(visit, "colours over the code", code).await;
            }
        }
        assert_eq!(fetched(), 1, "it was fetched again");
    });
}

#[test]
fn an_answer_can_be_read_before_its_look_has_come() {
    Visitor::new().visits(async |visit| {
        let look = visit.site.holds("/natter-extra.js");
        let chat = in_the_chat(visit).await;
        visit.page.asks("Code?").await;
        chat.next().await.answers("Words and `code`.").await;
        visit.page.sees_message(ASSISTANT, "Words and code.").await;
        let code = "const ground = getComputedStyle([...elements()].find((e) => e.matches('article code'))) \
            .backgroundColor; return channels(ground)[3] > 0;";
        assert!(!visit.page.script::<bool>(code, vec![]).await, "the look was there at once");
        look.opens();
        comes::<bool>(visit, "the ground behind code", code).await;
    });
}

// ---- beside the text ---------------------------------------------------------------------------------------------

fn part(part: &Value) -> String {
    format!("data: {part}\n\n")
}

#[test]
fn what_the_model_thought_is_folded_away() {
    Visitor::new().visits(async |visit| {
        let mut reply = begun(visit).await;
        reply.sends(part(&json!({"type": "reasoning-start", "id": "r"}))).await;
        reply.sends(part(&json!({"type": "reasoning-delta", "id": "r", "delta": "They want\n**light**."}))).await;
        reply.sends(part(&json!({"type": "reasoning-end", "id": "r"}))).await;
        reply.says("We sell lamps.").await;
        reply.finishes().await;
        visit.page.is_at_rest().await;
        let shows = async || visit.page.messages(ASSISTANT).await.pop().unwrap().contains("They want");
        assert!(!shows().await, "the reasoning is not folded");
        let summary = "return [...elements()].find((e) => e.localName === 'summary' && shown(e))?.innerText ?? null;";
        assert_eq!(comes::<String>(visit, "something to unfold", summary).await, "Thinking");
        let click = "[...elements()].find((e) => e.localName === 'summary' && shown(e)).click(); return null;";
        visit.page.script::<Value>(click, vec![]).await;
        visit.page.waits("the reasoning", async || shows().await.then_some(())).await;
        // It is the model's own text, not an answer: nothing in it is read as Markdown.
        visit.page.sees_message(ASSISTANT, "They want\n**light**.").await;
        visit.page.script::<Value>(click, vec![]).await;
        visit.page.waits("the reasoning folded again", async || (!shows().await).then_some(())).await;
    });
}

#[test]
fn sources_are_numbered_links_below_the_answer() {
    Visitor::new().visits(async |visit| {
        let mut reply = begun(visit).await;
        reply.says("We sell lamps.").await;
        for (url, title) in [("https://a.test/one", Some("Catalogue")), ("https://b.test/two", None)] {
            let source = json!({"type": "source-url", "sourceId": url, "url": url, "title": title});
            reply.sends(part(&source)).await;
        }
        reply.finishes().await;
        visit.page.is_at_rest().await;
        let answer = latest(visit).await;
        let links = visit.page.within(&answer, "link").await;
        let mut seen = Vec::new();
        for link in &links {
            assert_eq!(visit.page.attribute_of(link, "target").await.as_deref(), Some("_blank"));
            assert_eq!(visit.page.attribute_of(link, "rel").await.as_deref(), Some("noopener noreferrer"));
            seen.push(visit.page.attribute_of(link, "href").await.unwrap());
        }
        assert_eq!(seen, ["https://a.test/one", "https://b.test/two"]);
        assert!(links[0].name.contains("Catalogue") && links[1].name.contains("b.test"), "{links:?}");
        // The numbers are drawn; a screen reader hears the place in the list instead.
        visit.page.sees("list", "Sources").await;
        let counted = "return getComputedStyle(arguments[0], '::before').content.startsWith('counter(');";
        assert!(visit.page.script_on::<bool>(&links[0], counted).await, "the sources have no numbers");
    });
}

#[test]
fn suggestions_are_buttons_that_ask() {
    Visitor::new().visits(async |visit| {
        let chat = in_the_chat(visit).await;
        visit.page.asks("Hello?").await;
        let mut reply = chat.next().await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("We sell lamps.").await;
        reply.sends(part(&json!({"type": "data-suggestions", "data": ["Which **ones**?", "How much?"]}))).await;
        reply.finishes().await;
        visit.page.sees("button", "How much?").await;
        visit.page.click("button", "Which **ones**?").await;
        let next = chat.next().await;
        assert_eq!(next.question(), "Which **ones**?");
        next.answers("All.").await;
        visit.page.sees_message(USER, "Which **ones**?").await;
        visit.page.is_at_rest().await;
        visit.page.does_not_see("button", "How much?").await;
    });
}
