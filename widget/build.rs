//! Takes the comments and the white space out of the style sheets, which are carried as text.

use std::path::Path;
use std::{env, fs, io};

const SHEETS: [&str; 3] = ["launcher.css", "style.css", "answer.css"];

fn main() -> io::Result<()> {
    let folder = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?;
    for sheet in SHEETS {
        let source = Path::new("src/view").join(sheet);
        println!("cargo::rerun-if-changed={}", source.display());
        fs::write(Path::new(&folder).join(sheet), minify(&fs::read_to_string(source)?))?;
    }
    Ok(())
}

/// Enough for sheets that hold no text with a comment or punctuation in it, as ours do not.
fn minify(css: &str) -> String {
    let mut code = String::new();
    for (at, part) in css.split("/*").enumerate() {
        code.push_str(if at == 0 { part } else { part.split_once("*/").map_or("", |(_, after)| after) });
    }
    let mut style = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let tight = [
        (" {", "{"),
        ("{ ", "{"),
        ("; ", ";"),
        (": ", ":"),
        (", ", ","),
        ("} ", "}"),
        (";}", "}"),
        ("( ", "("),
        (" )", ")"),
    ];
    for (spaced, tight) in tight {
        style = style.replace(spaced, tight);
    }
    style
}
