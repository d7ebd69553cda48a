//! docs/size.md.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::dist::Manifest;
use crate::size::module::Module;
use crate::size::owner;

/// Bytes below which a module gets no line of its own.
const LEAST: usize = 400;

/// How many functions are listed.
const FUNCTIONS: usize = 20;
/// Characters of a function's name that are shown.
const NAME: usize = 150;

const INTRODUCTION: &str = "\
# What each part costs

`cargo xtask size` wrote this page; run it again after `cargo xtask build`. Sizes are in bytes.

## Files

";

const CODE: &str = "
## The module's code

Functions by the part that they belong to, in a build with names that is otherwise the one in dist/ (only `wasm-opt -Oz`,
so that it may differ by a percent). Generic code counts for the first crate of ours that it is compiled for, what is
inlined for the function that it is inlined into. Brotli packs a module as a whole: the last column is the part's share
of it, an estimate.

";

/// A table with sizes, and the brotli size that falls to each.
struct Table<'a> {
    out: &'a mut String,
    /// Brotli bytes per byte.
    ratio: f64,
    whole: usize,
}

impl Table<'_> {
    fn head(&mut self, what: &str) {
        writeln!(self.out, "| {what} | bytes | share | brotli, about |\n|---|---:|---:|---:|").ok();
    }

    fn row(&mut self, name: &str, size: usize) {
        let (share, brotli) = (size as f64 * 100.0 / self.whole as f64, size as f64 * self.ratio);
        writeln!(self.out, "| {name} | {size} | {share:.1} % | {brotli:.0} |").ok();
    }
}

/// `style`: the style sheet's size, bytes.
pub(crate) fn write(manifest: &Manifest, module: &Module, style: u64) -> String {
    let mut page = INTRODUCTION.to_owned();
    page.push_str("| file | bytes | brotli 11 |\n|---|---:|---:|\n");
    for (name, file) in &manifest.files {
        writeln!(page, "| `{name}` | {} | {} |", file.bytes, file.brotli).ok();
    }
    let ratio = manifest.files.get("natter-app.wasm").map_or(0.0, |file| file.brotli as f64 / file.bytes as f64);

    page.push_str("\n## The module's sections\n\n");
    let whole = module.sections.iter().map(|(_, size)| size).sum();
    let mut table = Table { out: &mut page, ratio, whole };
    table.head("section");
    for (name, size) in &module.sections {
        table.row(name, *size);
    }
    writeln!(page, "\nThe style sheet, minified, is {style} bytes of the data.").ok();

    let (mut parts, mut modules) = (BTreeMap::<_, usize>::new(), BTreeMap::<_, usize>::new());
    for (name, size) in &module.functions {
        let (part, module) = owner::of(name);
        *parts.entry(part).or_default() += size;
        if let Some(module) = module {
            *modules.entry(module).or_default() += size;
        }
    }
    page.push_str(CODE);
    let whole = parts.values().sum();
    let mut table = Table { out: &mut page, ratio, whole };
    table.head("part");
    rows(&mut table, &parts, 0);
    page.push_str("\nOur own modules:\n\n");
    let mut table = Table { out: &mut page, ratio, whole };
    table.head("module");
    rows(&mut table, &modules, LEAST);

    page.push_str("\nThe largest functions:\n\n");
    let mut functions: Vec<_> = module.functions.iter().collect();
    functions.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    let mut table = Table { out: &mut page, ratio, whole };
    table.head("function");
    for (name, size) in functions.into_iter().take(FUNCTIONS) {
        table.row(&quoted(name), *size);
    }
    page
}

/// A name as code in a table.
fn quoted(name: &str) -> String {
    let short: String = name.chars().take(NAME).collect();
    let more = if short.len() < name.len() { "…" } else { "" };
    format!("`{}{more}`", short.replace('|', "\\|"))
}

/// The largest first; what is smaller than `least` in one line.
fn rows(table: &mut Table<'_>, sizes: &BTreeMap<String, usize>, least: usize) {
    let mut sorted: Vec<_> = sizes.iter().collect();
    sorted.sort_by_key(|(_, size)| std::cmp::Reverse(**size));
    let (large, small): (Vec<_>, Vec<_>) = sorted.into_iter().partition(|(_, size)| **size >= least);
    for (name, size) in large {
        table.row(name, *size);
    }
    if !small.is_empty() {
        table.row("smaller ones", small.iter().map(|(_, size)| **size).sum());
    }
}
