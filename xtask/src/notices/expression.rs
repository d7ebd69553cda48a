//! SPDX licence expressions: `(MIT OR Apache-2.0) AND Unicode-3.0`.

/// The licences to use something under: of each choice the one that `rank` puts first. `None` where no choice has
/// licences that it all knows, and where the text is no such expression.
pub(crate) fn choose(expression: &str, rank: fn(&str) -> Option<usize>) -> Option<Vec<&str>> {
    let mut reader = Reader { rest: expression.trim(), rank };
    let chosen = reader.any()?;
    (chosen.rank.is_some() && reader.rest.is_empty()).then_some(chosen.licences)
}

struct Reader<'a> {
    rest: &'a str,
    rank: fn(&str) -> Option<usize>,
}

struct Choice<'a> {
    licences: Vec<&'a str>,
    /// Of the worst of them; `None` when one is unknown.
    rank: Option<usize>,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Option<Choice<'a>> {
        let mut best = self.all()?;
        while self.takes("OR") {
            let other = self.all()?;
            if other.rank.is_some_and(|rank| best.rank.is_none_or(|least| rank < least)) {
                best = other;
            }
        }
        Some(best)
    }

    fn all(&mut self) -> Option<Choice<'a>> {
        let mut all = self.one()?;
        while self.takes("AND") {
            let other = self.one()?;
            all.rank = all.rank.zip(other.rank).map(|(one, other)| one.max(other));
            all.licences.extend(other.licences);
        }
        Some(all)
    }

    fn one(&mut self) -> Option<Choice<'a>> {
        if self.takes("(") {
            return self.any().filter(|_| self.takes(")"));
        }
        let start = self.rest;
        let mut name = self.word()?;
        if self.takes("WITH") {
            self.word()?;
            name = start[..start.len() - self.rest.len()].trim();
        }
        Some(Choice { licences: vec![name], rank: (self.rank)(name) })
    }

    fn takes(&mut self, word: &str) -> bool {
        let rest = self.rest.strip_prefix(word);
        // `ORACLE` does not begin with an OR.
        let rest = rest.filter(|rest| !word.ends_with(char::is_alphabetic) || rest.starts_with([' ', '(']));
        self.rest = rest.map_or(self.rest, str::trim_start);
        rest.is_some()
    }

    fn word(&mut self) -> Option<&'a str> {
        let end = self.rest.find([' ', '(', ')']).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        (!word.is_empty()).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(licence: &str) -> Option<usize> {
        ["MIT", "BSL-1.0", "Unicode-3.0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]
            .iter()
            .position(|known| *known == licence)
    }

    fn chosen(expression: &str) -> Option<Vec<&str>> {
        choose(expression, rank)
    }

    #[test]
    fn the_best_of_a_choice_is_taken() {
        assert_eq!(chosen("MIT"), Some(vec!["MIT"]));
        assert_eq!(chosen("Apache-2.0 OR MIT"), Some(vec!["MIT"]));
        assert_eq!(chosen("Apache-2.0 OR BSL-1.0"), Some(vec!["BSL-1.0"]));
        assert_eq!(chosen("Unlicense OR MIT"), Some(vec!["MIT"]));
    }

    #[test]
    fn all_of_what_belongs_together_is_taken() {
        assert_eq!(chosen("(MIT OR Apache-2.0) AND Unicode-3.0"), Some(vec!["MIT", "Unicode-3.0"]));
        assert_eq!(chosen("MIT AND Apache-2.0 OR BSL-1.0"), Some(vec!["BSL-1.0"]));
        assert_eq!(chosen("Apache-2.0 WITH LLVM-exception"), Some(vec!["Apache-2.0 WITH LLVM-exception"]));
    }

    #[test]
    fn what_is_unknown_is_not_taken() {
        for expression in ["", "GPL-3.0", "MIT AND GPL-3.0", "MIT WITH Something", "ORACLE OR GPL-3.0"] {
            assert_eq!(chosen(expression), None, "{expression}");
        }
    }

    #[test]
    fn what_is_no_expression_is_not_taken() {
        for expression in ["MIT Apache-2.0", "(MIT", "MIT)", "MIT OR", "OR MIT", "MIT, Apache-2.0"] {
            assert_eq!(chosen(expression), None, "{expression}");
        }
    }
}
