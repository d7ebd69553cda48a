//! A wasm module by its sections and functions.

use std::collections::BTreeMap;

use anyhow::Result;
use rustc_demangle::demangle;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// What a module consists of; sizes in bytes.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// Name and size of each section that a browser gets, in order.
    pub(crate) sections: Vec<(String, usize)>,
    /// Demangled name and size of each function.
    pub(crate) functions: Vec<(String, usize)>,
}

impl Module {
    pub(crate) fn parse(wasm: &[u8]) -> Result<Self> {
        let mut module = Self::default();
        let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            match &payload {
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
                Payload::CustomSection(custom) => {
                    if let KnownCustom::Name(sections) = custom.as_known() {
                        for section in sections {
                            read_names(section?, &mut names)?;
                        }
                    }
                }
                _ => {}
            }
            if let Some((name, size)) = section(&payload) {
                module.sections.push((name.to_owned(), size));
            }
        }
        for (index, size) in (imported..).zip(bodies) {
            // What wasm-bindgen adds has no name. The alternate form leaves out the hashes of the crates.
            let name = names.get(&index).copied().unwrap_or_default();
            module.functions.push((format!("{:#}", demangle(name)), size));
        }
        Ok(module)
    }
}

fn read_names<'a>(section: Name<'a>, names: &mut BTreeMap<u32, &'a str>) -> Result<()> {
    if let Name::Function(functions) = section {
        for function in functions {
            let function = function?;
            names.insert(function.index, function.name);
        }
    }
    Ok(())
}

/// The names section is left out: it does not ship.
fn section(payload: &Payload<'_>) -> Option<(&'static str, usize)> {
    Some(match payload {
        Payload::TypeSection(section) => ("types", section.range().len()),
        Payload::ImportSection(section) => ("imports", section.range().len()),
        Payload::FunctionSection(section) => ("functions", section.range().len()),
        Payload::TableSection(section) => ("tables", section.range().len()),
        Payload::MemorySection(section) => ("memory", section.range().len()),
        Payload::GlobalSection(section) => ("globals", section.range().len()),
        Payload::ExportSection(section) => ("exports", section.range().len()),
        Payload::ElementSection(section) => ("elements (function pointers)", section.range().len()),
        Payload::CodeSectionStart { size, .. } => ("code", *size as usize),
        Payload::DataSection(section) => ("data (texts, style sheet, tables)", section.range().len()),
        _ => return None,
    })
}
