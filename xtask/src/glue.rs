//! What wasm-bindgen writes between the module and the page, without what no browser needs that the widget runs in, and with
//! what it says over and over said once.

use anyhow::{Context, Result};

/// From and to where the glue is cut: what comes between these two, and the first of them, goes. Browsers that have adopted
/// style sheets have all that is asked for here, and nobody disposes of a widget by `using`.
const NEEDLESS: [(&str, &str); 5] = [
    ("(typeof FinalizationRegistry === 'undefined')", "new FinalizationRegistry(ptr"),
    ("(typeof FinalizationRegistry === 'undefined')", "new FinalizationRegistry(state"),
    ("if (!('encodeInto' in cachedTextEncoder))", "let WASM_VECTOR_LEN"),
    ("if (realloc === undefined)", "let len = arg.length;"),
    ("if (Symbol.dispose)", "\n"),
];

/// How a function gives the module the text `ret`, or nothing where that may be.
const GIVES: [&str; 2] = [
    "const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
            const len1 = WASM_VECTOR_LEN;
            getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
            getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);",
    "var ptr1 = isLikeNone(ret) ? 0 : passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
            var len1 = WASM_VECTOR_LEN;
            getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
            getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);",
];

/// The same, said once; and what catches what a function throws.
const HELPERS: &str = "
function give(at, text) {
    const from = isLikeNone(text) ? 0 : passStringToWasm0(text, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    getDataViewMemory0().setInt32((at >>> 0) + 4, WASM_VECTOR_LEN, true);
    getDataViewMemory0().setInt32(at >>> 0, from, true);
}
const catching = (act) => (...args) => handleError(act, args);
";

/// The glue made shorter; it does the same.
pub(crate) fn shorter(glue: &str) -> Result<String> {
    let mut glue = glue.to_owned();
    for (from, to) in NEEDLESS {
        let start = glue.find(from).with_context(|| format!("the glue has no `{from}`"))?;
        let end = start + glue[start..].find(to).with_context(|| format!("the glue has no `{to}` after `{from}`"))?;
        glue.replace_range(start..end, "");
    }
    for gives in GIVES {
        glue = glue.replace(gives, "give(arg0, ret);");
    }
    let lines: Vec<_> = glue.lines().map(arrow).collect();
    Ok(lines.join("\n") + HELPERS)
}

/// A line of the glue; where it is the first or the last of a function for the module, of an arrow function.
fn arrow(line: &str) -> String {
    const CATCHES: &str = ": function() { return handleError(function (";
    let arrow = |rest: &str| rest.replace(") {", ") => {");
    if let Some((name, rest)) = line.split_once(CATCHES) {
        [name, ": catching((", &arrow(rest)].concat()
    } else if let Some((name, rest)) = line.split_once(": function(") {
        [name, ": (", &arrow(rest)].concat()
    } else {
        line.replace("}, arguments); },", "}),")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_for_the_module_become_arrow_functions() {
        let glue = [
            "        __wbg_a: function(arg0) {",
            "            return arg0;",
            "        },",
            "        __wbg_b: function() { return handleError(function (arg0, arg1) {",
            "            arg0.b(arg1);",
            "        }, arguments); },",
        ];
        let short = [
            "        __wbg_a: (arg0) => {",
            "            return arg0;",
            "        },",
            "        __wbg_b: catching((arg0, arg1) => {",
            "            arg0.b(arg1);",
            "        }),",
        ];
        assert_eq!(glue.map(arrow), short);
    }

    #[test]
    fn glue_that_does_not_fit_is_refused() {
        assert!(shorter("function imports() {}").is_err());
    }
}
