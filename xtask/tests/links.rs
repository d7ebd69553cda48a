//! Every link in a Markdown file that leads into the repository leads to a file, and to a heading where it names one.

#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::HashMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Links of pages that are read elsewhere, on a registry, begin so.
const OURS: &str = "https://github.com/natter-chat/natter";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !path.is_symlink() && !name.starts_with('.') && name != "target" && name != "node_modules" {
            pages(&path, found);
        } else if name.ends_with(".md") {
            found.push(path);
        }
    }
}

/// The text without code, in which nothing is a link, line by line.
fn prose(page: &str) -> Vec<String> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        let prose =
            if fenced || fence { String::new() } else { line.split('`').step_by(2).collect::<Vec<_>>().join("`") };
        lines.push(prose);
    }
    lines
}

/// Where the links in a page lead: `[text](here)`, `[name]: here`, `src="here"`, `href="here"`.
fn links(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(page) {
        for (before, after) in [("](", ")"), ("src=\"", "\""), ("href=\"", "\"")] {
            let targets = line.split(before).skip(1).filter_map(|rest| rest.split_once(after));
            found.extend(targets.map(|(target, _)| target.split(' ').next().unwrap_or_default().to_owned()));
        }
        if let Some((name, target)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "))
            && !name.contains(']')
        {
            found.push(target.to_owned());
        }
    }
    found
}

/// What headings are called in addresses.
fn anchors(page: &str) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut fenced = false;
    let mut found = Vec::new();
    for line in page.lines() {
        fenced ^= line.trim_start().starts_with("```");
        let Some((marks, title)) = line.split_once(' ') else { continue };
        if fenced || marks.is_empty() || !marks.chars().all(|mark| mark == '#') {
            continue;
        }
        let kept = title.trim().to_lowercase();
        let kept = kept.chars().filter(|letter| letter.is_alphanumeric() || "-_ ".contains(*letter));
        let anchor: String = kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect();
        let again = seen.entry(anchor.clone()).and_modify(|count| *count += 1).or_insert(0);
        found.push(if *again == 0 { anchor } else { format!("{anchor}-{again}") });
    }
    found
}

/// What is wrong with a link of the page `from`; both paths count from the repository's root.
fn fault(from: &Path, link: &str, read: &dyn Fn(&Path) -> Option<String>) -> Option<String> {
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let target = match path.strip_prefix(OURS) {
        Some("") => PathBuf::from("README.md"),
        Some(rest) => PathBuf::from(rest.strip_prefix("/blob/main/").or_else(|| rest.strip_prefix("/tree/main/"))?),
        None if path.contains("://") || path.starts_with("mailto:") => return None,
        None if path.is_empty() => from.to_owned(),
        // What the assistant of the demo site reads leads to pages of that.
        None if path.starts_with('/') => PathBuf::from(format!("server-example/site{path}.html")),
        None => resolved(&from.parent().unwrap().join(path)),
    };
    let Some(page) = read(&target) else { return Some(format!("{}: {link} leads nowhere", from.display())) };
    let anchor = anchor.filter(|_| target.extension().is_some_and(|end| end == "md"))?;
    let known = anchors(&page).iter().any(|known| known == anchor);
    (!known).then(|| format!("{}: {link} leads to no heading", from.display()))
}

/// Without `..`.
fn resolved(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(clean.pop()),
            Component::CurDir => {}
            other => clean.push(other),
        }
    }
    clean
}

/// A file's text; of a folder and of what is no text, nothing.
fn read(path: &Path) -> Option<String> {
    let path = root().join(path);
    path.exists().then(|| fs::read_to_string(path).unwrap_or_default())
}

#[test]
fn every_link_leads_somewhere() {
    let mut files = Vec::new();
    pages(root(), &mut files);
    assert!(files.len() > 15, "only {files:?}");
    let mut faults = Vec::new();
    let mut count = 0;
    for file in files {
        let from = file.strip_prefix(root()).unwrap();
        for link in links(&fs::read_to_string(&file).unwrap()) {
            count += 1;
            faults.extend(fault(from, &link, &read));
        }
    }
    assert!(count > 50, "only {count} links were found");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_page_of_the_documentation_is_in_its_index() {
    let index = links(&read(Path::new("docs/README.md")).unwrap());
    for entry in fs::read_dir(root().join("docs")).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".md") && name != "README.md" {
            let linked = index.iter().any(|link| link.split('#').next() == Some(&name));
            assert!(linked, "docs/README.md has no link to {name}");
        }
    }
}

#[test]
fn a_broken_link_is_noticed() {
    let files = |path: &Path| match path.to_str()? {
        "README.md" => {
            Some("# A page\n## On a *web* site: `x`!\n## Same\n## Same\n```\n# no heading\n```\n".to_owned())
        }
        "docs/a.md" | "docs" => Some(String::new()),
        _ => None,
    };
    let from = Path::new("docs/b.md");
    for sound in [
        "a.md",
        "../README.md#on-a-web-site-x",
        "../README.md#same-1",
        "../docs",
        "https://example.com/gone",
        "https://github.com/natter-chat/natter#a-page",
        "https://github.com/natter-chat/natter/blob/main/docs/a.md",
        "https://github.com/natter-chat/natter/commits/main",
    ] {
        assert_eq!(fault(from, sound, &files), None);
    }
    for broken in [
        "c.md",
        "README.md",
        "../README.md#no-heading",
        "../README.md#same-2",
        "https://github.com/natter-chat/natter/blob/main/c.md",
        "https://github.com/natter-chat/natter#gone",
    ] {
        assert!(fault(from, broken, &files).is_some(), "{broken}");
    }
}

#[test]
fn links_in_code_are_none() {
    let page = "[a](b) `[c](d)` <img src=\"e\">\n```html\n<img src=\"f\">\n```\n[g]: h\n[i](j \"k\")\n";
    assert_eq!(links(page), ["b", "e", "h", "j"]);
}
