//! Wiring: the root component, the effects that follow from its state, and the handle the page holds.

#[cfg(feature = "bundle")]
mod bundle;
mod chat;
mod effects;
mod gestures;
mod handle;
mod memory;
mod mount;
mod widget;

pub use handle::Handle;
pub use mount::{MountError, mount};
pub use widget::{ChatWidget, ChatWidgetProps, SharedHandle};
