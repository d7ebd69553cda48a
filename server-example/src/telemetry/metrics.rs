//! Counters, gauges and times. Labels are few and of a fixed set: codes, routes, and the models of the settings.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use natter_protocol::error::ErrorCode;
use natter_protocol::event::Usage;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::settings::Price;

/// Seconds until the first token: from a cache to a model that thinks.
const FIRST_TOKEN: [f64; 12] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0];

/// Where questions are asked.
const CHAT: &str = "/api/chat";

/// Every figure, behind one cheap clone.
#[derive(Clone)]
pub(crate) struct Metrics(Arc<Figures>);

struct Figures {
    registry: Registry,
    prices: Vec<Price>,
    requests: Family<Request, Counter>,
    limited: Family<Limit, Counter>,
    first_token: Histogram,
    active: Gauge,
    tokens: Family<Tokens, Counter>,
    cost: Family<Model, Counter<f64, AtomicU64>>,
    upstream_errors: Family<UpstreamError, Counter>,
    redis_up: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limit {
    limit: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Tokens {
    model: String,
    direction: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Model {
    model: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct UpstreamError {
    model: String,
    code: &'static str,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    pub(crate) fn new(prices: Vec<Price>) -> Self {
        let mut registry = Registry::with_prefix("natter");
        let (requests, limited) = (Family::default(), Family::default());
        let (active, redis_up) = (Gauge::default(), Gauge::default());
        let (tokens, cost, upstream_errors) = (Family::default(), Family::default(), Family::default());
        let first_token = Histogram::new(FIRST_TOKEN);
        registry.register("requests", "Requests by how they ended", Family::clone(&requests));
        registry.register("limited", "Requests refused by a limit", Family::clone(&limited));
        let about = "From a question to the first token of its answer";
        registry.register_with_unit("first_token", about, Unit::Seconds, first_token.clone());
        registry.register("active_streams", "Answers on their way", active.clone());
        registry.register("tokens", "Tokens that models read and wrote", Family::clone(&tokens));
        registry.register("cost", "What they cost by the price table, estimated", Family::clone(&cost));
        registry.register("upstream_errors", "Failed attempts to have a model answer", Family::clone(&upstream_errors));
        registry.register("redis_up", "Whether Redis answers; 0 also when there is none", redis_up.clone());
        Self(Arc::new(Figures {
            registry,
            prices,
            requests,
            limited,
            first_token,
            active,
            tokens,
            cost,
            upstream_errors,
            redis_up,
        }))
    }

    /// A request to `route` got its response, which has this code when it was refused or failed. Whether a question
    /// was answered shows later, see [`Self::answered`].
    pub(super) fn responded(&self, route: &str, code: Option<ErrorCode>) {
        match code {
            Some(code @ (ErrorCode::RateLimited | ErrorCode::Overloaded | ErrorCode::BudgetExhausted)) => {
                self.0.limited.get_or_create(&Limit { limit: code.name() }).inc();
            }
            None if route == CHAT => return,
            _ => {}
        }
        self.ended_as(route, code.map_or("ok", ErrorCode::name));
    }

    /// An answer that had begun is over.
    pub(super) fn answered(&self, outcome: &'static str) {
        self.ended_as(CHAT, outcome);
    }

    fn ended_as(&self, route: &str, outcome: &'static str) {
        self.0.requests.get_or_create(&Request { route: route.into(), outcome }).inc();
    }

    pub(super) fn first_token(&self, after: Duration) {
        self.0.first_token.observe(after.as_secs_f64());
    }

    /// One more answer is on its way.
    pub(super) fn began(&self) {
        self.0.active.inc();
    }

    /// One less is.
    pub(super) fn ended(&self) {
        self.0.active.dec();
    }

    /// What one answer of `model` took.
    pub(crate) fn used(&self, model: &str, usage: Usage) {
        let counted = [("input", usage.input_tokens), ("output", usage.output_tokens)];
        for (direction, count) in counted {
            self.0.tokens.get_or_create(&Tokens { model: model.into(), direction }).inc_by(count);
        }
        if let Some(price) = self.0.prices.iter().find(|price| price.model == model) {
            let cost = usage.input_tokens as f64 * price.input + usage.output_tokens as f64 * price.output;
            self.0.cost.get_or_create(&Model { model: model.into() }).inc_by(cost / 1e6);
        }
    }

    /// An attempt to have `model` answer failed.
    pub(crate) fn upstream_failed(&self, model: &str, code: ErrorCode) {
        self.0.upstream_errors.get_or_create(&UpstreamError { model: model.into(), code: code.name() }).inc();
    }

    /// Everything in the text format of OpenMetrics 1.0, which Prometheus reads.
    pub(super) fn text(&self, redis_up: bool) -> String {
        self.0.redis_up.set(redis_up.into());
        let mut out = String::new();
        // Writing to a text does not fail.
        let _ = text::encode(&mut out, &self.0.registry);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_cost_what_the_table_says() {
        let price = Price { model: "m".into(), input: 0.5, output: 2.0 };
        let metrics = Metrics::new(vec![price]);
        metrics.used("m", Usage { input_tokens: 1_000_000, output_tokens: 250_000 });
        metrics.used("free", Usage { input_tokens: 7, output_tokens: 0 });
        let text = metrics.text(true);
        for line in [
            "natter_cost_total{model=\"m\"} 1.0",
            "natter_tokens_total{model=\"m\",direction=\"output\"} 250000",
            "natter_tokens_total{model=\"free\",direction=\"input\"} 7",
            "natter_redis_up 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(!text.contains("natter_cost_total{model=\"free\"}"));
    }

    #[test]
    fn a_refusal_by_a_limit_is_counted_as_one() {
        let metrics = Metrics::new(Vec::new());
        metrics.responded(CHAT, Some(ErrorCode::RateLimited));
        metrics.responded(CHAT, Some(ErrorCode::InvalidRequest));
        metrics.responded(CHAT, None);
        let text = metrics.text(false);
        assert!(text.contains("natter_limited_total{limit=\"rate_limited\"} 1"), "{text}");
        assert!(text.contains("natter_requests_total{route=\"/api/chat\",outcome=\"invalid_request\"} 1"), "{text}");
        assert!(!text.contains("limit=\"invalid_request\"") && !text.contains("outcome=\"ok\""), "{text}");
    }
}
