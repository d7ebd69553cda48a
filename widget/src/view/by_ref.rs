//! A prop that is compared by identity.

use std::ops::Deref;
use std::rc::Rc;

/// A shared value that is equal to itself only, so that comparing props never reads a whole conversation.
#[derive(Debug)]
pub struct ByRef<T>(pub Rc<T>);

impl<T> Clone for ByRef<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for ByRef<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for ByRef<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
