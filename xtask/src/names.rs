//! Short names between the wasm module and its glue. wasm-bindgen's end in a hash, which does not compress, and stand in both
//! files; binaryen shortens those of the module and tells how, and the glue has to follow.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// What `wasm-opt --minify-imports-and-exports-and-modules` prints.
#[derive(Debug, Deserialize)]
pub(crate) struct Names {
    /// Module, name, new name. All modules become one, `a`.
    imports: Vec<(String, String, String)>,
    /// Name, new name.
    exports: Vec<(String, String)>,
}

/// The module that the glue gives its own functions in. What passes only numbers and objects comes from where it is written.
const MODULE: &str = "./natter_bg.js";

impl Names {
    /// The glue with the new names. An error where it does not look as expected: better no build than a broken one.
    pub(crate) fn apply(&self, glue: &str) -> Result<String> {
        let mut glue = glue.to_owned();
        let mut direct = String::new();
        for (module, name, short) in &self.imports {
            if module == MODULE {
                // A key of the object with the imports.
                glue = once(&glue, &format!("\n        {name}: "), &format!("\n        \"{short}\": "))?;
            } else {
                let object = object(&glue, module).with_context(|| format!("the glue does not import {module}"))?;
                direct.push_str(&format!("        \"{short}\": {object}.{name},\n"));
            }
        }
        glue = once(&glue, "\n    };\n    return {", &format!("\n{direct}    }};\n    return {{"))?;
        // The other modules are in the first now.
        let others = self.imports.iter().map(|(module, ..)| module).filter(|module| *module != MODULE);
        for module in others {
            while let Some(object) = object(&glue, module) {
                glue = once(&glue, &format!("\n        \"{module}\": {object},"), "")?;
            }
        }
        glue = once(&glue, &format!("\"{MODULE}\":"), "\"a\":")?;
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

/// The name under which the glue passes on what it imports from `module`.
fn object<'a>(glue: &'a str, module: &str) -> Option<&'a str> {
    let (_, after) = glue.split_once(&format!("\n        \"{module}\": "))?;
    Some(after.split_once(',')?.0)
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

    const GLUE: &str = "class I { open() { wasm.i_open(this.ptr); } }
import * as import1 from \"./page.js\"
import * as import2 from \"./page.js\"
function imports() {
    const import0 = {
        __wbg_a_12: function(x) { return my_wasm.i_open; },
    };
    return {
        \"./natter_bg.js\": import0,
        \"./page.js\": import1,
        \"./page.js\": import2,
    };
}";

    fn names(own: &str) -> Names {
        let import = |module: &str, name: &str, short: &str| (module.into(), name.into(), short.into());
        Names {
            imports: vec![import(MODULE, own, "b"), import("./page.js", "title", "d")],
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
    fn what_comes_from_elsewhere_is_given_with_the_rest() {
        let glue = names("__wbg_a_12").apply(GLUE).unwrap();
        assert!(glue.contains("\"d\": import1.title,\n    };"), "{glue}");
        assert!(glue.contains("return {\n        \"a\": import0,\n    };"), "{glue}");
    }

    #[test]
    fn glue_that_does_not_fit_is_refused() {
        assert!(names("__wbg_b_34").apply(GLUE).is_err());
        assert!(names("__wbg_a_12").apply(&GLUE.replace("wasm.i_open(", "wasm.i_close(")).is_err());
        assert!(names("__wbg_a_12").apply(&GLUE.replace("\"./page.js\":", "\"./other.js\":")).is_err());
    }
}
