//! Many small things handed on together, at most once per animation frame.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::clock;
use super::ongoing::Ongoing;

/// Gathers items and hands them on once per frame. What is left when it is dropped is dropped too.
pub(crate) struct Batch<T> {
    shared: Rc<Shared<T>>,
    // Kept while it is due; the one before is dropped only when the next is made, never inside its own callback.
    frame: RefCell<Option<Ongoing>>,
}

struct Shared<T> {
    items: RefCell<Vec<T>>,
    due: Cell<bool>,
    deliver: Box<dyn Fn(Vec<T>)>,
}

impl<T: 'static> Batch<T> {
    pub(crate) fn new(deliver: impl Fn(Vec<T>) + 'static) -> Self {
        let shared = Shared { items: RefCell::default(), due: Cell::new(false), deliver: Box::new(deliver) };
        Self { shared: Rc::new(shared), frame: RefCell::new(None) }
    }

    /// Takes `items`; they are handed on in the next frame.
    pub(crate) fn push(&self, items: Vec<T>) {
        if items.is_empty() {
            return;
        }
        self.shared.items.borrow_mut().extend(items);
        if !self.shared.due.replace(true) {
            let shared = Rc::clone(&self.shared);
            *self.frame.borrow_mut() = Some(clock::next_frame(move || shared.flush()));
        }
    }

    /// Hands on what there is at once, since a page in the background has no frames.
    pub(crate) fn flush(&self) {
        self.shared.flush();
    }
}

impl<T> Shared<T> {
    fn flush(&self) {
        self.due.set(false);
        let items = self.items.take();
        if !items.is_empty() {
            (self.deliver)(items);
        }
    }
}
