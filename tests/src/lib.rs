//! What the end-to-end tests are written with.
//!
//! A test describes a visitor and says what the visitor does and sees:
//!
//! ```no_run
//! use natter_e2e::{Fixture, Visitor};
//!
//! Visitor::new().visits(async |visit| {
//!     let chat = visit.site.chat("chat");
//!     visit.opens(&Fixture::new().attr("endpoint", chat.path())).await;
//!     visit.page.opens_chat().await;
//!     visit.page.asks("Hello?").await;
//!     chat.next().await.answers("Hello!").await;
//!     visit.page.sees_message("assistant message", "Hello!").await;
//! });
//! ```
//!
//! - [`browser`]: the WebDriver process, and browser sessions shared between tests.
//! - [`engine`]: which browsers there are, and what not each of them can do.
//! - [`page`]: what a visitor sees and does. Elements are found by computed role and accessible name only.
//! - [`site`]: the real server on a free port, with pages the test writes.
//! - `project`: sites that were built of the npm package.
//! - [`stand_in`]: answers in the place of the real ones.
//! - [`chat`]: chat endpoints that the test answers itself, chunk by chunk; [`hostile`]: those that answer badly.
//! - [`visit`]: a visitor, a site and a page; and what is checked after every test.
//!
//! Nothing here sleeps for a fixed time: every wait is for a state, and says what was on the page when it gave up.

// A harness that cannot go on has failed the test, and says why by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod browser;
pub mod chat;
mod driver;
pub mod engine;
pub mod fixture;
pub mod history;
pub mod hostile;
pub mod page;
mod project;
pub mod site;
pub mod stand_in;
pub mod visit;
pub mod wait;

pub use chat::{Chat, Dialect, Exchange};
pub use fixture::Fixture;
pub use hostile::Hostile;
pub use page::{Element, Page};
pub use site::{PostBox, Site};
pub use stand_in::StandIn;
pub use visit::{Visit, Visitor};
