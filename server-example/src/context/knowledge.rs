//! Markdown notes, cut into sections an answer can be made of.

use std::path::Path;
use std::{fs, io};

/// What ships with the binary.
const SHIPPED: &[&str] = &[
    include_str!("../../knowledge/about.md"),
    include_str!("../../knowledge/install.md"),
    include_str!("../../knowledge/developers.md"),
    include_str!("../../knowledge/trust.md"),
];

/// One answer's worth of text: what stands below a `##` heading.
///
/// A line `<!-- also: words -->` names further words a visitor may use for it; it is searched and never shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) title: String,
    pub(super) also: String,
    pub(crate) text: String,
}

impl Section {
    pub(super) fn new(title: &str, also: &str, text: String) -> Self {
        Self { title: title.into(), also: also.into(), text }
    }
}

/// The sections of what ships.
pub(super) fn shipped() -> Vec<Section> {
    SHIPPED.iter().flat_map(|text| parse(text)).collect()
}

/// The sections of the Markdown file or folder at `path`.
///
/// # Errors
/// One phrase on why there are none.
pub(super) fn load(path: &Path) -> Result<Vec<Section>, String> {
    let texts = read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let sections: Vec<_> = texts.iter().flat_map(|text| parse(text)).collect();
    if sections.is_empty() {
        return Err("has no Markdown file (.md) with a \"## \" heading and text below it".into());
    }
    Ok(sections)
}

fn read(path: &Path) -> io::Result<Vec<String>> {
    if path.is_file() {
        return Ok(vec![fs::read_to_string(path)?]);
    }
    let mut files: Vec<_> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|suffix| suffix == "md"));
    files.sort();
    files.iter().map(fs::read_to_string).collect()
}

fn parse(markdown: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut in_code = false;
    for line in markdown.lines() {
        in_code ^= line.starts_with("```");
        let heading = line.strip_prefix("## ").filter(|_| !in_code);
        let also = line.strip_prefix("<!-- also:").and_then(|rest| rest.strip_suffix("-->"));
        match (heading, also, sections.last_mut()) {
            (Some(title), ..) => sections.push(Section::new(title.trim(), "", String::new())),
            (_, Some(words), Some(section)) => section.also = words.trim().into(),
            (_, None, Some(section)) => {
                section.text.push_str(line);
                section.text.push('\n');
            }
            _ => {}
        }
    }
    for section in &mut sections {
        section.text = section.text.trim().into();
    }
    sections.retain(|section| !section.text.is_empty());
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_a_heading_and_what_is_below_it() {
        let text = "# Title\nintro\n\n## One\n<!-- also: uno, eins -->\n\nfirst\n\n```\n## no heading\n```\n\n## Empty\n\n## Two\nsecond\n";
        assert_eq!(
            parse(text),
            [
                Section::new("One", "uno, eins", "first\n\n```\n## no heading\n```".into()),
                Section::new("Two", "", "second".into())
            ]
        );
    }

    #[test]
    fn what_ships_is_fit_for_a_chat() {
        let sections = shipped();
        assert!(sections.len() >= 10, "{}", sections.len());
        for section in sections {
            assert!(section.text.chars().count() < 1500, "{} is too long to read in a chat", section.title);
        }
    }

    #[test]
    fn a_folder_without_sections_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.txt"), "## A\ntext").unwrap();
        assert!(load(folder.path()).unwrap_err().contains("no Markdown file"));
        fs::write(folder.path().join("b.md"), "## B\ntext").unwrap();
        assert_eq!(load(folder.path()).unwrap().len(), 1);
        assert!(load(Path::new("/nowhere")).unwrap_err().starts_with("cannot be read"));
    }
}
