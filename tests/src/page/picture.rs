//! Pictures of the window, and how much two of them differ.

use serde_json::json;

use super::{Area, Page};

const COMPARE: &str = include_str!("../../assets/compare.js");

/// What the window showed.
#[derive(Debug, Clone)]
pub struct Picture {
    /// PNG, in base64.
    png: String,
}

/// How much two pictures differ.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// Pixels that differ by more than was tolerated.
    pub pixels: u32,
    /// Pixels that were looked at.
    pub of: u32,
    /// The largest difference in a channel, of 255.
    pub largest: u8,
}

impl Page {
    /// A picture of the window, to compare.
    pub async fn looks(&self) -> Picture {
        Picture { png: self.driver.screenshot_as_png_base64().await.unwrap() }
    }

    /// Compares the part `area` of two pictures. Pixels count as the same while no channel differs by more than
    /// `tolerance` of 255. The browser reads the pictures, whatever page it shows.
    pub async fn compares(&self, one: &Picture, other: &Picture, area: Area, tolerance: u8) -> Difference {
        let area = json!({"left": area.left, "top": area.top, "right": area.right, "bottom": area.bottom});
        let args = vec![json!(one.png), json!(other.png), area, json!(tolerance)];
        let (pixels, of, largest) = self.script(COMPARE, args).await;
        Difference { pixels, of, largest }
    }
}
