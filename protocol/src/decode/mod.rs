//! Reply streams to [`crate::event::StreamEvent`]s.
