//! The notes that fit a question.

use crate::common::Server;
use crate::common::upstream::Upstream;
use crate::{between, body, folder, serving, system};

#[tokio::test]
async fn only_notes_that_fit_the_question_are_read() {
    let (folder, write) = folder();
    write("notes/refunds.md", "## Refunds\n\nWithin thirty days, by post.\n\n## Parking\n\nBehind the house.\n");
    let mut upstream = Upstream::start().await;
    let server = serving(&upstream, folder.path()).await;

    let asked = body(&server, &mut upstream, &["Can I get a refund?"]).await;
    let notes = between(system(&asked), "notes");
    assert!(notes.starts_with("### Refunds\n\nWithin thirty days") && !notes.contains("Behind"), "{notes}");

    let other = body(&server, &mut upstream, &["Who won the world cup?"]).await;
    assert!(!system(&other).contains("<notes>"), "{other}");

    // What leans on the question before is looked up together with it.
    let turns = ["Do you have parking?", "Yes.", "And is it far?"];
    let after = body(&server, &mut upstream, &turns).await;
    assert!(between(system(&after), "notes").contains("Behind the house."), "{after}");
}

#[tokio::test]
async fn notes_stay_within_their_budget() {
    let (folder, write) = folder();
    let sections: Vec<_> = (0..9).map(|n| format!("## Refund {n}\n\n{}\n", "refund money ".repeat(40))).collect();
    write("notes/refunds.md", &sections.join("\n"));
    for budget in [0, 100, 700, 100_000] {
        let mut upstream = Upstream::start().await;
        let settings = upstream.with(|s| {
            s.context.knowledge = Some(folder.path().join("notes"));
            s.context.knowledge_budget = budget;
        });
        let server = Server::start(settings).await;
        let asked = body(&server, &mut upstream, &["How do I get a refund of my money?"]).await;
        let length = between(system(&asked), "notes").chars().count();
        assert!(length <= budget && (budget == 0 || length >= budget.min(2000) / 2), "{length} of {budget}");
    }
}
