//! The two forms of lz-string in which conversations are stored: UTF-16 with 15 bits per unit, written and read, and the
//! raw one with 16, read only.
//!
//! The format is that of pieroxy's lz-string 1.4; the crate `lz-str`, which does the same with hash maps of texts at
//! three times the bytes, is the oracle of the tests.

/// A code stands for one of these, or for an entry of the dictionary, which begins behind them.
const BYTE: u32 = 0;
const UNIT: u32 = 1;
const END: u32 = 2;

/// Units a text may grow to when it is unpacked; more is no conversation.
const LIMIT: usize = 1 << 24;

/// The width of codes: both sides count entries, and widen the codes when they need it.
struct Width {
    bits: u32,
    left: u32,
}

impl Width {
    const fn count(&mut self) {
        self.left -= 1;
        if self.left == 0 {
            self.left = 1 << self.bits;
            self.bits += 1;
        }
    }
}

/// The text in UTF-16 units of 15 bits, which every storage takes.
#[must_use]
pub fn compress(text: &str) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut packer = Packer { units: String::new(), filled: 0, value: 0 };
    // Entries by (entry before, unit), packed with their number into one word; at most two for each unit.
    let mut table = vec![0u64; (2 * units.len() + 16).next_power_of_two() * 2];
    let mut width = Width { bits: 2, left: 2 };
    // For each entry that is a unit not told yet, that unit and one; else 0.
    let mut untold = vec![0; 3];
    let mut entry = 0;
    for &unit in &units {
        let single = slot(&table, 0, unit);
        if table[single] == 0 {
            table[single] = key(0, unit) << 24 | untold.len() as u64;
            untold.push(u32::from(unit) + 1);
        }
        let longer = slot(&table, entry, unit);
        if table[longer] == 0 {
            packer.entry(entry, &mut untold, &mut width);
            table[longer] = key(entry, unit) << 24 | untold.len() as u64;
            untold.push(0);
            entry = number(table[slot(&table, 0, unit)]);
        } else {
            entry = number(table[longer]);
        }
    }
    if entry != 0 {
        packer.entry(entry, &mut untold, &mut width);
    }
    packer.bits(END, width.bits);
    packer.end()
}

const fn key(entry: u32, unit: u16) -> u64 {
    (entry as u64) << 16 | unit as u64
}

const fn number(word: u64) -> u32 {
    (word & 0xFF_FFFF) as u32
}

/// Where the entry stands in the table, or would.
fn slot(table: &[u64], entry: u32, unit: u16) -> usize {
    let key = key(entry, unit);
    // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
    let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize;
    loop {
        at &= table.len() - 1;
        if table[at] == 0 || table[at] >> 24 == key {
            return at;
        }
        at += 1;
    }
}

struct Packer {
    units: String,
    filled: u32,
    value: u32,
}

impl Packer {
    /// Writes an entry; a unit that was not told yet is told.
    fn entry(&mut self, entry: u32, untold: &mut [u32], width: &mut Width) {
        if let Some(unit) = std::mem::take(&mut untold[entry as usize]).checked_sub(1) {
            let (code, bits) = if unit < 256 { (BYTE, 8) } else { (UNIT, 16) };
            self.bits(code, width.bits);
            self.bits(unit, bits);
            width.count();
        } else {
            self.bits(entry, width.bits);
        }
        width.count();
    }

    /// Writes so many bits of `value`, the lowest first.
    fn bits(&mut self, value: u32, bits: u32) {
        for at in 0..bits {
            self.bit(value >> at & 1);
        }
    }

    fn bit(&mut self, bit: u32) {
        self.value = self.value << 1 | bit;
        self.filled += 1;
        if self.filled == 15 {
            // From 32 on, since control characters do not survive everywhere; never a surrogate.
            self.units.extend(char::from_u32(self.value + 32));
            (self.value, self.filled) = (0, 0);
        }
    }

    fn end(mut self) -> String {
        self.bit(0);
        while self.filled > 0 {
            self.bit(0);
        }
        // So ends what lz-string makes for storages.
        self.units.push(' ');
        self.units
    }
}

/// What [`compress`] packed; `None` when `packed` is something else.
#[must_use]
pub fn decompress(packed: &[u16]) -> Option<Vec<u16>> {
    unpack(packed, 15, 32)
}

/// The same from the form with 16 bits per unit.
#[must_use]
pub fn decompress_raw(packed: &[u16]) -> Option<Vec<u16>> {
    unpack(packed, 16, 0)
}

fn unpack(packed: &[u16], unit_bits: usize, offset: u16) -> Option<Vec<u16>> {
    let mut at = 0;
    let mut bits = |count: u32| {
        let mut value = 0;
        for bit in 0..count {
            let unit = packed.get(at / unit_bits)?.checked_sub(offset)?;
            value |= u32::from(unit >> (unit_bits - 1 - at % unit_bits) & 1) << bit;
            at += 1;
        }
        Some(value)
    };
    let mut text = Vec::new();
    // Each entry is a stretch of the text: from, to.
    let mut entries = vec![(0, 0); 3];
    let mut width = Width { bits: 2, left: 2 };
    let mut before: Option<(usize, usize)> = None;
    loop {
        let code = bits(width.bits)?;
        let from = text.len();
        let known = match code {
            END => return Some(text),
            BYTE | UNIT => {
                text.push(bits(if code == BYTE { 8 } else { 16 })? as u16);
                width.count();
                None
            }
            _ => Some(code as usize),
        };
        // The entry made now is what came before and one unit more: the first of what comes.
        let longer = before.map(|(from, to)| (from, to + 1));
        if let Some(known) = known {
            let (first, last) = if known == entries.len() { longer? } else { *entries.get(known)? };
            for at in first..last {
                // The newest entry may end with the first unit of itself.
                text.push(*text.get(at)?);
            }
        } else {
            entries.push((from, from + 1));
        }
        entries.extend(longer);
        before = Some((from, text.len()));
        width.count();
        if text.len() > LIMIT {
            return None;
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str) {
        let packed = compress(text);
        assert_eq!(packed, lz_str::compress_to_utf16(text), "{text:?}");
        let units: Vec<u16> = text.encode_utf16().collect();
        assert_eq!(decompress(&packed.encode_utf16().collect::<Vec<_>>()), Some(units.clone()), "{text:?}");
        assert_eq!(decompress_raw(&lz_str::compress(text)), Some(units), "{text:?}");
    }

    #[test]
    fn texts_are_packed_as_lz_string_packs_them() {
        for text in
            ["", "a", "aa", "aaa", "ab", "abab", "ababababab", "\0", "é", "漢字漢字漢", "😀😀😀", "Hello, hello!"]
        {
            check(text);
        }
        check(&"a".repeat(10_000));
        check(&(0..5000).map(|n| n.to_string()).collect::<String>());
        check(&(0x4E00..0x5E00).filter_map(char::from_u32).collect::<String>());
    }

    #[test]
    fn what_is_no_packed_text_is_refused() {
        for units in [&[][..], &[0], &[31], &[0xFFFF; 40], &[b'{'.into(); 9]] {
            let _ = decompress(units);
            let _ = decompress_raw(units);
        }
        assert_eq!(decompress(&[]), None);
    }

    proptest! {
        #[test]
        fn any_text(text in ".{0,200}") {
            check(&text);
        }

        #[test]
        fn any_repetitive_text(text in "[ab漢]{0,300}") {
            check(&text);
        }

        #[test]
        fn any_units_are_read_as_lz_string_reads_them(units in prop::collection::vec(any::<u16>(), 1..60)) {
            let _ = decompress(&units);
            let ours = decompress_raw(&units);
            if let (Some(ours), Some(theirs)) = (ours, lz_str::decompress(&units)) {
                prop_assert_eq!(ours, theirs);
            }
        }
    }
}
