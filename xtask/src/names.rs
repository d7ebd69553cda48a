//! Short names between the wasm module and its glue. wasm-bindgen's end in a hash, which does not compress, and stand in both
//! files; binaryen shortens those of the module and tells how, and the glue has to follow.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// What `wasm-opt --minify-imports-and-exports-and-modules` prints.
#[derive(Debug, Deserialize)]
pub(crate) struct Names {
    /// Module, name, new name. All come from one module, which becomes `a`.
    imports: Vec<(String, String, String)>,
    /// Name, new name.
    exports: Vec<(String, String)>,
}

/// The module that the glue gives the imports in.
const MODULE: &str = "\"./natter_bg.js\":";

impl Names {
    /// The glue with the new names. An error where it does not look as expected: better no build than a broken one.
    pub(crate) fn apply(&self, glue: &str) -> Result<String> {
        let mut glue = once(glue, MODULE, "\"a\":")?;
        for (_, name, short) in &self.imports {
            // A key of the object with the imports.
            glue = once(&glue, &format!("\n        {name}: "), &format!("\n        \"{short}\": "))?;
        }
        self.exports(&glue)
    }

    /// An export is reached as `wasm.NAME`, and in no other way.
    fn exports(&self, glue: &str) -> Result<String> {
        let mut parts = glue.split("wasm.");
        let mut renamed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|letter: char| !is_name(letter)).unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            let whole_word = !renamed.ends_with(is_name);
            let short = self.exports.iter().find(|(export, _)| whole_word && export == name);
            let name = match short {
                Some((_, short)) => short,
                None if whole_word => bail!("the glue uses `wasm.{name}`, which the module does not export"),
                None => name,
            };
            renamed.extend(["wasm.", name, rest]);
        }
        Ok(renamed)
    }
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '$'
}

fn once(text: &str, from: &str, to: &str) -> Result<String> {
    let (before, after) = text.split_once(from).with_context(|| format!("the glue has no `{}`", from.trim()))?;
    if after.contains(from) {
        bail!("the glue has several `{}`", from.trim());
    }
    Ok([before, to, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "class I { open() { wasm.i_open(this.ptr); } }\nfunction imports() {\n    const import0 = {\n        \
        __wbg_a_12: function(x) { return my_wasm.i_open; },\n    };\n    return { \"./natter_bg.js\": import0 };\n}";

    fn names(import: &str) -> Names {
        Names {
            imports: vec![("./natter_bg.js".into(), import.into(), "b".into())],
            exports: vec![("i_open".into(), "c".into())],
        }
    }

    #[test]
    fn both_sides_get_the_short_names() {
        let glue = names("__wbg_a_12").apply(GLUE).unwrap();
        assert!(glue.contains("wasm.c(this.ptr)"), "{glue}");
        assert!(glue.contains("\"b\": function(x) { return my_wasm.i_open; }"), "{glue}");
        assert!(glue.contains("\"a\": import0"), "{glue}");
    }

    #[test]
    fn glue_that_does_not_fit_is_refused() {
        assert!(names("__wbg_b_34").apply(GLUE).is_err());
        assert!(names("__wbg_a_12").apply(&GLUE.replace("wasm.i_open(", "wasm.i_close(")).is_err());
    }
}
