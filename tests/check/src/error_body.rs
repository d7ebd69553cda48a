//! The body every error has.

use serde_json::Value;

use crate::reply::Reply;
use crate::report::{Check, Verdict, fault, skip};

/// Every code with its status and type.
const CODES: &[(&str, u16, &str)] = &[
    ("invalid_request", 400, "invalid_request"),
    ("origin_not_allowed", 403, "forbidden"),
    ("not_found", 404, "invalid_request"),
    ("method_not_allowed", 405, "invalid_request"),
    ("request_timeout", 408, "invalid_request"),
    ("too_large", 413, "invalid_request"),
    ("unsupported_media_type", 415, "invalid_request"),
    ("rate_limited", 429, "rate_limit"),
    ("budget_exhausted", 429, "budget"),
    ("internal", 500, "internal"),
    ("upstream_failed", 502, "upstream"),
    ("upstream_busy", 503, "upstream"),
    ("overloaded", 503, "overloaded"),
    ("unavailable", 503, "unavailable"),
    ("upstream_timeout", 504, "upstream"),
];
const FIELDS: [&str; 6] = ["type", "code", "message", "param", "retryable", "request_id"];

/// Judges all errors of a run, those provoked and those that just came.
pub(crate) fn checks(seen: &[Reply]) -> Vec<Check> {
    let errors: Vec<_> = seen.iter().filter(|reply| reply.of_endpoint && reply.status >= 400).collect();
    let all = |judge: fn(&Reply) -> Verdict| {
        if errors.is_empty() {
            Err(skip("there was no error"))
        } else {
            errors.iter().try_for_each(|reply| judge(reply))
        }
    };
    vec![
        Check::new(
            "errors.body",
            "An error is application/json: {\"error\": {type, code, message, param, retryable, request_id}}",
            all(shape),
        ),
        Check::new("errors.request-id", "An error names the request as X-Request-Id does", all(request_id)),
        Check::new("errors.codes", "Status, type, code and retryable fit each other", all(codes)),
        Check::new("errors.server", "What a client does wrong is never a 5xx", all(no_failure)),
    ]
}

fn detail(reply: &Reply) -> Value {
    reply.json().map_or(Value::Null, |mut body| body["error"].take())
}

fn shape(reply: &Reply) -> Verdict {
    let fix = "Answer every error as application/json with {\"error\":{\"type\":\"…\",\"code\":\"…\",\"message\":\"what \
               the visitor reads\",\"param\":null,\"retryable\":false,\"request_id\":\"…\"}}.";
    let error = detail(reply);
    let fields =
        error.as_object().map(|fields| fields.keys().map(String::as_str).collect::<Vec<_>>()).unwrap_or_default();
    let exact = fields.len() == FIELDS.len() && FIELDS.iter().all(|field| fields.contains(field));
    let typed = ["type", "code", "message", "request_id"].iter().all(|field| error[field].is_string())
        && error["retryable"].is_boolean()
        && (error["param"].is_null() || error["param"].is_string());
    if reply.media_type() == "application/json" && exact && typed {
        return Ok(());
    }
    Err(fault(reply.summary(), fix))
}

fn request_id(reply: &Reply) -> Verdict {
    let (body, header) = (detail(reply)["request_id"].clone(), reply.header("x-request-id"));
    if body == header && !header.is_empty() {
        return Ok(());
    }
    Err(fault(
        format!("{}: request_id is {body}, X-Request-Id {header:?}", reply.what),
        "Send the same id in the header X-Request-Id and in error.request_id.",
    ))
}

fn codes(reply: &Reply) -> Verdict {
    let error = detail(reply);
    let text = |field: &str| error[field].as_str().unwrap_or_default();
    let fault = |saw: String, fix: String| Err(fault(format!("{}: {saw}", reply.what), fix));
    if let Some((code, status, kind)) = CODES.iter().find(|(code, ..)| *code == text("code")) {
        if *status != reply.status {
            return fault(format!("{code} with {}", reply.status), format!("Answer {code} with the status {status}."));
        }
        if *kind != text("type") {
            return fault(format!("{code} with the type {:?}", text("type")), format!("Give {code} the type {kind}."));
        }
    }
    let hopeless = matches!(reply.status, 400 | 403 | 404 | 405 | 413 | 415);
    if hopeless && error["retryable"] != false {
        let status = reply.status;
        return fault(
            format!("{status} with retryable: {}", error["retryable"]),
            format!("Set retryable to false with {status}: the same request will be refused again."),
        );
    }
    Ok(())
}

fn no_failure(reply: &Reply) -> Verdict {
    if reply.status != 500 && reply.status != 501 {
        return Ok(());
    }
    Err(fault(
        reply.summary(),
        "Check what clients send before you use it, and answer 400: a 500 is a failure of yours.",
    ))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, HeaderValue};
    use serde_json::json;

    use super::*;
    use crate::reply::{End, Piece};

    fn reply(status: u16, error: &Value) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("x-request-id", HeaderValue::from_static("7"));
        let bytes = json!({ "error": error }).to_string().into_bytes();
        let pieces = vec![Piece { at: std::time::Duration::ZERO, bytes }];
        Reply { what: "a request".into(), of_endpoint: true, status, headers, pieces, end: End::Clean }
    }

    fn error(code: &str, kind: &str) -> Value {
        json!({"type": kind, "code": code, "message": "No", "param": null, "retryable": false, "request_id": "7"})
    }

    #[test]
    fn the_shape_is_exact() {
        let sound = error("invalid_request", "invalid_request");
        for judge in [shape, request_id, codes] {
            assert_eq!(judge(&reply(400, &sound)), Ok(()));
        }
        for (field, wrong) in [("message", Value::Null), ("retryable", "no".into()), ("extra", 1.into())] {
            let mut error = sound.clone();
            error[field] = wrong;
            assert!(shape(&reply(400, &error)).is_err(), "{field}");
        }
        assert!(shape(&reply(400, &"text".into())).is_err());
    }

    #[test]
    fn a_code_has_its_status_and_type() {
        assert!(codes(&reply(500, &error("invalid_request", "invalid_request"))).is_err());
        assert!(codes(&reply(400, &error("invalid_request", "upstream"))).is_err());
        assert_eq!(codes(&reply(400, &error("a_code_of_mine", "mine"))), Ok(()));
        let mut hopeful = error("invalid_request", "invalid_request");
        hopeful["retryable"] = true.into();
        assert!(codes(&reply(400, &hopeful)).is_err());
    }
}
