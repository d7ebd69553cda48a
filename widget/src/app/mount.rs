//! Starting a widget in an element.

use std::fmt;
use std::rc::Rc;

use yew::Renderer;

use super::chat::{Chat, ChatProps};
use super::handle::Handle;
use crate::browser::dom::{self, Extra, HostElement, RootElement};
use crate::config::Config;
use crate::view;
use crate::view::by_ref::ByRef;

/// The element cannot hold a widget: it has no shadow root, and may not get one (`<input>`, `<a>` and the like).
#[derive(Debug)]
#[non_exhaustive]
pub struct MountError;

impl fmt::Display for MountError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the element cannot have a shadow root; use a <div> or a custom element")
    }
}

impl std::error::Error for MountError {}

/// Starts a widget in the open shadow root of `host`, which is made if there is none.
///
/// # Errors
/// When `host` cannot have a shadow root.
pub fn mount(host: &HostElement, config: Config) -> Result<Handle, MountError> {
    let root = dom::root_of(host).ok_or(MountError)?;
    Ok(mount_in(host.clone(), root, config, None))
}

/// Starts a widget in `root`, an element of the host's shadow root; what is in it is replaced.
pub(super) fn mount_in(host: HostElement, root: RootElement, config: Config, extras: Option<Extra>) -> Handle {
    dom::adopt_styles(&root, view::STYLES);
    // Asked before rendering, which takes the loader's launcher away.
    let had_focus = dom::has_focus(&root);
    let props = ChatProps { host, root: root.clone(), had_focus, messages: ByRef(Rc::default()), config, extras };
    let app = Renderer::<Chat>::with_root_and_props(root.into(), props.clone()).render();
    Handle::new(app, props)
}
