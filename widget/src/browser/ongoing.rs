//! What goes on in the browser until it is dropped, and what it calls meanwhile.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/browser/browser.js")]
extern "C" {
    fn end(ending: &JsValue);
}

/// What JavaScript calls. One type for all, since each costs bytes on both sides: so there is always an argument and an
/// answer, which most have no use for.
type Call = Closure<dyn FnMut(JsValue) -> bool>;

/// Something that has begun, such as a timer or a request. Once this is dropped it has ended and calls nothing any more.
#[must_use]
#[derive(Debug)]
pub(crate) struct Ongoing {
    /// The function that ends it.
    ending: JsValue,
    _call: Call,
}

impl Ongoing {
    /// What begins with `begin`, which gets `call` as a function and gives back the function that ends it.
    pub(super) fn new(call: impl FnMut(JsValue) -> bool + 'static, begin: impl FnOnce(&JsValue) -> JsValue) -> Self {
        let call = Call::new(call);
        Self { ending: begin(call.as_ref()), _call: call }
    }
}

impl Drop for Ongoing {
    fn drop(&mut self) {
        end(&self.ending);
    }
}

/// `call` as something that can be called again, and then does nothing.
pub(super) fn once(call: impl FnOnce(JsValue) + 'static) -> impl FnMut(JsValue) -> bool + 'static {
    let mut call = Some(call);
    move |given| {
        if let Some(call) = call.take() {
            call(given);
        }
        false
    }
}

/// `call` as a function for something that nothing ends. It is freed when JavaScript has forgotten it.
pub(super) fn handed_over(call: impl FnOnce(JsValue) + 'static) -> JsValue {
    Call::new(once(call)).into_js_value()
}
