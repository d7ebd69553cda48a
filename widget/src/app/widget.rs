//! The widget as a component of somebody's own Yew application.

use yew::prelude::*;

use super::handle::Handle;
use super::mount::mount;
use crate::browser::{console, dom};
use crate::config::Config;

/// See [`ChatWidget`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ChatWidgetProps {
    /// The settings; a change is taken over at once.
    #[prop_or_default]
    pub config: Config,
    /// Called once, when the widget is on the page, with what controls it.
    #[prop_or_default]
    pub on_mount: Callback<SharedHandle>,
}

/// The running widget, shared with the component.
pub type SharedHandle = std::rc::Rc<std::cell::RefCell<Option<Handle>>>;

/// A chat widget: an element with the launcher and the window in its shadow root.
#[component]
pub fn ChatWidget(props: &ChatWidgetProps) -> Html {
    let node = use_node_ref();
    let handle: SharedHandle = use_mut_ref(|| None);
    {
        let (node, handle) = (node.clone(), handle.clone());
        let (config, on_mount) = (props.config.clone(), props.on_mount.clone());
        use_effect_with((), move |()| {
            if let Some(host) = node.cast::<dom::HostElement>() {
                match mount(&host, config) {
                    Ok(mounted) => {
                        handle.replace(Some(mounted));
                        on_mount.emit(handle.clone());
                    }
                    Err(error) => console::warn(&error.to_string()),
                }
            }
            move || {
                if let Some(mounted) = handle.take() {
                    mounted.destroy();
                }
            }
        });
    }
    {
        let first = use_mut_ref(|| true);
        use_effect_with(props.config.clone(), move |config| {
            if !first.replace(false)
                && let Some(handle) = handle.borrow_mut().as_mut()
            {
                handle.update(config.clone());
            }
        });
    }
    // Not <natter-chat>: where the script is on the page as well, that one belongs to it.
    html! { <div ref={node} /> }
}
