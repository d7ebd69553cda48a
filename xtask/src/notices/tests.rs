use super::*;
use crate::dist;

/// A crate with these files.
fn crate_of(name: &str, licence: &str, files: &[(&str, &str)]) -> Crate {
    let folder = sh::target_dir().join("tmp/notices").join(name);
    fs::remove_dir_all(&folder).ok();
    fs::create_dir_all(&folder).unwrap();
    for (file, text) in files {
        fs::write(folder.join(file), text).unwrap();
    }
    let (name, licence, authors) = (format!("{name} 1.0.0"), licence.to_owned(), "Ada".to_owned());
    Crate { name, licence, authors, folder }
}

fn natters() -> String {
    fs::read_to_string(sh::root().join("LICENSE-MIT")).unwrap()
}

#[test]
fn what_ships_names_every_crate_of_the_bundle() {
    let shipped = fs::read_to_string(dist::dir().join(FILE)).unwrap();
    for one in linked().unwrap() {
        assert!(shipped.contains(&format!("\n{} (", one.name)), "dist/{FILE} lacks {}: `cargo xtask build`", one.name);
    }
    assert!(shipped == text().unwrap(), "dist/{FILE} is not what the build writes now: `cargo xtask build`");
}

#[test]
fn what_only_builds_the_bundle_is_not_in_it() {
    let crates = linked().unwrap();
    let has = |name: &str| crates.iter().any(|one| one.name.split(' ').next() == Some(name));
    assert!(has("yew") && has("wasm-bindgen") && has("rlsf"));
    assert!(!has("yew-macro") && !has("syn") && !has("serde_derive") && !has("lz-str") && !has("natter-widget"));
}

#[test]
fn std_is_made_of_what_is_named() {
    std_is_known(&Toolchain::find().unwrap_or_default()).unwrap();
}

#[test]
fn nothing_tells_where_it_was_made() {
    let text = text().unwrap();
    let home = std::env::var("HOME").unwrap();
    assert!(!text.contains(&home) && !text.contains(&sh::root().display().to_string()));
    // What it says of the tables of characters in Rust's core stands on this.
    assert!(text.contains("UNICODE LICENSE V3"));
}

#[test]
fn the_text_of_one_licence_stands_once() {
    let natters = natters();
    let wrapped = natters.replacen("2026 The Natter authors", "1999 Eve\nCopyright (c) 2001 Bob", 1);
    let crates = [
        crate_of("eve", "MIT OR Apache-2.0", &[("LICENSE-MIT", &wrapped), ("LICENSE-APACHE", "Apache License")]),
        crate_of("none", "MIT", &[]),
        crate_of("boost", "BSL-1.0", &[("license.txt", "Boost Software License - Version 1.0\nOnce")]),
        crate_of("too", "Apache-2.0 OR BSL-1.0", &[("LICENSE", "Boost Software License -\n  Version 1.0 Once\n")]),
    ];
    let text = written(&crates, &natters).unwrap();
    assert!(
        text.contains("\neve 1.0.0 (MIT OR Apache-2.0): Copyright (c) 1999 Eve; Copyright (c) 2001 Bob\n"),
        "{text}"
    );
    assert!(text.contains("\nnone 1.0.0 (MIT): Ada\n"), "{text}");
    assert!(text.contains("\n---- boost 1.0.0, too 1.0.0\n\nBoost Software License - Version 1.0\nOnce\n"), "{text}");
    for once in ["Permission is hereby granted", "Boost Software License"] {
        assert_eq!(text.matches(once).count(), 1, "{text}");
    }
    assert!(!text.contains("Apache License"));
}

#[test]
fn notices_and_changed_licences_are_passed_on_whole() {
    let changed = natters() + "\nAnd say thanks.\n";
    let files = [("LICENSE", changed.as_str()), ("NOTICE", "Made by Eve."), ("LICENSE-OTHER", "not looked at")];
    let text = written(&[crate_of("changed", "MIT", &files)], &natters()).unwrap();
    assert!(text.contains("And say thanks.") && text.contains("Made by Eve."), "{text}");
    assert!(!text.contains("not looked at"));
}

#[test]
fn an_unknown_licence_is_refused_by_name() {
    for licence in ["GPL-3.0-only", "", "MIT AND SSPL-1.0"] {
        let error = written(&[crate_of("strange", licence, &[])], &natters()).unwrap_err().to_string();
        assert!(error.contains("strange 1.0.0") && error.contains(&format!("`{licence}`")), "{error}");
    }
}

#[test]
fn a_licence_whose_text_is_nowhere_is_refused_by_name() {
    let error = written(&[crate_of("silent", "BSL-1.0", &[])], &natters()).unwrap_err().to_string();
    assert!(error.starts_with("silent 1.0.0 is under BSL-1.0"), "{error}");
}

/// What esbuild bundles is ours alone: code of others would have to be named.
#[test]
fn the_loader_imports_nothing_of_others() {
    let sources = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let loader = crate::tools::loader();
    for file in sources(loader.clone()).chain(sources(loader.join("debug"))) {
        if file.extension().is_none_or(|end| end != "ts") {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        for before in ["from \"", "import \"", "import(\"", "require(\""] {
            for named in text.split(before).skip(1) {
                let own = ["./", "../", "natter-"].iter().any(|start| named.starts_with(start));
                assert!(own, "{} imports {}", file.display(), named.split('"').next().unwrap_or_default());
            }
        }
    }
}
