//! Whether a finger or an unsteady hand hits what it means (WCAG 2.2, 2.5.8 and 2.5.3).

use natter_e2e::Visitor;
use natter_e2e::engine::Ability;

use super::{measures, stocked, walks_through};

#[test]
fn every_control_is_24_px_wide_and_high() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        visit.page.is_sized(320, 640).await;
        walks_through(visit, &page, &chat, "en", async |state| {
            let small: Vec<String> = measures(visit, "return small(24);").await;
            assert!(small.is_empty(), "{state}: {small:?}");
            let measured: usize = measures(visit, "return controls().length;").await;
            assert!(measured > 0, "{state}: nothing was measured");
        })
        .await;
    });
}

#[test]
fn a_finger_gets_44_px_to_open_to_send_and_to_leave() {
    Visitor::new().needing(Ability::Touch).with_phone().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            let names = ["Open chat", "Send message", "Stop", "Minimize", "Expand", "Close chat"];
            let code = format!(
                "return small(44, controls().filter((e) => {names:?}.includes(e.getAttribute('aria-label'))));"
            );
            let small: Vec<String> = measures(visit, &code).await;
            assert!(small.is_empty(), "{state}: {small:?}");
        })
        .await;
    });
}

#[test]
fn what_is_written_on_a_control_is_in_its_name() {
    Visitor::new().with_less_motion().visits(async |visit| {
        let (page, chat) = stocked(visit);
        walks_through(visit, &page, &chat, "en", async |state| {
            for role in ["button", "link"] {
                for control in visit.page.all(role, None).await {
                    let written = visit.page.text_of(&control).await;
                    let (name, written) = (control.name.to_lowercase(), written.trim().to_lowercase());
                    assert!(!name.is_empty(), "{state}: a {role} has no name");
                    assert!(name.contains(&written), "{state}: “{written}” is written on the {role} “{name}”");
                }
            }
        })
        .await;
    });
}
