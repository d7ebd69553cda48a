//! What the visitor is offered when the assistant is unavailable.

use super::element::{Element, el};
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
}

impl ContactOffer<'_> {
    /// The offer as an element.
    pub fn draw(&self) -> Element {
        let strings = self.strings;
        let offer = el("div class=contact part=contact");
        if *self.contact == Contact::Sent {
            return offer.child(el("p").text(strings.contact_sent()));
        }
        let offer = offer.child(el("p").text(strings.unavailable_offer()));
        match self.url {
            _ if self.form => offer.child(self.form()),
            Some(url) => offer.child(
                el("a class=button target=_blank")
                    .set("rel", "noopener noreferrer")
                    .set("href", url.to_owned())
                    .text(strings.contact_us()),
            ),
            None => offer,
        }
    }

    fn form(&self) -> Element {
        let strings = self.strings;
        let faults = match self.contact {
            Contact::Invalid(faults) => faults.clone(),
            _ => Faults::default(),
        };
        let sending = matches!(self.contact, Contact::Sending(_));
        let failed = *self.contact == Contact::Failed;
        // The fields keep their own text, so a failed try loses nothing.
        el("form role=form novalidate data-do=contact")
            .set("aria-label", strings.contact_us())
            .child(field(
                el("input id=name name=name type=text autocomplete=name required"),
                "name",
                strings.contact_name(),
                faults.name,
            ))
            .child(field(
                el("input id=email name=email type=email autocomplete=email required"),
                "email",
                strings.contact_email(),
                faults.email,
            ))
            .child(field(
                el("textarea id=message name=message rows=3 required"),
                "message",
                strings.contact_message(),
                faults.message,
            ))
            .place(failed.then(|| el("p class=fault role=alert").text(strings.contact_failed())))
            .child(el("button class=button type=submit").flag("aria-disabled", sending).text(if sending {
                strings.contact_sending()
            } else {
                strings.contact_send()
            }))
    }
}

/// A label, its control, and what is wrong with it.
fn field(control: Element, id: &'static str, label: &'static str, fault: Option<&'static str>) -> Element {
    let told = fault.map(|_| [id, "-fault"].concat());
    let control = control.flag("aria-invalid", fault.is_some()).maybe("aria-describedby", told.clone());
    // Without a fault its place is kept, so that the control stays the same element.
    el("div class=row")
        .child(el("label").set("for", id).text(label))
        .child(control)
        .place(fault.map(|fault| el("p class=fault").maybe("id", told).text(fault)))
}
