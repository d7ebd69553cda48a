//! The widget through its public API, in a real browser: `cargo xtask test wasm`.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)] // As in any test; clippy does not know these for tests.

mod component;
mod events;
mod focus;
mod memory;
mod mounting;
mod page;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
