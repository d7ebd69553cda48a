//! The contact form on its way to the owner.

use natter_protocol::json::Object;

use super::Around;
use crate::browser::{clock, page, post};
use crate::model::contact::Contact as Form;
use crate::model::state::State;
use crate::model::update::Action;

/// Posts a checked form, once each time it is to be sent.
#[derive(Default)]
pub(super) struct Contact {
    sending: bool,
}

impl Contact {
    pub(super) fn follow(&mut self, state: &State, around: &Around<'_>) {
        let form = match &state.contact {
            Some(Form::Sending(form)) => Some(form),
            _ => None,
        };
        let already = std::mem::replace(&mut self.sending, form.is_some());
        let (false, Some(form), Some(endpoint)) = (already, form, &around.config.contact_endpoint) else { return };
        let body = Object::new()
            .text("name", form.name.trim())
            .text("email", form.email.trim())
            .text("message", form.message.trim())
            .text("page", &page::address())
            .text("timestamp", &clock::iso8601(clock::now()))
            .end();
        let act = around.act.clone();
        post::json(endpoint, &body, move |accepted| {
            act.emit(Action::Contact(if accepted { Form::Sent } else { Form::Failed }));
        });
    }
}
