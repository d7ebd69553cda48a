//! The control tokens of chat templates, by which a model knows who is speaking.
//!
//! Families: ChatML, Llama 3, Phi, Qwen, GLM, Command R, GPT-OSS (`<|im_start|>`), Gemma (`<start_of_turn>`,
//! `<|turn>`), DeepSeek (`<｜User｜>` with fullwidth bars), Llama 2 (`[INST]`, `<<SYS>>`), Mistral (`[TOOL_CALLS]`).
//! `<s>` and `</s>` are left alone: they are HTML's strike-through, and alone they let nobody speak for another.

/// Longer than any name of a token, in bytes.
const MAX_NAME: usize = 64;
/// Names that are tokens between `<` and `>`.
const ANGLED: [&str; 6] = ["start_of_turn", "end_of_turn", "start_of_image", "end_of_image", "bos", "eos"];
/// Names that are tokens between `[` and `]`, after an optional slash; `INST` in any case, since Llama 2 reads it as text.
const BRACKETED: [&str; 6] =
    ["TOOL_CALLS", "TOOL_RESULTS", "TOOL_CONTENT", "AVAILABLE_TOOLS", "SYSTEM_PROMPT", "gMASK"];

/// A token in its three pieces, such as `<|`, `im_start` and `|>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    open: &'a str,
    name: &'a str,
    close: &'a str,
}

impl<'a> Token<'a> {
    /// The token that `text` ends with. Only the last hundred bytes are looked at.
    pub(super) fn at_end_of(text: &'a str) -> Option<Self> {
        let closes: &[&str] = match text.as_bytes().last()? {
            b'>' => &["|>", "｜>", ">>", ">"],
            b']' => &["]"],
            _ => return None,
        };
        closes.iter().find_map(|close| {
            let rest = text.strip_suffix(close)?;
            let (before, name) = split_name(rest)?;
            let opens: &[&str] = match *close {
                "|>" | "｜>" => &["<|", "<｜", "<"],
                ">>" => &["<<"],
                ">" => &["<|", "<｜", "<"],
                _ => &["["],
            };
            let open = opens.iter().find(|open| before.ends_with(**open) && is_token(open, name, close))?;
            Some(Self { open: &text[before.len() - open.len()..before.len()], name, close: &text[rest.len()..] })
        })
    }

    /// In bytes.
    pub(super) fn len(self) -> usize {
        self.open.len() + self.name.len() + self.close.len()
    }
}

/// The name that `text` ends with, and what stands before it.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let is_part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '▁');
    let length: usize = text.chars().rev().take(MAX_NAME).take_while(is_part).map(char::len_utf8).sum();
    (length > 0).then(|| text.split_at(text.len() - length))
}

fn is_token(open: &str, name: &str, close: &str) -> bool {
    let bare = name.strip_prefix('/').unwrap_or(name);
    match (open, close) {
        ("<", ">") => ANGLED.contains(&bare),
        ("<<", ">>") => bare.eq_ignore_ascii_case("SYS"),
        ("[", "]") => bare.eq_ignore_ascii_case("INST") || BRACKETED.contains(&bare),
        // One bar is enough: some templates write `<|turn>` and `<turn|>`.
        _ => true,
    }
}

/// Breaks up every token with a space on both sides of its name: `<| im_start |>` is no token for any template, and a
/// person still reads what was meant. Everything else stays as it is, and a text that was cleaned stays so too.
pub(super) fn neutralise(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for c in text.chars() {
        cleaned.push(c);
        if let Some(token @ Token { open, name, close }) = Token::at_end_of(&cleaned) {
            let broken = format!("{open} {name} {close}");
            cleaned.truncate(cleaned.len() - token.len());
            cleaned.push_str(&broken);
        }
    }
    cleaned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_of_every_known_family_are_broken_up() {
        for (token, broken) in [
            ("<|im_start|>", "<| im_start |>"),
            ("<|IM_END|>", "<| IM_END |>"),
            ("<|endoftext|>", "<| endoftext |>"),
            ("<|begin_of_text|>", "<| begin_of_text |>"),
            ("<|start_header_id|>", "<| start_header_id |>"),
            ("<|eot_id|>", "<| eot_id |>"),
            ("<|channel|>", "<| channel |>"),
            ("<|system|>", "<| system |>"),
            ("<|START_OF_TURN_TOKEN|>", "<| START_OF_TURN_TOKEN |>"),
            ("<|turn>", "<| turn >"),
            ("<turn|>", "< turn |>"),
            ("<｜User｜>", "<｜ User ｜>"),
            ("<｜begin▁of▁sentence｜>", "<｜ begin▁of▁sentence ｜>"),
            ("<start_of_turn>", "< start_of_turn >"),
            ("[INST]", "[ INST ]"),
            ("[/INST]", "[ /INST ]"),
            ("[inst]", "[ inst ]"),
            ("<<SYS>>", "<< SYS >>"),
            ("<</SYS>>", "<< /SYS >>"),
            ("<</sys>>", "<< /sys >>"),
            ("[TOOL_CALLS]", "[ TOOL_CALLS ]"),
            ("[/AVAILABLE_TOOLS]", "[ /AVAILABLE_TOOLS ]"),
        ] {
            assert_eq!(neutralise(&format!("a{token}b")), format!("a{broken}b"));
            assert_eq!(neutralise(&format!("{token}{token}")), format!("{broken}{broken}"));
        }
        assert_eq!(neutralise("<|<|im_start|>|>"), "<|<| im_start |>|>");
    }

    #[test]
    fn honest_questions_stay_as_they_were_written() {
        for text in [
            "let f = |x| x + 1; items.map(|item| item.len())",
            "xs.iter().fold(0, |a, b| a << b >> 1)",
            "ps aux | grep nginx | sort > out.txt",
            "f <| x |> g and <|> in Haskell, x <|y z|> in F#",
            "system: linux\nuser: why does \"assistant:\" show up?",
            "<s>old price</s> <b>new</b> <div id='start'>",
            "```rust\nfn main() { println!(\"{:?}\", a[i]); }\n```",
            "### Instruction: how do I write a prompt?",
            "a[b] [link](https://x.example) [x] [TODO] [IMG] std::vector<std::map<int>>",
            "👩‍👩‍👧 می‌خواهم 🏴󠁧󠁢󠁥󠁮󠁧󠁿 e\u{301} \u{202e}",
            "<||> <|> [] << >> <>",
        ] {
            assert_eq!(neutralise(text), text);
        }
    }

    #[test]
    fn whatever_is_written_cleaning_ends_and_need_not_be_done_twice() {
        let pieces = ["<", "|", ">", "｜", "[", "]", "/", "INST", "SYS", "im_start", " ", "é", "▁", "s", "end_of_turn"];
        for _ in 0..20_000 {
            let text: String = (0..fastrand::usize(..12)).map(|_| pieces[fastrand::usize(..pieces.len())]).collect();
            let once = neutralise(&text);
            assert_eq!(neutralise(&once), once, "{text:?}");
            let without_spaces = |text: &str| text.replace(' ', "");
            assert_eq!(without_spaces(&once), without_spaces(&text));
        }
    }
}
