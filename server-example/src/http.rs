//! Requests that the server makes itself.

use std::time::Duration;

use reqwest::{Client, redirect};

/// A client that gives up connecting after `connect` and follows no redirect: a key, or what a visitor said, must not be
/// led elsewhere.
///
/// # Errors
/// When there is no TLS to be had.
pub(crate) fn client(connect: Duration) -> reqwest::Result<Client> {
    // Fails only when there is a provider already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().connect_timeout(connect).redirect(redirect::Policy::none()).build()
}
