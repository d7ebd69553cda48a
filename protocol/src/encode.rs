//! [`crate::event::StreamEvent`]s to the formats a server writes.
