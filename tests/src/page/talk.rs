//! What a visitor does with the widget again and again.

use thirtyfour::Key;

use super::{Element, Page};

impl Page {
    /// Clicks the launcher and waits until one can type.
    pub async fn opens_chat(&self) {
        self.click("button", "Open chat…").await;
        self.sees("button", "Close chat").await;
        self.has_focus("textbox", "…").await;
    }

    /// The field where questions are typed.
    pub async fn composer(&self) -> Element {
        self.sees("textbox", "Ask me anything...").await
    }

    /// Types a question where the focus is and sends it with Enter.
    pub async fn asks(&self, question: &str) {
        let field = self.composer().await;
        field.handle.send_keys(question).await.unwrap();
        self.presses(Key::Enter).await;
    }

    /// The texts of all messages of one kind, `user message` or `assistant message`.
    pub async fn messages(&self, name: &str) -> Vec<String> {
        let look = async || {
            let mut texts = Vec::new();
            for element in self.search("article", Some(name), usize::MAX).await? {
                let args = vec![element.handle.to_json()?];
                texts.push(self.try_script("return arguments[0].innerText;", args).await?);
            }
            Ok(texts)
        };
        self.steady(look).await
    }

    /// Waits for a message that holds `text`.
    pub async fn sees_message(&self, name: &str, text: &str) {
        let what = format!("an {name} with “{text}”");
        let text = lines(text);
        let state =
            async || self.messages(name).await.iter().any(|message| lines(message).contains(&text)).then_some(());
        self.waits(&what, state).await;
    }

    /// Waits until no answer is on its way.
    pub async fn is_at_rest(&self) {
        self.sees("button", "Send message").await;
        self.reads("Online").await;
    }
}

/// A text without its empty lines: engines do not agree how many there are between two paragraphs.
fn lines(text: &str) -> String {
    text.split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
