//! Icons as inline SVG: 24 units wide, drawn with the current text colour, hidden from screen readers.

use super::element::{Element, el};

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A speech bubble with two lines.
    Chat,
    /// A four-pointed spark: the assistant.
    Spark,
    /// A cross.
    Close,
    /// A line at the bottom.
    Minimize,
    /// An arrowhead up.
    Expand,
    /// An arrow up.
    Send,
    /// A filled square.
    Stop,
    /// An arrow in a circle.
    Retry,
    /// An arrow down.
    Down,
    /// An exclamation mark in a circle.
    Alert,
    /// Two sheets, one before the other.
    Copy,
    /// A tick.
    Check,
    /// A pencil.
    Edit,
    /// A thumb up.
    Good,
    /// A thumb down.
    Bad,
    /// An arrowhead towards the start of a line.
    Back,
    /// An arrowhead towards the end of a line.
    Forth,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Chat => {
                "M20.5 11.6c0 4.4-3.8 8-8.5 8-1.2 0-2.4-.2-3.5-.7L4 20l1.3-3.7a7.6 7.6 0 0 1-1.8-4.7c0-4.4 3.8-8 8.5-8s8.5 3.6 8.5 8ZM8.7 10h6.6M8.7 13.4h4.1"
            }
            Self::Spark => {
                "M12 3.5c.6 4.9 3.6 7.9 8.5 8.5-4.9.6-7.9 3.6-8.5 8.5-.6-4.9-3.6-7.9-8.5-8.5 4.9-.6 7.9-3.6 8.5-8.5Z"
            }
            Self::Close => "m6.5 6.5 11 11m0-11-11 11",
            Self::Minimize => "M6 17.5h12",
            Self::Expand => "m6.5 14.5 5.5-5.5 5.5 5.5",
            Self::Send => "M12 19V5m-6 6 6-6 6 6",
            Self::Stop => "M8 8h8v8H8z",
            Self::Retry => "M19 12a7 7 0 1 1-2.2-5.1L19 9M19 4.5V9h-4.5",
            Self::Down => "M12 5v14m-6-6 6 6 6-6",
            Self::Alert => "M12 7.8v5m0 3v.1M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z",
            Self::Copy => "M9 9h11v11H9zM15 9V4H4v11h5",
            Self::Check => "m5 12.5 4.5 4.5L19 7.5",
            Self::Edit => "m4.5 19.5 1-4L16 5l3 3L8.5 18.5zM14 7l3 3",
            Self::Good => {
                "M4 10.5h3.5v9H4zM7.5 10.5 11 3.5c1.8 0 2.5 1.2 2.2 2.8l-.6 3.2H19c1 0 1.7.9 1.5 1.9l-1.400 6.600c-.2.9-.9 1.5-1.8 1.5H7.5"
            }
            Self::Bad => {
                "M4 13.5h3.5v-9H4zM7.5 13.5 11 20.5c1.8 0 2.5-1.2 2.2-2.8l-.6-3.2H19c1 0 1.7-.9 1.5-1.9l-1.400-6.600c-.2-.9-.9-1.5-1.8-1.5H7.5"
            }
            Self::Back => "m14.5 6.5-5.5 5.5 5.5 5.5",
            Self::Forth => "m9.5 6.5 5.5 5.5-5.5 5.5",
        }
    }

    /// The icon as an element. Nothing of SVG but these two: `widget/yew.patch` knows no other.
    pub fn draw(self) -> Element {
        let fill = if matches!(self, Self::Stop | Self::Spark) { "currentColor" } else { "none" };
        el("svg class=icon stroke=currentColor stroke-width=1.8 aria-hidden=true")
            .set("viewBox", "0 0 24 24")
            .set("fill", fill)
            .child(el("path").set("d", self.path()))
    }
}
