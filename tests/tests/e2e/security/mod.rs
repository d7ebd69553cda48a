//! What a careful site asks of a script it lets in.

mod chain;
mod policy;
mod review;

use std::fs;

use natter_e2e::Visit;

/// What stands in dist/ under that name.
fn real(name: &str) -> Vec<u8> {
    fs::read(format!("{}/../dist/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Waits for a warning or an error on the console that holds `text`.
async fn is_told(visit: &Visit, text: &str) {
    let told = async || {
        let probe = visit.probe().await;
        let said = probe.warnings.iter().chain(&probe.errors).any(|said| said.contains(text));
        said.then_some(())
    };
    visit.page.waits(&format!("the console saying “{text}”"), told).await;
}
