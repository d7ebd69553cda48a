//! What the visitor is offered when the assistant is unavailable.

use yew::prelude::*;

use crate::model::contact::{Contact, Faults};
use crate::model::strings::Strings;

/// A link, or a form with its faults and its outcome.
#[derive(Debug)]
pub struct ContactOffer<'a> {
    /// Where the form stands.
    pub contact: &'a Contact,
    /// Where a link leads, when the owner gave one.
    pub url: Option<&'a str>,
    /// Whether there is a form.
    pub form: bool,
    /// The interface's words.
    pub strings: &'static Strings,
    /// The visitor sends the form.
    pub on_submit: &'a Callback<SubmitEvent>,
}

impl ContactOffer<'_> {
    /// The offer as a node.
    pub fn html(&self) -> Html {
        let strings = self.strings;
        html! {
            <div class="contact" part="contact">
                if *self.contact == Contact::Sent {
                    <p role="status">{ strings.contact_sent }</p>
                } else {
                    <p>{ strings.unavailable_offer }</p>
                    if self.form {
                        { self.form() }
                    } else if let Some(url) = self.url {
                        <a class="button" href={url.to_owned()} target="_blank" rel="noopener noreferrer">{ strings.contact_us }</a>
                    }
                }
            </div>
        }
    }

    fn form(&self) -> Html {
        let strings = self.strings;
        let faults = match self.contact {
            Contact::Invalid(faults) => faults.clone(),
            _ => Faults::default(),
        };
        let sending = matches!(self.contact, Contact::Sending(_));
        let input = |name: &'static str, kind: &'static str, complete: &'static str| {
            move |id: &'static str, fault: Option<&'static str>| {
                html! {
                    <input {id} {name} type={kind} autocomplete={complete} aria-invalid={fault.map(|_| "true")}
                        aria-describedby={fault.map(|_| [id, "-fault"].concat())} />
                }
            }
        };
        let message = |id: &'static str, fault: Option<&'static str>| {
            html! {
                <textarea {id} name="message" rows="3" aria-invalid={fault.map(|_| "true")}
                    aria-describedby={fault.map(|_| [id, "-fault"].concat())} />
            }
        };
        // The fields keep their own text, so a failed try loses nothing.
        html! {
            <form role="form" aria-label={strings.contact_us} novalidate={true} onsubmit={self.on_submit}>
                { field("name", strings.contact_name, faults.name, &input("name", "text", "name")) }
                { field("email", strings.contact_email, faults.email, &input("email", "email", "email")) }
                { field("message", strings.contact_message, faults.message, &message) }
                if *self.contact == Contact::Failed {
                    <p class="fault" role="alert">{ strings.contact_failed }</p>
                }
                <button class="button" type="submit" aria-disabled={sending.then_some("true")}>
                    { if sending { strings.contact_sending } else { strings.contact_send } }
                </button>
            </form>
        }
    }
}

/// A label, its control, and what is wrong with it.
fn field(
    id: &'static str,
    label: &'static str,
    fault: Option<&'static str>,
    control: &dyn Fn(&'static str, Option<&'static str>) -> Html,
) -> Html {
    html! {
        <div class="row">
            <label for={id}>{ label }</label>
            { control(id, fault) }
            if let Some(fault) = fault {
                <p class="fault" id={[id, "-fault"].concat()}>{ fault }</p>
            }
        </div>
    }
}
