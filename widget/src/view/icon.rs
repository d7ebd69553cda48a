//! Icons as inline SVG: 24 units wide, drawn with the current text colour, hidden from screen readers.

use yew::prelude::*;

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
    /// A bin.
    Bin,
    /// An exclamation mark in a circle.
    Alert,
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
            Self::Bin => "M5 7h14M10 7V5h4v2m-7.5 0 .8 12h9.4l.8-12M10.3 11v4.5m3.4-4.5v4.5",
            Self::Alert => "M12 7.8v5m0 3v.1M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0Z",
        }
    }

    /// The icon as a node.
    pub fn html(self) -> Html {
        let fill = if matches!(self, Self::Stop | Self::Spark) { "currentColor" } else { "none" };
        html! {
            <svg class="icon" viewBox="0 0 24 24" fill={fill} stroke="currentColor" stroke-width="1.8"
                stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
                <path d={self.path()} />
            </svg>
        }
    }
}
