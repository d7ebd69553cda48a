//! The functions of a module in the order that compresses best: each beside those most like it.
//!
//! What brotli has seen lately is cheaper to name than what it saw long ago, and the linker's order knows nothing of that.

use std::collections::BTreeMap;

use anyhow::Result;
use wasmparser::{Parser, Payload, TypeRef};

/// Bytes of a snippet: as short as what brotli can copy.
const SNIPPET: usize = 4;
/// A snippet in more functions than these is no likeness.
const MOST_COMMON: usize = 100;
/// How many of the functions placed last the next one should be like.
const RECENT: usize = 20;
/// Added to a function's length, so that the smallest do not all come first.
const LEAST: usize = 5;

/// The module with a name for each of its own functions; sorted by name they stand in the order that compresses best.
pub(crate) fn named(wasm: &[u8]) -> Result<Vec<u8>> {
    let (mut imported, mut bodies) = (0, Vec::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(&wasm[body.range()]),
            _ => {}
        }
    }
    let mut places = vec![0; bodies.len()];
    for (place, function) in order(&bodies).into_iter().enumerate() {
        places[function] = place;
    }
    let mut names = leb(places.len());
    for (function, place) in places.into_iter().enumerate() {
        let name = format!("{place:05}");
        names.extend([leb(imported + function), leb(name.len()), name.into_bytes()].concat());
    }
    // A custom section called "name", with the part that names functions.
    let content = [&b"\x04name\x01"[..], &leb(names.len()), &names].concat();
    Ok([wasm, b"\0", &leb(content.len()), &content].concat())
}

/// The positions of `bodies` in the order to be written: from the smallest on, always the one that has most in common
/// with those just placed for its length.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let mut found = BTreeMap::<&[u8], Vec<usize>>::new();
    for (function, body) in bodies.iter().enumerate() {
        for snippet in body.windows(SNIPPET) {
            let functions = found.entry(snippet).or_default();
            if functions.last() != Some(&function) {
                functions.push(function);
            }
        }
    }
    // For each function, the functions that share a snippet with it, by snippet.
    let mut alike = vec![Vec::new(); bodies.len()];
    for functions in found.values().filter(|functions| (2..=MOST_COMMON).contains(&functions.len())) {
        functions.iter().for_each(|function| alike[*function].push(functions));
    }

    let mut left: Vec<usize> = (0..bodies.len()).collect();
    left.sort_by_key(|function| bodies[*function].len());
    let mut placed = Vec::<usize>::with_capacity(left.len());
    while !left.is_empty() {
        let mut likeness = vec![0.0; bodies.len()];
        for (ago, function) in placed.iter().rev().take(RECENT).enumerate() {
            for functions in &alike[*function] {
                let share = 1.0 / (functions.len() * (ago + 1)) as f64;
                functions.iter().for_each(|other| likeness[*other] += share);
            }
        }
        let score = |function: usize| likeness[function] / (bodies[function].len() + LEAST) as f64;
        // Of equal ones the first, which is the smallest.
        let best = (1..left.len()).fold(0, |best, at| if score(left[at]) > score(left[best]) { at } else { best });
        placed.push(left.remove(best));
    }
    placed
}

/// A number as wasm writes it: seven bits a byte, the lowest first.
fn leb(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_alike_stands_together() {
        let bodies: [&[u8]; 5] = [b"abcdefgh--", b"0123456789", b"abcdefgh++", b"01234567??", b"zz"];
        assert_eq!(order(&bodies), [4, 0, 2, 1, 3]);
    }

    #[test]
    fn numbers_take_seven_bits_a_byte() {
        assert_eq!(
            [leb(0), leb(127), leb(128), leb(624_485)],
            [vec![0], vec![127], vec![128, 1], vec![0xE5, 0x8E, 0x26]]
        );
    }
}
