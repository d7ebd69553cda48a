//! A Yew application with a chat in the corner, and a button of its own that opens it.

use natter_widget::{ChatWidget, Config, SharedHandle};
use yew::prelude::*;

#[component]
fn App() -> Html {
    let chat = use_state(|| None::<SharedHandle>);
    let on_mount = {
        let chat = chat.clone();
        Callback::from(move |handle| chat.set(Some(handle)))
    };
    let ask = Callback::from(move |_: MouseEvent| {
        // Empty before the widget is on the page and after it has left.
        if let Some(chat) = &*chat
            && let Some(handle) = &*chat.borrow()
        {
            handle.open();
        }
    });
    let config = Config::default().endpoint("/api/chat").title("Ask Ada");
    html! {
        <main>
            <h1>{ "A page made with Yew" }</h1>
            <button type="button" onclick={ask}>{ "Ask us anything" }</button>
            <ChatWidget {config} {on_mount} />
        </main>
    }
}

fn main() {
    yew::Renderer::<App>::new().render();
}
