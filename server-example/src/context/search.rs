//! Finds the sections that answer a question, and knows when none does.

use std::collections::{HashMap, HashSet};
use std::fmt;

use bm25::{DefaultTokenizer, Document, Language, SearchEngine, SearchEngineBuilder, Tokenizer};

use super::knowledge::Section;
use super::label::clip;

/// How much of what a question is about a section must mention, from 0 to 1. Below it, a shared word is taken for chance.
const ENOUGH: f32 = 0.45;
/// The same when the question shares a word with the section's title: "install it on Squarespace" is about installing.
const ENOUGH_WITH_TITLE: f32 = 0.33;
/// How near a further section must come to the best one to be worth a mention.
const NEARLY: f32 = 0.45;
/// The same for a note to be worth a model's time, which tells by itself what fits.
const RELATED: f32 = 0.3;
/// How many notes a search for a model finds.
const NOTES: usize = 6;
/// What is left of the budget must hold this many characters for one more note to begin.
const MIN_NOTE: usize = 80;
/// What people say around a question; as stems.
const FILLER: &[&str] = &[
    "can", "could", "would", "pleas", "tell", "explain", "show", "help", "want", "need", "like", "know", "mean",
    "give", "get", "look", "someth", "anyth", "realli", "question", "ask", "wonder", "hi", "hello", "hey", "thank",
    "also", "actual", "let", "go", "kind", "happen", "made",
];

/// The sections, ready to be searched.
pub(crate) struct Index {
    /// The notes first, then the facts.
    sections: Vec<Section>,
    notes: usize,
    engine: SearchEngine<usize, u32, Words>,
    words: Words,
    /// The words of each section.
    terms: Vec<HashSet<String>>,
    /// The words of each title.
    titles: Vec<HashSet<String>>,
    /// In how many sections each word occurs.
    spread: HashMap<String, usize>,
}

/// What a question is answered with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) best: &'a Section,
    /// The runner-up, if it is good too.
    pub(crate) also: Option<&'a Section>,
}

/// Text to stems, without the words that carry no meaning.
struct Words(DefaultTokenizer);

impl Tokenizer for Words {
    fn tokenize(&self, text: &str) -> Vec<String> {
        let mut words = self.0.tokenize(text);
        words.retain(|word| !FILLER.contains(&word.as_str()));
        words
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("sections", &self.sections.len()).finish_non_exhaustive()
    }
}

impl Index {
    pub(super) fn new(notes: &[Section], facts: &[Section]) -> Self {
        let sections = [notes, facts].concat();
        let words = || Words(DefaultTokenizer::new(Language::English));
        // A word of the title says more about a section than one in passing.
        let texts: Vec<_> =
            sections.iter().map(|s| format!("{0} {0} {0} {1} {1} {2}", s.title, s.also, s.text)).collect();
        let engine_words = words();
        let words = words();
        let terms: Vec<HashSet<_>> = texts.iter().map(|text| words.tokenize(text).into_iter().collect()).collect();
        let titles = sections.iter().map(|section| words.tokenize(&section.title).into_iter().collect()).collect();
        let mut spread = HashMap::new();
        for term in terms.iter().flatten() {
            *spread.entry(term.clone()).or_insert(0) += 1;
        }
        let documents = texts.into_iter().enumerate().map(|(id, text)| Document::new(id, text));
        let engine = SearchEngineBuilder::with_tokenizer_and_documents(engine_words, documents).build();
        Self { sections, notes: notes.len(), engine, words, terms, titles, spread }
    }

    /// How many words of meaning the text has.
    pub(crate) fn weight_of(&self, text: &str) -> usize {
        self.words.tokenize(text).len()
    }

    /// The sections that answer `question`; `None` when it is about something else.
    pub(crate) fn find(&self, question: &str) -> Option<Found<'_>> {
        let asked: HashSet<_> = self.words.tokenize(question).into_iter().collect();
        let results = self.engine.search(question, 3);
        let (best, others) = results.split_first()?;
        if !self.answers(&asked, best.document.id) {
            return None;
        }
        let also =
            others.iter().find(|other| other.score > best.score * NEARLY && self.answers(&asked, other.document.id));
        Some(Found {
            best: &self.sections[best.document.id],
            also: also.map(|other| &self.sections[other.document.id]),
        })
    }

    /// The notes that fit `question`, then those that fit it `together` with the one before: best first, `budget`
    /// characters at most.
    pub(super) fn notes_on(&self, question: &str, together: Option<&str>, budget: usize) -> String {
        let mut found = Vec::new();
        for query in [Some(question), together].into_iter().flatten() {
            let results = self.engine.search(query, NOTES);
            let best = results.first().map_or(0.0, |best| best.score);
            let fit = results.iter().filter(|result| result.score > 0.0 && result.score >= best * RELATED);
            found.extend(fit.map(|result| result.document.id).filter(|id| *id < self.notes));
        }
        let mut text = String::new();
        let mut left = budget;
        for (nth, id) in found.iter().enumerate() {
            if left >= MIN_NOTE && !found[..nth].contains(id) {
                let section = &self.sections[*id];
                let note = clip(&format!("### {}\n\n{}\n\n", section.title, section.text), left);
                left -= note.chars().count();
                text.push_str(&note);
            }
        }
        text.trim_end().into()
    }

    fn answers(&self, asked: &HashSet<String>, id: usize) -> bool {
        let enough = if asked.is_disjoint(&self.titles[id]) { ENOUGH } else { ENOUGH_WITH_TITLE };
        self.coverage(asked, id) >= enough
    }

    /// The share of `asked` that section `id` mentions, rare words counting more (inverse document frequency).
    fn coverage(&self, asked: &HashSet<String>, id: usize) -> f32 {
        let weight = |word: &String| {
            let with = self.spread.get(word).copied().unwrap_or(0) as f32;
            (1.0 + (self.sections.len() as f32 - with + 0.5) / (with + 0.5)).ln()
        };
        let all: f32 = asked.iter().map(weight).sum();
        let mentioned: f32 = asked.intersection(&self.terms[id]).map(weight).sum();
        if all > 0.0 { mentioned / all } else { 0.0 }
    }
}
