//! The widget's root component: actions in, state, views out, effects after.
//!
//! A struct component, since it is the smallest form of "one state, one reducer": its messages are the actions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use natter_protocol::request::Role;
use yew::prelude::*;

use super::effects::{Around, Effects, Nodes};
use super::memory::{Memory, rules};
use crate::browser::clock::{self, TimeFormat};
use crate::browser::dom::{self, HostElement, RootElement};
use crate::config::Config;
use crate::model::message::ChatMessage;
use crate::model::state::{State, Window};
use crate::model::strings::ENGLISH;
use crate::model::update::Action;
use crate::view::by_ref::ByRef;
use crate::view::composer::Composer;
use crate::view::contact::ContactOffer;
use crate::view::header::{Header, Status};
use crate::view::launcher::launcher;
use crate::view::notice::cleared_row;
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
}

/// Launcher and window.
pub(crate) struct Chat {
    state: Rc<State>,
    greeting: Rc<ChatMessage>,
    nodes: Nodes,
    on: Callbacks,
    format_time: Callback<u64, AttrValue>,
    effects: Effects,
    act: Callback<Action>,
}

impl Component for Chat {
    type Message = Action;
    type Properties = ChatProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let nodes = Nodes::default();
        let times = TimeFormat::new();
        let memory = Memory::of(&props.config);
        let act = ctx.link().callback(|action| action);
        if props.config.open {
            act.emit(show(Window::Open));
        }
        let mut effects = Effects::new(memory.clone(), props.had_focus, &props.root, &act);
        effects.dress(&props.root, &props.config);
        let state = memory.recall(&props.config);
        Self {
            greeting: Rc::new(greeting(&props.config, state.greeted_at)),
            state: Rc::new(state),
            on: Callbacks::new(ctx.link(), &nodes),
            format_time: Callback::from(move |millis| times.format(millis).into()),
            effects,
            act,
            nodes,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, action: Action) -> bool {
        if matches!(action, Action::Scrolled { at_end } if at_end == self.state.at_end) {
            return false;
        }
        let state = Rc::make_mut(&mut self.state);
        *state = std::mem::take(state).update(action);
        let (config, greeted_at) = (&ctx.props().config, self.state.greeted_at);
        // The greeting is from the moment the visitor first saw it.
        if self.greeting.content != config.greeting || greeted_at.is_some_and(|at| at != self.greeting.timestamp) {
            self.greeting = Rc::new(greeting(config, greeted_at));
        }
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, _: &ChatProps) -> bool {
        let ChatProps { root, config, .. } = ctx.props();
        let memory = Memory::of(config);
        self.effects.dress(root, config);
        ctx.link().send_message(Action::Obey(rules(config)));
        if self.effects.remember_in(&memory) {
            ctx.link().send_message(Action::Recall(Box::new(memory.recall(config))));
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let (config, strings, state, on) = (&ctx.props().config, &ENGLISH, &*self.state, &self.on);
        let minimized = state.window == Window::Minimized;
        let header = Header {
            title: &config.title,
            status: status(state),
            minimized,
            strings,
            fold_node: &self.nodes.fold,
            on_fold: if minimized { &on.open } else { &on.minimize },
            on_close: &on.close,
        };
        let transcript = Transcript {
            state,
            greeting: &self.greeting,
            strings,
            node: &self.nodes.transcript,
            format_time: &self.format_time,
            on_scroll: &on.scroll,
            on_jump: &on.jump,
            on_retry: &on.retry,
            children: html! {
                <>
                    { self.offer(config) }
                    if state.cleared.is_some() {
                        { cleared_row(strings, &on.undo) }
                    }
                </>
            },
        };
        let composer = Composer {
            draft: &state.draft,
            placeholder: &config.placeholder,
            characters_left: state.characters_left(&state.draft),
            sendable: state.sendable(&state.draft),
            running: state.running().is_some(),
            clearable: !state.messages.is_empty(),
            strings,
            node: &self.nodes.composer,
            on_input: &on.input,
            on_key: &on.key,
            on_send: &on.send,
            on_stop: &on.stop,
            on_clear: &on.clear,
        };
        html! {
            <>
                if config.launcher && state.window == Window::Closed {
                    { launcher(strings, state.unread, &self.nodes.launcher, on.open.clone()) }
                }
                <div class="window" data-shows={window_name(state.window)} part="window" role="dialog"
                    aria-label={config.title.clone()} onkeydown={&on.escape}>
                    { header.html() }
                    { transcript.html() }
                    { composer.html() }
                </div>
                <div class="announcer" role="status">{ state.announcement.clone() }</div>
            </>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, _: bool) {
        let ChatProps { host, root, messages, config, .. } = ctx.props();
        messages.replace(self.state.messages.clone());
        self.effects.follow(&self.state, &Around { host, root, config, nodes: &self.nodes, act: &self.act });
    }

    fn destroy(&mut self, _: &Context<Self>) {
        self.effects.end();
    }
}

impl Chat {
    /// What is offered when nobody can answer.
    fn offer(&self, config: &Config) -> Html {
        let (url, form) = (config.contact_url.as_deref(), config.contact_endpoint.is_some());
        match &self.state.contact {
            Some(contact) if form || url.is_some() => {
                ContactOffer { contact, url, form, strings: &ENGLISH, on_submit: &self.on.submit }.html()
            }
            _ => Html::default(),
        }
    }
}

fn greeting(config: &Config, greeted_at: Option<u64>) -> ChatMessage {
    ChatMessage {
        id: "greeting".into(),
        role: Role::Assistant,
        content: config.greeting.clone(),
        timestamp: greeted_at.unwrap_or_default(),
    }
}

const fn window_name(window: Window) -> &'static str {
    match window {
        Window::Closed => "closed",
        Window::Open => "open",
        Window::Minimized => "minimized",
    }
}

fn status(state: &State) -> Status {
    match state.running() {
        Some(_) => Status::Typing,
        None if state.online => Status::Online,
        None => Status::Offline,
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

/// What the visitor does, as actions.
struct Callbacks {
    open: Callback<MouseEvent>,
    minimize: Callback<MouseEvent>,
    close: Callback<MouseEvent>,
    escape: Callback<KeyboardEvent>,
    input: Callback<InputEvent>,
    key: Callback<KeyboardEvent>,
    send: Callback<MouseEvent>,
    stop: Callback<MouseEvent>,
    retry: Callback<MouseEvent>,
    clear: Callback<MouseEvent>,
    undo: Callback<MouseEvent>,
    scroll: Callback<Event>,
    jump: Callback<MouseEvent>,
    submit: Callback<SubmitEvent>,
}

impl Callbacks {
    fn new(link: &yew::html::Scope<Chat>, nodes: &Nodes) -> Self {
        let (composer, transcript) = (nodes.composer.clone(), nodes.transcript.clone());
        let (typed, entered) = (composer.clone(), composer.clone());
        let last_top = Cell::new(0);
        Self {
            open: link.callback(|_| show(Window::Open)),
            minimize: link.callback(|_| show(Window::Minimized)),
            close: link.callback(|_| show(Window::Closed)),
            escape: link.batch_callback(|event| dom::is_escape(&event).then(|| show(Window::Closed))),
            input: link.callback(move |_| Action::Draft(dom::value(&typed))),
            key: link.batch_callback(move |event: KeyboardEvent| {
                dom::is_plain_enter(&event).then(|| {
                    event.prevent_default();
                    ask(dom::value(&entered))
                })
            }),
            send: link.callback(move |_| ask(dom::value(&composer))),
            retry: link.callback(|_| Action::Retry { reply_id: clock::random_id(), now: clock::now() }),
            stop: link.callback(|_| Action::Stop),
            clear: link.callback(|_| Action::Clear),
            undo: link.callback(|_| Action::Undo),
            scroll: link.batch_callback(move |_| {
                let (top, at_end) = dom::scrolled(&transcript)?;
                let up = top < last_top.replace(top);
                // Only a visitor scrolls up: text that arrived below does not mean that they left the end.
                (at_end || up).then_some(Action::Scrolled { at_end })
            }),
            jump: link.callback(|_| Action::Scrolled { at_end: true }),
            submit: link.batch_callback(|event: SubmitEvent| {
                event.prevent_default();
                dom::fields(&event, ["name", "email", "message"]).map(Action::SubmitContact)
            }),
        }
    }
}
