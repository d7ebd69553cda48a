//! Pictures for the README: `cargo run -p natter-e2e --bin screenshots` writes `docs/screenshots/*.png`.
//!
//! The page is the real demo site and the widget the committed one; only the answers come from a script and the clock
//! stands still, so that two runs give the same pictures.

// A picture that cannot be taken ends the program, and the panic says why.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use natter_e2e::browser::{RUNTIME, Session, Wants};
use natter_e2e::{Chat, Dialect, Exchange, Page, Site};
use natter_server_example::Settings;
use serde_json::json;
use thirtyfour::Key;

const QUESTION: &str = "Can I put Natter on my own site?";
const ANSWER: &str = "Yes, with one line:\n\n\
    Add the script tag before the end of your page, and point it at your chat endpoint. \
    The launcher shows at once; the rest loads when a visitor wants it.\n\n\
    Nothing else is needed, and nothing is asked of other sites.";

/// Ten past ten in the morning, where the tests live.
const CLOCK: &str = "(() => { const at = 1790000000000 - (1790000000000 % 86400000) + 16800000; \
    const Real = Date; \
    window.Date = class extends Real { constructor(...args) { args.length ? super(...args) : super(at); } \
        static now() { return at; } }; })();";

fn main() {
    RUNTIME.block_on(async {
        let plain = Wants { reduced_motion: true, ..Wants::default() };
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/screenshots");
        fs::create_dir_all(&folder).unwrap();

        let studio = Studio::new(&plain, &folder).await;
        studio.launcher().await;
        let studio = studio.again(&plain).await;
        studio.conversation().await;
        let studio = studio.again(&plain).await;
        studio.error().await;
        let studio = studio.again(&plain).await;
        studio.contact().await;
        let studio = studio.again(&Wants { dark: true, ..plain.clone() }).await;
        studio.one("dark").await;
        let studio = studio.again(&Wants { phone: true, ..plain.clone() }).await;
        studio.one("phone").await;
        studio.session.discard().await;
    });
}

/// A visitor at the demo site, and where the pictures go.
struct Studio {
    site: Site,
    page: Page,
    chat: Chat,
    session: Session,
    folder: PathBuf,
}

impl Studio {
    async fn new(wants: &Wants, folder: &Path) -> Self {
        let session = Session::open(wants).await;
        session.devtools("Page.addScriptToEvaluateOnNewDocument", json!({"source": CLOCK})).await;
        session.devtools("Emulation.setScrollbarsHidden", json!({"hidden": true})).await;
        let site = Site::with(Settings::default()).await;
        let chat = site.chat_at("/api/chat");
        let page = session.page();
        page.goes_to(&site.origin()).await;
        Self { site, page, chat, session, folder: folder.to_owned() }
    }

    /// Everything anew: another browser on another origin.
    async fn again(self, wants: &Wants) -> Self {
        let Self { session, folder, site, .. } = self;
        session.discard().await;
        drop(site);
        Self::new(wants, &folder).await
    }

    async fn takes(&self, name: &str) {
        // The pointer rests where the launcher was, and the caret blinks.
        self.page.points_nowhere().await;
        let still = "focused()?.style.setProperty('caret-color', 'transparent'); return null;";
        self.page.script::<Option<bool>>(still, vec![]).await;
        let path = self.folder.join(format!("{name}.png"));
        fs::write(&path, self.page.picture().await).unwrap();
        println!("{}", path.display());
    }

    async fn opens(&self) {
        self.page.click("button", "Open chat…").await;
        self.page.sees("button", "Close chat").await;
    }

    async fn asks(&self, question: &str) -> Exchange {
        self.page.has_focus("textbox", "…").await;
        self.page.types(question).await;
        self.page.presses(Key::Enter).await;
        self.chat.next().await
    }

    async fn answered(&self) {
        self.asks(QUESTION).await.answers(ANSWER).await;
        self.page.sees_message("assistant message", "nothing is asked of other sites.").await;
        self.page.is_at_rest().await;
    }

    async fn launcher(&self) {
        self.page.sees("button", "Open chat…").await;
        self.takes("launcher").await;
    }

    async fn conversation(&self) {
        self.opens().await;
        self.answered().await;
        self.takes("open").await;
        let mut reply = self.asks("And what does it cost?").await;
        reply.begins(Dialect::UiMessage).await;
        reply.says("Nothing: it is open source, and the server that answers is").await;
        self.page.sees_message("assistant message", "the server that answers is").await;
        self.takes("streaming").await;
        reply.says(" yours.").await;
        reply.finishes().await;
        self.page.is_at_rest().await;
        self.page.click("button", "Minimize").await;
        self.page.sees("button", "Expand").await;
        self.takes("minimized").await;
    }

    async fn error(&self) {
        self.opens().await;
        self.answered().await;
        self.asks("And what does it cost?").await.fails(
            429,
            "rate_limited",
            "Too many requests. Please try again later.",
        );
        self.page.sees("button", "Retry").await;
        self.takes("error").await;
    }

    async fn contact(&self) {
        self.opens().await;
        self.asks(QUESTION).await.fails(503, "unavailable", "The assistant is unavailable right now.");
        self.page.sees("form", "Contact us").await;
        self.page.fills("textbox", "Name", "Ada Lovelace").await;
        self.takes("contact").await;
    }

    async fn one(&self, name: &str) {
        self.opens().await;
        self.answered().await;
        self.takes(name).await;
    }
}
