//! `serde_json` is the oracle.

use proptest::prelude::*;

use super::*;

/// Ours as the oracle's, so that both can be compared.
fn oracle(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(oracle).collect(),
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), oracle(value))).collect(),
    }
}

fn as_floats(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Number(number) => number.as_f64().into(),
        serde_json::Value::Array(items) => items.into_iter().map(as_floats).collect(),
        serde_json::Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, as_floats(value))).collect()
        }
        other => other,
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (-9_007_199_254_740_991i64..=9_007_199_254_740_991).prop_map(Into::into),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::hash_map(".*", inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_the_oracle_writes(value in json()) {
        for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert_eq!(oracle(&Value::parse(&text).unwrap()), as_floats(value.clone()));
        }
    }

    #[test]
    fn refuses_what_the_oracle_refuses(text in "[\\[\\]{}\",:0-9.eE+\\-tfn rulasd\\\\/\n\t]{0,24}") {
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        // Out of range for the oracle only, and lone surrogates.
        let lenient = |e: &serde_json::Error| e.to_string().starts_with("number out of range") || text.contains("\\u");
        match (Value::parse(&text), theirs) {
            (Ok(_), Err(error)) => prop_assert!(lenient(&error), "{text:?} was read: {error}"),
            (Err(error), Ok(_)) => prop_assert!(false, "{text:?} was refused: {error:?}"),
            (Err(ParseError::Eof), Err(error)) => prop_assert!(error.is_eof() || lenient(&error), "{text:?}: {error}"),
            _ => {}
        }
    }

    #[test]
    fn the_oracle_reads_what_is_written(name in ".*", text in ".*", number in 0u64..1 << 53) {
        let json = Object::new().text(&name, &text).number("n", number).list("l", [text.len().to_string()].into_iter()).end();
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read["n"], number);
        prop_assert_eq!(&read["l"][0], text.len());
        prop_assert!(name == "n" || name == "l" || read[&name] == text);
    }
}

#[test]
fn every_beginning_is_told_from_nonsense() {
    let text = r#"{"a":[1.5e3,-2,true,false,null,"\u00e9\ud83d\ude00\n"],"b":{}}"#;
    assert!(Value::parse(text).is_ok());
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        assert_eq!(Value::parse(&text[..end]), Err(ParseError::Eof), "{}", &text[..end]);
    }
}

#[test]
fn numbers_and_surrogates() {
    assert_eq!(Value::parse("1795366800000").unwrap().as_u64(), Some(1_795_366_800_000));
    assert_eq!(Value::parse("1.5e3").unwrap(), Value::Number(1500.0));
    assert_eq!(Value::parse("-1").unwrap().as_u64(), None);
    assert_eq!(Value::parse("1.5").unwrap().as_u64(), None);
    assert_eq!(Value::parse(r#""\ud83d\ude00\ud83d\u0041\udc00""#).unwrap().as_str(), Some("😀\u{fffd}A\u{fffd}"));
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(Value::parse(&nested(128)).is_ok());
    assert_eq!(Value::parse(&nested(129)), Err(ParseError::Malformed));
    assert_eq!(Value::parse(&"[".repeat(1_000_000)), Err(ParseError::Malformed));
}

#[test]
fn numbers_are_written_as_the_standard_library_writes_them() {
    for number in [0, 9, 10, 1_795_366_800_000, u64::MAX] {
        assert_eq!(decimal(number), number.to_string());
    }
}
