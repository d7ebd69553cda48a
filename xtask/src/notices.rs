//! LICENSES.txt: the notices that the licences of others ask for, of all whose code is in the bundle.
//!
//! Where a crate offers a choice, it is used under the first licence of `KNOWN`, so that one text does for nearly all of
//! them. The crates' own licence files are what is read; MIT's text is the same in all of these, and stands once.

mod expression;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::tools::{Toolchain, WASM};
use crate::{sh, sources};

/// The file's name in dist/.
pub(crate) const FILE: &str = "LICENSES.txt";

const MIT: &str = "MIT";

/// Licences that ask for no more than this file gives, best first, and words that only their text has.
const KNOWN: [(&str, &str); 8] = [
    (MIT, "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"),
    ("ISC", "Permission to use, copy, modify, and/or distribute this software"),
    ("Zlib", "This software is provided 'as-is', without any express or implied warranty"),
    ("BSD-2-Clause", "Redistribution and use in source and binary forms"),
    ("BSD-3-Clause", "may be used to endorse or promote products derived"),
    ("BSL-1.0", "Boost Software License - Version 1.0"),
    ("Unicode-3.0", "UNICODE LICENSE V3"),
    ("Apache-2.0", "Apache License Version 2.0, January 2004"),
];

/// How `KNOWN` ranks a licence.
fn rank(licence: &str) -> Option<usize> {
    KNOWN.iter().position(|(name, _)| *name == licence)
}

/// What Rust's own libraries are made of: names, licence, whose. `std_is_known` compares the names with the toolchain's.
const STD: [(&str, &str, &str); 7] = [
    (
        "alloc, core, panic_abort, std, std_detect, unwind, rustc-std-workspace-alloc, rustc-std-workspace-core",
        "MIT OR Apache-2.0",
        "The Rust Project contributors; core's tables of characters (Unicode-3.0): Copyright © 1991-2024 Unicode, Inc.",
    ),
    ("cfg-if", "MIT OR Apache-2.0", "Copyright (c) 2014 Alex Crichton"),
    (
        "compiler_builtins",
        "MIT AND Apache-2.0 WITH LLVM-exception",
        "Copyright (c) 2009-2016 by the contributors listed in CREDITS.TXT of LLVM's compiler-rt; Copyright (c) 2018 \
         Jorge Aparicio; of musl libc: Copyright © 2005-2020 Rich Felker, et al., Copyright © 1993,2004 Sun \
         Microsystems, Copyright © 2003-2011 David Schultz, Copyright © 2003-2009 Steven G. Kargl, Copyright © \
         2003-2009 Bruce D. Evans, Copyright © 2008 Stephen L. Moshier, Copyright © 2017-2018 Arm Limited",
    ),
    ("dlmalloc", "MIT OR Apache-2.0", "Copyright (c) 2014 Alex Crichton"),
    ("hashbrown", "MIT OR Apache-2.0", "Copyright (c) 2016 Amanieu d'Antras"),
    ("libc", "MIT OR Apache-2.0", "Copyright (c) 2014-2020 The Rust Project Developers"),
    ("rustc-demangle", "MIT OR Apache-2.0", "Copyright (c) 2014 Alex Crichton"),
];

/// A crate in the bundle, of somebody else.
#[derive(Debug)]
struct Crate {
    /// With the version.
    name: String,
    /// As its manifest has it.
    licence: String,
    authors: String,
    folder: PathBuf,
}

/// The whole file.
pub(crate) fn text() -> Result<String> {
    written(&linked()?, &fs::read_to_string(sh::root().join("LICENSE-MIT"))?)
}

fn written(crates: &[Crate], natters: &str) -> Result<String> {
    let (ours, mit) = split_mit(natters).context("LICENSE-MIT is not the MIT licence")?;
    let mut out = format!(
        "Natter is under MIT (below) or Apache-2.0 (LICENSE-APACHE), as you like. {ours}\n\n\
         natter-app.wasm, and the part of natter-app.js that ties it to the page, hold code of these crates.\n\
         Where their authors offer a choice of licences, it is used under the one whose text is below.\n\n"
    );
    // By text without regard to its lines: the text as it is, and whose it is.
    let mut texts: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for one in crates {
        let (notice, others) = one.notices(&mit)?;
        writeln!(out, "{} ({}): {notice}", one.name, one.licence)?;
        for other in others {
            let (_, whose) = texts.entry(words(&other)).or_insert((other, Vec::new()));
            whose.push(one.name.clone());
        }
    }
    out.push_str("\nAnd of the libraries that come with Rust:\n\n");
    for (names, licence, notice) in STD {
        writeln!(out, "{names} ({licence}): {notice}")?;
    }
    write!(out, "\n---- {MIT}\n\n{}\n", mit.trim())?;
    for (text, whose) in texts.into_values() {
        write!(out, "\n---- {}\n\n{}\n", whose.join(", "), text.trim())?;
    }
    Ok(out)
}

impl Crate {
    /// Whose it is, in a line, and the texts that it asks for beside the one of MIT.
    fn notices(&self, mit: &str) -> Result<(String, Vec<String>)> {
        let name = &self.name;
        let taken = expression::choose(&self.licence, rank).with_context(|| {
            format!(
                "{name} is in the bundle under the licence `{}`, which nobody has looked at: do without the crate, or \
                 add the licence to `KNOWN` in xtask/src/notices.rs and to deny.toml if it asks for no more than to be named",
                self.licence
            )
        })?;
        let files = self.files()?;
        let mut notice = self.authors.clone();
        let mut texts: Vec<String> = files.iter().filter(|(name, _)| is_notice(name)).map(|(_, t)| t.clone()).collect();
        for (licence, mark) in KNOWN.into_iter().filter(|(licence, _)| taken.contains(licence)) {
            let text = files.values().find(|text| words(text).contains(mark));
            match text.map(|text| (text, split_mit(text))) {
                Some((_, Some((head, body)))) if licence == MIT && words(&body) == words(mit) => {
                    if !head.is_empty() {
                        notice = head;
                    }
                }
                Some((text, _)) => texts.push(text.clone()),
                // The licence's own text stands for the file that the package lacks.
                None if licence == MIT => {}
                None => bail!("{name} is under {licence}, and nothing in {} has its text", self.folder.display()),
            }
        }
        Ok((notice, texts))
    }

    /// Names and texts of the files about rights, in the order of their names.
    fn files(&self) -> Result<BTreeMap<String, String>> {
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            if ["LICEN", "COPY", "NOTICE", "UNLICEN"].iter().any(|start| name.starts_with(start)) && path.is_file() {
                let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                files.insert(name, text.replace('\r', ""));
            }
        }
        Ok(files)
    }
}

/// Whether a file is to be passed on whatever the licence.
fn is_notice(name: &str) -> bool {
    name.starts_with("NOTICE") || name.starts_with("COPYRIGHT")
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The copyright lines of a MIT licence, and its text.
fn split_mit(text: &str) -> Option<(String, String)> {
    let (head, body) = text.split_at(text.find("Permission is hereby granted, free of charge")?);
    let title = |line: &&str| !line.is_empty() && !["MIT License", "The MIT License (MIT)"].contains(line);
    Some((head.lines().map(str::trim).filter(title).collect::<Vec<_>>().join("; "), body.to_owned()))
}

/// The crates of others that are linked into the module: no macros, nothing that only builds it.
fn linked() -> Result<Vec<Crate>> {
    let mut tree = sh::cmd("cargo");
    let names = names(tree.args(["tree", "--package", "natter-widget", "--features", "bundle"]))?;
    let packages = sources::packages(&["--locked", "--all-features", "--filter-platform", WASM])?;
    let mut crates = Vec::new();
    for name in names {
        let is_it = |package: &&Value| name == format!("{} {}", field(package, "name"), field(package, "version"));
        let package = packages.iter().find(is_it).with_context(|| format!("cargo metadata lacks {name}"))?;
        if !package["source"].is_null() {
            let folder = Path::new(field(package, "manifest_path")).parent().context("a manifest in no folder")?;
            // As it was written before there were expressions.
            let licence = field(package, "license").replace(" / ", "/").replace('/', " OR ");
            crates.push(Crate { name, licence, authors: authors(package), folder: folder.to_owned() });
        }
    }
    Ok(crates)
}

/// The `name version` of all that a `cargo tree` holds.
fn names(tree: &mut Command) -> Result<BTreeSet<String>> {
    tree.args(["--locked", "--edges", "normal,no-proc-macro", "--target", WASM, "--prefix", "none", "--format", "{p}"]);
    let lines = String::from_utf8(sh::output(tree)?)?;
    let named = lines.lines().filter_map(|line| {
        let (name, rest) = line.split_once(" v")?;
        Some(format!("{name} {}", rest.split(' ').next()?))
    });
    Ok(named.collect())
}

fn field<'a>(package: &'a Value, key: &str) -> &'a str {
    package[key].as_str().unwrap_or_default()
}

/// Without their addresses.
fn authors(package: &Value) -> String {
    let names = package["authors"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<&str> = names.map(|author| author.split('<').next().unwrap_or_default().trim()).collect();
    if names.is_empty() { "its authors".to_owned() } else { names.join(", ") }
}

/// Whether the std that this toolchain builds is made of what `STD` names.
pub(crate) fn std_is_known(toolchain: &Toolchain) -> Result<()> {
    let Some(sysroot) = toolchain.sysroot().filter(|_| toolchain.has_source()) else { return Ok(()) };
    let mut tree = toolchain.cmd("cargo");
    tree.args(["tree", "--manifest-path"]).arg(sysroot.join("lib/rustlib/src/rust/library/std/Cargo.toml"));
    // Its manifest uses what only unstable compilers know.
    let names = names(tree.env("RUSTC_BOOTSTRAP", "1"))?;
    let known: Vec<&str> = STD.iter().flat_map(|(names, ..)| names.split(", ")).collect();
    for name in names.iter().filter_map(|name| name.split(' ').next()) {
        ensure!(known.contains(&name), "Rust's std has {name} in it: add its notice to `STD` in xtask/src/notices.rs");
    }
    Ok(())
}

#[cfg(test)]
mod tests;
