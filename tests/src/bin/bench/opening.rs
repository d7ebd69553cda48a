//! Opening the window with a stored conversation, the app being loaded already.

use natter_e2e::history;
use serde::Serialize;
use serde_json::{Value, json};

use crate::lab::{Lab, Subject};
use crate::metrics::Cpu;
use crate::options::Options;
use crate::profile::Profile;
use crate::reply;

/// How many messages are stored.
pub(crate) const SIZES: [usize; 2] = [50, 500];
/// Characters of each.
const LENGTH: usize = 500;

/// What opening took.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Opened {
    /// From the click until all messages are painted, ms of wall clock.
    pub(crate) wall: f64,
    /// Meanwhile.
    pub(crate) cpu: Cpu,
}

/// The widget's figures and the plain page's.
pub(crate) async fn measure(lab: &Lab, options: &Options, messages: usize) -> (Opened, Opened) {
    let stored = stored(messages);
    (open(lab, options, Subject::Widget, &stored).await, open(lab, options, Subject::Plain, &stored).await)
}

async fn open(lab: &Lab, options: &Options, subject: Subject, stored: &[Value]) -> Opened {
    lab.visit(subject, false, Some(&json!(stored))).await;
    let area = lab.page.area_of(&lab.page.sees("button", "Open chat…").await).await;
    let at = |kind: &str, buttons: u8| {
        let (x, y) = (f64::midpoint(area.left, area.right), f64::midpoint(area.top, area.bottom));
        json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1})
    };
    lab.devtools("Input.dispatchMouseEvent", at("mouseMoved", 0)).await;
    // The widget has its greeting above them.
    let shown = stored.len() + usize::from(subject == Subject::Widget);
    lab.does(&format!("gauge.awaitClick({shown});")).await;

    let folder = options.profile.as_deref().filter(|_| subject == Subject::Widget);
    let profile = Profile::start(lab, folder).await;
    let before = lab.cpu().await;
    lab.devtools("Input.dispatchMouseEvent", at("mousePressed", 1)).await;
    lab.devtools("Input.dispatchMouseEvent", at("mouseReleased", 0)).await;
    let wall = lab.asks_for("return await gauge.opened;").await;
    let cpu = lab.cpu().await - before;
    profile.stop(&format!("open-{}", stored.len())).await;
    Opened { wall, cpu }
}

/// Questions and answers in turn.
fn stored(messages: usize) -> Vec<Value> {
    let text = reply::text(messages * LENGTH);
    let texts: Vec<String> = text.as_bytes().chunks(LENGTH).map(|part| String::from_utf8_lossy(part).into()).collect();
    let roles = ["user", "assistant"].into_iter().cycle();
    let messages: Vec<(&str, &str)> = roles.zip(texts.iter().map(String::as_str)).take(messages).collect();
    history::stored(&messages, history::now_ms())
}
