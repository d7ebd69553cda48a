//! The table of settings beside everything that repeats it: the documentation, the types, the builder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{Config, SETTINGS};

/// What the script alone makes sense of.
const OF_THE_BUNDLE: [&str; 6] = ["container", "trigger", "locale", "preload", "mount", "debug"];

const SOURCE: &str = include_str!("../config.rs");

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text between `from` and the next `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("{from:?} is not there"));
    rest.split_once(to).unwrap_or_else(|| panic!("there is no {to:?} after {from:?}")).0
}

fn camel(name: &str) -> String {
    let mut words = name.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| camel + &word[..1].to_uppercase() + &word[1..])
}

/// A name as it is in any of the cases.
fn caseless(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a comment says after `Default`, between backticks or up to the sentence's end.
fn default_in(comment: &str) -> Option<String> {
    let (_, said) = comment.split_once("Default ").or_else(|| comment.split_once("default "))?;
    let said = said.trim_start_matches('[');
    let value = match said.strip_prefix('`') {
        Some(value) => value.split('`').next(),
        None => said.split(['.', ',', ':']).next(),
    };
    value.map(str::to_owned)
}

/// A row of a Markdown table that begins with an attribute's name.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let table = markdown.lines().skip_while(|line| !line.starts_with("| attribute |")).skip(2);
    let cells = |line: &str| line.trim_matches('|').split(" |").map(|cell| cell.trim().replace('`', "")).collect();
    table.take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// Attribute, name in JavaScript, values, default, meaning.
fn documented() -> Vec<Vec<String>> {
    rows(&read("docs/configuration.md"))
}

/// The default of each setting that has one, as it is documented.
fn defaults() -> BTreeMap<String, String> {
    let rows = documented().into_iter().map(|row| (row[0].clone(), row[3].clone()));
    rows.filter(|(_, default)| !default.is_empty()).collect()
}

/// The values of a setting that takes one of a few.
fn choices(accepts: &str) -> Option<Vec<&str>> {
    let choices: Vec<_> = accepts.split(", ").collect();
    choices.iter().all(|choice| !choice.contains(' ')).then_some(choices)
}

#[test]
fn the_documentation_has_every_setting_with_what_it_accepts() {
    let documented: Vec<_> =
        documented().into_iter().map(|row| (row[0].clone(), row[1].clone(), row[2].clone())).collect();
    let table: Vec<_> = SETTINGS
        .iter()
        .map(|setting| {
            let camel = if setting.name == "mount" { String::new() } else { camel(setting.name) };
            (setting.name.to_owned(), camel, setting.accepts.to_owned())
        })
        .collect();
    assert_eq!(documented, table, "docs/configuration.md and SETTINGS");
    assert!(self::documented().iter().all(|row| row.len() == 5 && row[4].len() > 3), "something has no meaning");
}

#[test]
fn what_is_documented_as_the_default_changes_nothing_and_anything_else_has_none() {
    let defaults = defaults();
    for (name, value) in &defaults {
        let mut config = Config::default();
        assert_eq!(config.apply([(name.as_str(), value.as_str())]), Vec::<String>::new());
        assert_eq!(config, Config::default(), "{name}={value} is not the default");
    }
    // `{:?}` names the fields, and what is not set is `None` or `[]`.
    let unset = format!("{:?}", Config { strings: &crate::model::strings::ENGLISH, ..Config::default() });
    for setting in SETTINGS.iter().filter(|setting| !OF_THE_BUNDLE.contains(&setting.name) && setting.name != "strings")
    {
        let field = if setting.name == "max-age-days" { "max_age" } else { setting.name }.replace('-', "_");
        let (_, value) = unset.split_once(&format!(" {field}: ")).unwrap_or_else(|| panic!("there is no {field}"));
        let empty = value.starts_with("None,") && setting.name != "storage" || value.starts_with("[]");
        assert_eq!(empty, !defaults.contains_key(setting.name), "{}: {value:.20}", setting.name);
    }
}

#[test]
fn a_setting_says_of_every_value_that_it_takes() {
    let table = between(SOURCE, "const SETTINGS: &[Setting]", "\n];");
    for (entry, setting) in table.split("Setting {").skip(1).zip(SETTINGS) {
        assert!(entry.contains(&format!("name: \"{}\"", setting.name)), "{entry}");
        let Some(choices) = choices(setting.accepts) else { continue };
        for value in &choices {
            assert_eq!(Config::default().apply([(setting.name, *value)]), Vec::<String>::new());
        }
        if let Some((_, taken)) = entry.split_once("one_of(") {
            let taken: Vec<_> = taken.split("(\"").skip(1).filter_map(|pair| pair.split('"').next()).collect();
            assert_eq!(taken, choices, "{}", setting.name);
        }
    }
}

#[test]
fn the_readme_says_the_same_of_what_it_names() {
    let documented = defaults();
    let readme = rows(&read("README.md"));
    assert!(readme.len() > 5, "the table is not there");
    for row in readme {
        assert!(SETTINGS.iter().any(|setting| setting.name == row[0]), "there is no setting {}", row[0]);
        assert_eq!(row[1], documented.get(&row[0]).cloned().unwrap_or_default(), "the default of {}", row[0]);
    }
}

#[test]
fn the_types_have_every_setting_with_its_values_and_its_default() {
    let types = read("widget/loader/npm/natter.d.ts");
    let config = between(&types, "export interface Config {", "\n}");
    let mut typed = BTreeMap::new();
    for (comment, declared) in config.split("/**").skip(1).filter_map(|entry| entry.split_once("*/")) {
        let (name, kind) = declared.trim().trim_end_matches(';').split_once("?: ").unwrap();
        typed.insert(name.to_owned(), (kind.to_owned(), default_in(comment)));
    }
    let defaults = defaults();
    let table = SETTINGS.iter().filter(|setting| setting.name != "mount").map(|setting| {
        let kind = match (setting.name, setting.accepts) {
            ("container", _) => "string | Element".to_owned(),
            ("strings", _) => "Record<string, string | { [category: string]: string }>".to_owned(),
            (_, "true, false") => "boolean".to_owned(),
            (_, "a JSON object") => "{ [name: string]: unknown }".to_owned(),
            (_, "a JSON object of texts") => "Record<string, string>".to_owned(),
            (_, "a JSON array of texts") => "string[]".to_owned(),
            (_, accepts) if accepts.contains("number") => "number".to_owned(),
            (_, accepts) => match choices(accepts) {
                Some(choices) => choices.iter().map(|choice| format!("{choice:?}")).collect::<Vec<_>>().join(" | "),
                None => "string".to_owned(),
            },
        };
        (camel(setting.name), (kind, defaults.get(setting.name).cloned()))
    });
    assert_eq!(typed, table.collect(), "natter.d.ts and SETTINGS");
}

#[test]
fn the_builder_has_every_setting_with_its_values_and_its_default() {
    let mut built = BTreeMap::new();
    let entries = between(SOURCE, "builder! {\n", "\n}");
    let methods = SOURCE.split("impl Config {").last().unwrap().split("\n}\n").next().unwrap();
    let (mut comment, mut enums) = (String::new(), 0);
    for line in entries.lines().chain(methods.lines()).map(str::trim) {
        let method = line.strip_prefix("pub fn ").and_then(|line| line.split_once("(mut self, "));
        if let Some(said) = line.strip_prefix("///") {
            comment += said;
        } else if let Some((name, kind)) = method.or_else(|| line.split_once(" =>")?.0.split_once(": ")) {
            let name = name.replace('_', "-");
            if let Some(variants) = variants(kind) {
                let accepts = SETTINGS.iter().find(|setting| setting.name == name).map(|setting| setting.accepts);
                let values: Vec<_> = accepts.and_then(choices).unwrap_or_default().into_iter().map(caseless).collect();
                assert_eq!(variants, values, "{name}");
                enums += 1;
            }
            let default = default_in(&std::mem::take(&mut comment));
            built.insert(name, default.map(|it| caseless(it.rsplit("::").next().unwrap_or_default())));
        }
    }
    assert!(enums > 5, "no enumeration was looked at");
    let defaults = defaults();
    let table = SETTINGS.iter().filter(|setting| !OF_THE_BUNDLE.contains(&setting.name));
    let table = table.map(|setting| (setting.name.to_owned(), defaults.get(setting.name).map(|it| caseless(it))));
    assert_eq!(built, table.collect(), "the builder and SETTINGS");
}

/// The names of an enumeration's variants, if there is one of that name.
fn variants(name: &str) -> Option<Vec<String>> {
    let sources = [SOURCE, include_str!("../model/request.rs")].concat();
    let (_, body) = sources.split_once(&format!("pub enum {name} {{"))?;
    let lines = body.split_once("\n}")?.0.lines().map(str::trim);
    Some(lines.filter(|line| line.ends_with(',')).filter(|line| !line.starts_with("//")).map(caseless).collect())
}
