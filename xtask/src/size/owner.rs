//! Which part a function belongs to, by its demangled name.

/// Crates that are told as one.
const OWN_LIBRARIES: &[&str] =
    &["core", "alloc", "std", "hashbrown", "dlmalloc", "compiler_builtins", "memchr", "__rustc"];
/// Beside these, everything that begins with `gloo`.
const BINDINGS: &[&str] = &["js_sys", "web_sys", "wasm_bindgen", "wasm_bindgen_futures"];

/// Crates of the project, and how they are called here.
const OURS: [(&str, &str); 2] = [("natter_widget", "widget"), ("natter_protocol", "protocol")];

/// What a function counts for: a crate or a group of crates, and a module where it is one of ours.
pub(crate) fn of(function: &str) -> (String, Option<String>) {
    let krate = outer_crate(function);
    for (name, short) in OURS {
        if let Some(module) = module(function, name) {
            // Yew is compiled anew for each type of component, which then is one with it.
            if krate == Some("yew") {
                return ("components, with what of yew is compiled for them".to_owned(), None);
            }
            return (short.to_owned(), Some(format!("{short} {module}")));
        }
    }
    let part = match krate {
        // Generic code of the standard library is there because of what it is used for.
        Some(name) if OWN_LIBRARIES.contains(&name) && module_at(function, "yew").is_some() => "yew",
        Some(name) if OWN_LIBRARIES.contains(&name) => "Rust's own libraries",
        Some(name) if BINDINGS.contains(&name) || name.starts_with("gloo") => "bindings to the browser",
        Some(name) => name,
        None => "without a crate (memcpy, glue)",
    };
    (part.to_owned(), None)
}

/// The crate at the beginning of a path such as `<alloc::vec::Vec<T> as …>::push`.
fn outer_crate(function: &str) -> Option<&str> {
    let path = function.trim_start_matches(['<', '&', '(', '[', '*']);
    let path = ["mut ", "const ", "dyn "].iter().fold(path, |path, word| path.strip_prefix(word).unwrap_or(path));
    let (name, _) = path.split_once("::")?;
    name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_').then_some(name)
}

/// The module of the crate that the name tells first: `model::markdown` of `natter_widget::model::markdown::parse`.
fn module(function: &str, name: &str) -> Option<String> {
    let path = &function[module_at(function, name)?..];
    let mut module: Vec<&str> = path.split("::").take_while(|word| is_module(word)).take(3).collect();
    // A path that goes on with none ends with the function's own name.
    if module.len() < 3 && path.split("::").count() == module.len() {
        module.pop();
    }
    module.truncate(2);
    Some(if module.is_empty() { "(root)".to_owned() } else { module.join("::") })
}

/// Types begin with a capital, and where a path ends, something else than a letter follows.
fn is_module(word: &str) -> bool {
    word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// Where the path goes on behind `name::`.
fn module_at(function: &str, name: &str) -> Option<usize> {
    let starts = function.match_indices(name).find(|(at, _)| {
        let before = function[..*at].chars().next_back();
        let own = !before.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == ':');
        own && function[at + name.len()..].starts_with("::")
    });
    starts.map(|(at, _)| at + name.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(function: &str) -> String {
        let (part, module) = of(function);
        module.unwrap_or(part)
    }

    #[test]
    fn our_functions_count_for_their_module() {
        assert_eq!(part("natter_widget::model::markdown::inline::parse"), "widget model::markdown");
        assert_eq!(part("<natter_widget::view::bubble::Bubble as yew::Component>::view"), "widget view::bubble");
        assert_eq!(part("natter_widget::model::read::{closure#0}"), "widget model::read");
        assert_eq!(part("natter_widget::init"), "widget (root)");
        assert_eq!(part("<natter_protocol::sse::Parser>::push"), "protocol sse");
    }

    #[test]
    fn generic_code_counts_for_what_it_is_compiled_for() {
        assert_eq!(part("<alloc::vec::Vec<natter_widget::model::state::Notice>>::push"), "widget model::state");
        assert_eq!(part("core::ptr::drop_in_place::<yew::virtual_dom::VNode>"), "yew");
        let component = "<yew::html::Scope<natter_widget::app::chat::Chat>>::mount";
        assert_eq!(part(component), "components, with what of yew is compiled for them");
    }

    #[test]
    fn the_rest_counts_for_its_crate() {
        assert_eq!(part("<&mut web_sys::features::Element as core::fmt::Debug>::fmt"), "bindings to the browser");
        assert_eq!(part("lz_str::compress"), "lz_str");
        assert_eq!(part("memcpy"), "without a crate (memcpy, glue)");
    }
}
