//! Natter: an AI chat widget as a Yew component.
//!
//! A launcher floats in a corner of the page; it opens a window in which the visitor talks to your own chat endpoint.
//! Replies stream in, and the conversation stays on the visitor's device. Everything lives in a shadow root, so the
//! page's styles and the widget's do not meet.
//!
//! As a component:
//!
//! ```
//! use natter_widget::{ChatWidget, Config};
//! use yew::prelude::*;
//!
//! #[component]
//! fn App() -> Html {
//!     let config = Config::default().endpoint("/api/chat").title("Ask Ada").accent("rebeccapurple");
//!     html! {
//!         <>
//!             <h1>{ "My page" }</h1>
//!             <ChatWidget {config} />
//!         </>
//!     }
//! }
//! ```
//!
//! Without Yew, [`mount`] starts a widget in any element and gives a [`Handle`] to control it.
//!
//! The widget sends `POST` requests of `{"id","messages":[{"role","content"}]}` and reads server-sent events of several
//! dialects, plain text and JSON; the crate `natter-protocol` describes them.

mod app;
mod browser;
mod config;
// Public for the build, which renders the launcher without a browser, and for the benches; not part of the API.
#[doc(hidden)]
pub mod model;
#[doc(hidden)]
pub mod view;

pub use app::{ChatWidget, ChatWidgetProps, Handle, MountError, SharedHandle, mount};
pub use config::{Analytics, Config, Credentials, Mode, Position, RequestFormat, Storage, Theme};

// The example there is compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
