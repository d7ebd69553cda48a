//! The widget's root component: actions in, state, views out, effects after.
//!
//! A struct component, since it is the smallest form of "one state, one reducer": its messages are the actions.

use std::cell::RefCell;
use std::rc::Rc;

use natter_protocol::request::Role;
use yew::prelude::*;

use super::effects::{Around, Effects, Nodes};
use super::gestures;
use super::memory::{Memory, rules};
use crate::browser::clock;
use crate::browser::dom::{Extra, HostElement, RootElement};
use crate::browser::page::Listeners;
use crate::config::{Config, Mode};
use crate::model::message::ChatMessage;
use crate::model::state::{State, Window};
use crate::model::update::Action;
use crate::view::bubble::{CONVERSATION, GREETING, Times};
use crate::view::by_ref::ByRef;
use crate::view::composer::Composer;
use crate::view::contact::ContactOffer;
use crate::view::element::{Element, el, list};
use crate::view::header::Header;
use crate::view::launcher::launcher;
use crate::view::transcript::Transcript;

/// Where the widget lives, and its settings.
#[derive(Debug, Clone, PartialEq, Properties)]
pub(crate) struct ChatProps {
    /// The element in the page that events are dispatched on.
    pub(crate) host: HostElement,
    /// The element in its shadow root that the view is rendered into.
    pub(crate) root: RootElement,
    /// Whether the loader's launcher had the focus, which its successor inherits.
    pub(crate) had_focus: bool,
    /// The conversation for the handle to read, also inside a listener, when the component itself is busy.
    pub(crate) messages: ByRef<RefCell<Vec<Rc<ChatMessage>>>>,
    pub(crate) config: Config,
    /// What the bundle has beside the app.
    pub(crate) extras: Option<Extra>,
}

/// Launcher and window.
pub(crate) struct Chat {
    state: State,
    greeting: Rc<ChatMessage>,
    nodes: Nodes,
    times: Rc<Times>,
    effects: Effects,
    _gestures: Listeners,
    act: Callback<Action>,
}

impl Component for Chat {
    type Message = Action;
    type Properties = ChatProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let nodes = Nodes::default();
        let memory = Memory::of(&props.config);
        let act = ctx.link().callback(|action| action);
        if props.config.open || props.config.mode == Mode::Inline {
            act.emit(show(Window::Open));
        }
        let mut effects = Effects::new(memory.clone(), props.had_focus, &props.root, &act);
        effects.dress(&props.root, &props.config);
        let mut state = State::default();
        act_on(&mut state, Action::Recall(Box::new(memory.welcome(&props.config))));
        Self {
            greeting: Rc::new(greeting(&props.config, state.greeted_at)),
            state,
            times: Rc::new(times()),
            effects,
            _gestures: gestures::listen(&props.root, nodes.composer.clone(), props.messages.clone(), act.clone()),
            act,
            nodes,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        if matches!(action, Action::Scrolled { at_end } if at_end == self.state.at_end) {
            return false;
        }
        act_on(&mut self.state, action);
        let (config, greeted_at) = (&ctx.props().config, self.state.greeted_at);
        // The greeting is from the moment the visitor first saw it.
        if self.greeting.content != config.greeting || greeted_at.is_some_and(|at| at != self.greeting.timestamp) {
            self.greeting = Rc::new(greeting(config, greeted_at));
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &ChatProps) -> bool {
        let ChatProps { root, config, .. } = ctx.props();
        // To the place that it was said in, and before that place may be emptied.
        self.effects.end();
        let memory = Memory::of(config);
        self.effects.dress(root, config);
        ctx.link().send_message(Action::Obey(rules(config)));
        if config.mode == Mode::Inline {
            ctx.link().send_message(show(Window::Open));
        }
        if self.effects.remember_in(&memory) {
            ctx.link().send_message(Action::Recall(Box::new(memory.welcome(config))));
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (config, strings, state) = (&ctx.props().config, ctx.props().config.strings, &self.state);
        let header = Header {
            title: &config.title,
            status: state.status,
            minimized: state.window == Window::Minimized,
            strings,
            fold_node: &self.nodes.fold,
        };
        let transcript = Transcript {
            state,
            greeting: &self.greeting,
            starters: &config.suggestions,
            strings,
            node: &self.nodes.transcript,
            times: &self.times,
            offer: self.offer(config),
        };
        let composer = Composer {
            draft: &state.draft,
            placeholder: &config.placeholder,
            characters_left: state.characters_left(&state.draft),
            sendable: state.sendable(&state.draft),
            busy: state.busy(),
            begun: !state.messages.is_empty(),
            copied: state.copied.as_deref() == Some(CONVERSATION),
            strings,
            node: &self.nodes.composer,
        };
        let launcher = (config.launcher && state.window == Window::Closed)
            .then(|| launcher(strings, state.unread, &self.nodes.launcher));
        let role = if config.mode == Mode::Inline { "region" } else { "dialog" };
        let window = el("div class=window part=window")
            .set("role", role)
            .set("data-shows", window_name(state.window))
            .set("aria-label", config.title.clone())
            // The bundle makes the grip work (loader/resize.ts).
            .child(header.draw().place(
                cfg!(feature = "bundle").then(|| el("button class=grip part=grip type=button").named(strings.resize())),
            ))
            .child(transcript.draw())
            .child(composer.draw());
        list(vec![
            launcher.map_or_else(Html::default, Html::from),
            window.into(),
            el("div class=announcer role=status").text(state.announcement.clone()).into(),
        ])
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        let ChatProps { host, root, messages, config, extras, .. } = ctx.props();
        messages.replace(self.state.messages.clone());
        let (nodes, act, extras) = (&self.nodes, &self.act, extras.as_ref());
        self.effects.follow(&self.state, &Around { host, root, config, nodes, act, extras });
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.effects.end();
    }
}

impl Chat {
    /// What is offered when nobody can answer.
    fn offer(&self, config: &Config) -> Option<Element> {
        let (url, form) = (config.contact_url.as_deref(), config.contact_endpoint.is_some());
        let contact = self.state.contact.as_ref().filter(|_| form || url.is_some())?;
        Some(ContactOffer { contact, url, form, strings: config.strings }.draw())
    }
}

/// Makes it the state after `action`. A conversation that begins with it has an id of its own at the endpoint.
fn act_on(state: &mut State, action: Action) {
    state.act(action);
    if state.thread.id.is_empty() {
        state.thread.id = clock::secret_id();
    }
}

fn times() -> Times {
    let time = clock::format(r#"{"hour":"2-digit","minute":"2-digit"}"#);
    let day = clock::format(r#"{"month":"long","day":"numeric"}"#);
    Times {
        time: Callback::from(move |millis| time.write(millis)),
        day: Callback::from(move |millis| day.write(millis)),
    }
}

fn greeting(config: &Config, greeted_at: Option<u64>) -> ChatMessage {
    ChatMessage {
        id: GREETING.into(),
        role: Role::Assistant,
        content: config.greeting.clone(),
        timestamp: greeted_at.unwrap_or_default(),
        ..ChatMessage::default()
    }
}

const fn window_name(window: Window) -> &'static str {
    match window {
        Window::Closed => "closed",
        Window::Open => "open",
        Window::Minimized => "minimized",
    }
}

/// Asks `text` now.
pub(super) fn ask(text: String) -> Action {
    Action::Send { text, id: clock::random_id(), reply_id: clock::random_id(), now: clock::now() }
}

/// Shows so much of the window now.
pub(super) fn show(window: Window) -> Action {
    Action::Show { window, now: clock::now() }
}
