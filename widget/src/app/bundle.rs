//! What the script bundle exports to the loader: the contract is in docs/architecture.md.

#![allow(unreachable_pub)] // Reached from JavaScript.

use natter_protocol::json::{Value, array};
use wasm_bindgen::prelude::*;

use super::handle::Handle;
use super::mount::mount_in;
use crate::browser::console;
use crate::browser::dom::{self, Extra, HostElement, RootElement};
use crate::config::Config;
use crate::model::message::ChatMessage;

/// Starts a widget in `root`, which stands in the shadow root of `host`. `options` is a list of names and values, in JSON;
/// `extras` does what is beside the app, given its name and what it is about.
#[wasm_bindgen]
pub fn mount(host: HostElement, root: RootElement, options: &str, extras: JsValue) -> Instance {
    let mut said = Vec::new();
    let config = read(options, &mut said);
    Instance { handle: Some(mount_in(host, root, config, Some(Extra::from(extras)))), said }
}

/// A running widget as JavaScript holds it. After `destroy` the calls do nothing.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Instance {
    handle: Option<Handle>,
    /// What the console was told already.
    said: Vec<String>,
}

#[wasm_bindgen]
#[allow(missing_docs)] // The names are those of `Handle`.
impl Instance {
    pub fn open(&self) {
        self.with(Handle::open);
    }

    pub fn close(&self) {
        self.with(Handle::close);
    }

    pub fn toggle(&self) {
        self.with(Handle::toggle);
    }

    pub fn minimize(&self) {
        self.with(Handle::minimize);
    }

    pub fn expand(&self) {
        self.with(Handle::expand);
    }

    pub fn send(&self, text: String) {
        self.with(|handle| handle.send(text));
    }

    pub fn stop(&self) {
        self.with(Handle::stop);
    }

    pub fn clear(&self) {
        self.with(Handle::clear);
    }

    pub fn read(&self) {
        self.with(Handle::read);
    }

    #[wasm_bindgen(js_name = getMessages)]
    pub fn get_messages(&self) -> JsValue {
        let messages = self.handle.as_ref().map(Handle::messages).unwrap_or_default();
        dom::to_js(&array(messages.iter().map(ChatMessage::to_json)))
    }

    pub fn markdown(&self) -> JsValue {
        self.handle.as_ref().map(Handle::markdown).unwrap_or_default().into()
    }

    pub fn update(&mut self, options: &str) {
        let config = read(options, &mut self.said);
        if let Some(handle) = &mut self.handle {
            handle.update(config);
        }
    }

    pub fn destroy(&mut self) {
        if let Some(handle) = self.handle.take() {
            handle.destroy();
        }
    }

    fn with(&self, act: impl FnOnce(&Handle)) {
        if let Some(handle) = &self.handle {
            act(handle);
        }
    }
}

/// The settings in `options`; each complaint about them goes to the console once.
fn read(options: &str, said: &mut Vec<String>) -> Config {
    let options = Value::parse(options).unwrap_or(Value::Null);
    let pairs = options.as_array().unwrap_or_default().iter();
    let mut config = Config::default();
    for complaint in config.apply(pairs.filter_map(|pair| Some((pair[0].as_str()?, pair[1].as_str()?)))) {
        if !said.contains(&complaint) {
            console::warn(&complaint);
            said.push(complaint);
        }
    }
    config
}

/// Two thirds smaller than the standard library's, and as fast for a widget's few allocations.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();
