//! The interface's texts in each language: whole, small, and with the plural forms that browsers ask for.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use natter_widget::Config;
use natter_widget::model::strings::{ENGLISH, NAMES, Strings};
use serde_json::{Map, Value};

/// Options of their own, which a language has a default for.
const OPTIONS: [&str; 3] = ["greeting", "placeholder", "title"];
/// Texts with a number.
const COUNTED: [&str; 3] = ["characters_left", "retry_in", "unread"];

fn locales() -> BTreeMap<String, Map<String, Value>> {
    let folder = fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/locales")).unwrap();
    let locales = folder.map(|entry| {
        let path = entry.unwrap().path();
        let tag = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let texts = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{tag}: {error}"));
        (tag, texts)
    });
    locales.collect()
}

/// The plural categories of a language by CLDR 45, `other` aside, which all have.
fn categories(tag: &str) -> &'static [&'static str] {
    match tag {
        "ar" => &["few", "many", "one", "two", "zero"],
        "cs" | "pl" | "ru" | "uk" => &["few", "many", "one"],
        "es" | "fr" | "it" | "pt" => &["many", "one"],
        "he" => &["one", "two"],
        "ro" => &["few", "one"],
        "id" | "ja" | "ko" | "th" | "vi" | "zh" | "zh-Hant" => &[],
        _ => &["one"],
    }
}

#[test]
fn there_are_two_dozen_languages_of_all_kinds() {
    let locales = locales();
    assert!(locales.len() >= 25, "{} with English", locales.len());
    for tag in ["ar", "en", "fa", "he", "hi", "ja", "ko", "zh", "zh-Hant"] {
        assert!(locales.contains_key(tag), "{tag} is missing");
    }
}

#[test]
fn no_language_misses_a_text_or_has_one_too_many() {
    let wanted: BTreeSet<&str> = NAMES.into_iter().chain(OPTIONS).collect();
    for (tag, texts) in locales() {
        let has: BTreeSet<&str> = texts.keys().map(String::as_str).collect();
        let (missing, unknown): (Vec<_>, Vec<_>) =
            (wanted.difference(&has).collect(), has.difference(&wanted).collect());
        assert!(missing.is_empty() && unknown.is_empty(), "{tag}: missing {missing:?}, unknown {unknown:?}");
    }
}

#[test]
fn texts_are_texts_and_what_is_counted_has_the_languages_own_forms() {
    for (tag, texts) in locales() {
        for (name, text) in &texts {
            let Value::Object(forms) = text else {
                assert!(!COUNTED.contains(&name.as_str()), "{tag}: {name} has no forms");
                assert!(text.as_str().is_some_and(|text| !text.trim().is_empty()), "{tag}: {name} is {text}");
                continue;
            };
            assert!(COUNTED.contains(&name.as_str()), "{tag}: {name} has forms");
            let has: BTreeSet<&str> = forms.keys().map(String::as_str).collect();
            assert_eq!(has, categories(&tag).iter().copied().chain(["other"]).collect(), "{tag}: {name}");
            let form = |category: &str| forms[category].as_str().unwrap_or_default();
            assert!(form("other").matches("{n}").count() == 1, "{tag}: {name} has no place for its number");
            assert!(has.iter().all(|category| !form(category).contains('\n')), "{tag}: lines divide forms");
        }
    }
}

#[test]
fn the_english_file_is_what_is_built_in() {
    let english = serde_json::to_string(&locales()["en"]).unwrap();
    let named = Strings::named(&english, &OPTIONS).unwrap();
    for n in [0, 1, 2, -1, 21] {
        let counts = |it: &Strings| [it.unread(), it.characters_left(), it.retry_in()].map(|forms| it.count(forms, n));
        assert_eq!(counts(named), counts(&ENGLISH));
    }
    let mut texts = locales().remove("en").unwrap();
    texts.retain(|_, text| text.is_string());
    let texts = serde_json::to_string(&texts).unwrap();
    assert_eq!(format!("{:?}", Strings::named(&texts, &OPTIONS).unwrap()), format!("{ENGLISH:?}"));
    let config = Config::default();
    assert_eq!(format!("{:?}", config.clone().strings(&texts)), format!("{config:?}"), "title, greeting, placeholder");
}

#[test]
fn every_file_can_be_given_to_the_crate_as_it_is() {
    for (tag, texts) in locales() {
        let config = Config::default().strings(&serde_json::to_string(&texts).unwrap());
        let title = texts["title"].as_str().unwrap().to_owned();
        assert!(format!("{config:?}").contains(&format!("{title:?}")), "{tag}");
    }
}

/// As a browser gets it: 3 KB is the limit of the build, which measures with brotli. Without it the texts of two bytes
/// and more a letter may take a little more.
#[test]
fn a_file_is_small() {
    for (tag, texts) in locales() {
        let characters = serde_json::to_string(&texts).unwrap().chars().count();
        assert!(characters < 3_000, "{tag} has {characters} characters");
    }
}
