//! What a visitor sees and does.
//!
//! Elements are found by the role and the name that the browser itself computes for assistive technology
//! ("Get Computed Role" and "Get Computed Label" of W3C WebDriver), through open shadow roots, and only where a visitor
//! can come across them. What has no role is found by its text, or by its `::part()`, which is public too.

mod devtools;
mod picture;
mod talk;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::error::{WebDriverError, WebDriverErrorInner};
use thirtyfour::{Key, WebDriver, WebElement};

use crate::driver::get;
use crate::engine::Engine;
use crate::wait::{self, PATIENCE};

pub use picture::{Difference, Picture};

const LIBRARY: &str = include_str!("../../assets/page.js");

/// The page in a browser window.
#[derive(Debug, Clone)]
pub struct Page {
    driver: WebDriver,
}

/// An element a visitor can come across.
#[derive(Debug, Clone)]
pub struct Element {
    handle: WebElement,
    /// Its computed role.
    pub role: String,
    /// Its computed name.
    pub name: String,
}

/// Where an element is drawn, in CSS pixels from the window's upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, serde::Deserialize)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Area {
    /// From edge to edge.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// From top to bottom.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

impl Page {
    pub(crate) fn new(driver: WebDriver) -> Self {
        Self { driver }
    }

    /// The WebDriver client, for what only one test needs.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Loads a page; comes back when its `load` event has fired.
    pub async fn goes_to(&self, url: &str) {
        self.driver.goto(url).await.unwrap_or_else(|error| panic!("{url} does not load: {error}"));
    }

    /// Loads the page again.
    pub async fn reloads(&self) {
        self.driver.refresh().await.unwrap_or_else(|error| panic!("the page does not load again: {error}"));
    }

    // ---- scripts -------------------------------------------------------------------------------------------------

    async fn try_script<T: DeserializeOwned>(&self, code: &str, args: Vec<Value>) -> Result<T, WebDriverError> {
        let result = self.driver.execute(format!("{LIBRARY}\n{code}"), args).await?;
        result.convert()
    }

    /// Runs a script with the helpers of `assets/page.js`.
    pub async fn script<T: DeserializeOwned>(&self, code: &str, args: Vec<Value>) -> T {
        self.try_script(code, args).await.unwrap_or_else(|error| panic!("script failed: {code}\n{error}"))
    }

    /// Runs a script with `element` as its first argument.
    pub async fn script_on<T: DeserializeOwned>(&self, element: &Element, code: &str) -> T {
        self.script(code, vec![element.handle.to_json().unwrap()]).await
    }

    // ---- finding -------------------------------------------------------------------------------------------------

    async fn candidates(&self, role: &str, name: Option<&str>) -> Result<Vec<WebElement>, WebDriverError> {
        let code = format!("{LIBRARY}\nreturn candidates(arguments[0], arguments[1]);");
        self.driver.execute(code, vec![json!(role), json!(name)]).await?.elements()
    }

    async fn known(&self, handle: WebElement) -> Result<Element, WebDriverError> {
        let id = handle.element_id();
        let role = get(&self.driver, format!("/element/{id}/computedrole")).await?;
        let name = get(&self.driver, format!("/element/{id}/computedlabel")).await?;
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        // A word of Chromium's own for a summary, which has none of ARIA's roles: elsewhere nothing is said.
        let role = text(role).replace("DisclosureTriangle", "");
        Ok(Element { handle, role, name: text(name) })
    }

    async fn search(&self, role: &str, name: Option<&str>, limit: usize) -> Result<Vec<Element>, WebDriverError> {
        let mut found = Vec::new();
        for handle in self.candidates(role, name).await? {
            let element = self.known(handle).await?;
            if element.role == role && name.is_none_or(|name| matches(&element.name, name)) {
                found.push(element);
                if found.len() == limit {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// Every element of that role, and of that name where one is given.
    ///
    /// A name that ends with `…` stands for every name that begins so.
    pub async fn all(&self, role: &str, name: Option<&str>) -> Vec<Element> {
        self.steady(async || self.search(role, name, usize::MAX).await).await
    }

    /// Every element of that role inside `element`.
    pub async fn within(&self, element: &Element, role: &str) -> Vec<Element> {
        let look = async || {
            let code = format!("{LIBRARY}\nreturn candidatesIn(arguments[0], arguments[1]);");
            let args = vec![element.handle.to_json()?, json!(role)];
            let mut found = Vec::new();
            for handle in self.driver.execute(code, args).await?.elements()? {
                found.push(self.known(handle).await?);
            }
            found.retain(|element| element.role == role);
            Ok(found)
        };
        self.steady(look).await
    }

    /// The first such element, if there is one now.
    pub async fn find(&self, role: &str, name: &str) -> Option<Element> {
        self.steady(async || self.search(role, Some(name), 1).await).await.pop()
    }

    /// Tries again when the page changed in the middle of a look at it.
    async fn steady<T>(&self, look: impl AsyncFn() -> Result<T, WebDriverError>) -> T {
        let seen = wait::until(async || match look().await {
            Ok(seen) => Some(seen),
            Err(error) if is_fleeting(&error) => None,
            Err(error) => panic!("the browser does not answer: {error}"),
        });
        seen.await.expect("the page does not come to rest")
    }

    /// Waits for an element.
    ///
    /// # Panics
    /// When it does not turn up; the message shows what there is instead.
    pub async fn sees(&self, role: &str, name: &str) -> Element {
        let what = format!("{role} “{name}”");
        self.waits(&what, async || self.find(role, name).await).await
    }

    /// Waits until there is no such element.
    pub async fn does_not_see(&self, role: &str, name: &str) {
        let what = format!("a page without {role} “{name}”");
        self.waits(&what, async || self.find(role, name).await.is_none().then_some(())).await;
    }

    /// Whether there is such an element now.
    pub async fn has(&self, role: &str, name: &str) -> bool {
        self.find(role, name).await.is_some()
    }

    /// Waits for text that stands by itself somewhere.
    pub async fn reads(&self, text: &str) {
        self.waits(&format!("the text “{text}”"), async || self.shows_text(text).await.then_some(())).await;
    }

    /// Whether text stands by itself somewhere now.
    pub async fn shows_text(&self, text: &str) -> bool {
        self.script("return textShown(arguments[0]);", vec![json!(text)]).await
    }

    /// Waits for something that is public by its `::part()` only.
    pub async fn sees_part(&self, name: &str) -> String {
        self.waits(&format!("the part “{name}”"), async || self.part_text(name).await).await
    }

    /// Waits until no such part is to be seen.
    pub async fn does_not_see_part(&self, name: &str) {
        let what = format!("a page without the part “{name}”");
        self.waits(&what, async || self.part_text(name).await.is_none().then_some(())).await;
    }

    /// The text of a part, if it is to be seen now.
    pub async fn part_text(&self, name: &str) -> Option<String> {
        let code = "const found = part(arguments[0]); return found && (found.textContent ?? '').trim();";
        self.script(code, vec![json!(name)]).await
    }

    /// Waits for `state`, which looks at the page.
    ///
    /// # Panics
    /// When it does not come within [`PATIENCE`]. `what` is what the visitor waited for; the message goes on with
    /// what is on the page.
    pub async fn waits<T>(&self, what: &str, state: impl AsyncFnMut() -> Option<T>) -> T {
        match wait::until(state).await {
            Some(value) => value,
            None => {
                let outline = self.outline().await;
                panic!("after {} s a visitor still did not see {what}. On the page:\n{outline}", PATIENCE.as_secs())
            }
        }
    }

    /// Fails with what is on the page unless `holds`.
    pub async fn check(&self, holds: bool, otherwise: &str) {
        if !holds {
            panic!("{otherwise}. On the page:\n{}", self.outline().await);
        }
    }

    /// Roles, names and texts on the page, for messages.
    pub async fn outline(&self) -> String {
        self.try_script("return outline();", vec![]).await.unwrap_or_else(|error| format!("(unknown: {error})"))
    }

    // ---- elements ------------------------------------------------------------------------------------------------

    /// What can be read in an element, as it is laid out.
    pub async fn text_of(&self, element: &Element) -> String {
        self.script_on(element, "return arguments[0].innerText;").await
    }

    /// What was typed into a field.
    pub async fn value_of(&self, element: &Element) -> String {
        self.script_on(element, "return arguments[0].value;").await
    }

    /// An attribute.
    pub async fn attribute_of(&self, element: &Element, name: &str) -> Option<String> {
        let args = vec![element.handle.to_json().unwrap(), json!(name)];
        self.script("return arguments[0].getAttribute(arguments[1]);", args).await
    }

    /// Where it is drawn, or what has come into its place: the app has a launcher of its own.
    pub async fn area_of(&self, element: &Element) -> Area {
        let code = "const { left, top, right, bottom } = arguments[0].getBoundingClientRect(); \
            return { left, top, right, bottom };";
        match self.try_script(code, vec![element.handle.to_json().unwrap()]).await {
            Ok(area) => area,
            Err(error) if is_fleeting(&error) => {
                let now = self.sees(&element.role, &element.name).await;
                self.script_on(&now, code).await
            }
            Err(error) => panic!("{} “{}” has no place: {error}", element.role, element.name),
        }
    }

    /// Whether it can be pressed.
    pub async fn is_enabled(&self, element: &Element) -> bool {
        let code = "return !arguments[0].disabled && arguments[0].getAttribute('aria-disabled') !== 'true';";
        self.script_on(element, code).await
    }

    /// What has the keyboard, by role and name; shadow roots are looked into.
    pub async fn focus(&self) -> (String, String) {
        let look = async || {
            let code = format!("{LIBRARY}\nreturn [focused()].filter(Boolean);");
            let handle = self.driver.execute(code, vec![]).await?.elements()?.pop();
            match handle {
                Some(handle) => self.known(handle).await.map(|element| (element.role, element.name)),
                None => Ok(("nothing".into(), String::new())),
            }
        };
        self.steady(look).await
    }

    /// Waits until the keyboard is with such an element.
    pub async fn has_focus(&self, role: &str, name: &str) {
        let state = async || {
            let (at_role, at_name) = self.focus().await;
            (at_role == role && matches(&at_name, name)).then_some(())
        };
        self.waits(&format!("the focus on {role} “{name}”"), state).await;
    }

    // ---- doing ---------------------------------------------------------------------------------------------------

    /// Waits for an element and clicks it as a pointer does: whatever covers it would get the click.
    pub async fn click(&self, role: &str, name: &str) {
        let what = format!("a clickable {role} “{name}”");
        self.waits(&what, async || {
            let element = self.find(role, name).await?;
            match self.tries_to_click(&element).await {
                Ok(()) => Some(()),
                // It moves or is covered while the window opens.
                Err(error) if is_fleeting(&error) => None,
                Err(error) => panic!("{role} “{name}” cannot be clicked: {error}"),
            }
        })
        .await;
    }

    async fn tries_to_click(&self, element: &Element) -> Result<(), WebDriverError> {
        if Engine::current() == Engine::WebKit && element.role == "textbox" {
            // Its driver takes the inside of a field for something that covers the field.
            element.handle.scroll_into_view().await?;
            return self.driver.action_chain().move_to_element_center(&element.handle).click().perform().await;
        }
        element.handle.click().await
    }

    /// Presses an element with the pointer, and does not let go.
    pub async fn holds_down(&self, element: &Element) {
        self.driver.action_chain().click_and_hold_element(&element.handle).perform().await.unwrap();
    }

    /// Lets go of what is pressed.
    pub async fn lets_go(&self) {
        self.driver.action_chain().release().perform().await.unwrap();
    }

    /// Moves the pointer over an element.
    pub async fn points_at(&self, element: &Element) {
        self.driver.action_chain().move_to_element_center(&element.handle).perform().await.unwrap();
    }

    /// Moves the pointer into the window's upper left corner, where nothing of the widget is. In two steps: WebKit's driver
    /// does not know of its clicks, and leaves out a move to where it believes the pointer to be.
    pub async fn points_nowhere(&self) {
        self.driver.action_chain().move_to(2, 2).move_to(1, 1).perform().await.unwrap();
    }

    /// Types into whatever has the focus.
    pub async fn types(&self, text: impl Into<String>) {
        self.driver
            .action_chain_with_delay(Some(std::time::Duration::ZERO), None)
            .send_keys(text.into())
            .perform()
            .await
            .unwrap();
    }

    /// Presses a key.
    pub async fn presses(&self, key: Key) {
        self.driver.action_chain().send_keys(key).perform().await.unwrap();
    }

    /// Presses a key while another is held.
    pub async fn presses_with(&self, held: Key, key: Key) {
        self.driver.action_chain().key_down(held.clone()).send_keys(key).key_up(held).perform().await.unwrap();
    }

    /// Empties a field and types into it.
    pub async fn fills(&self, role: &str, name: &str, text: &str) {
        let field = self.sees(role, name).await;
        field.handle.clear().await.unwrap();
        field.handle.send_keys(text).await.unwrap();
    }

    /// Turns the wheel over an element: positive is down.
    pub async fn scrolls(&self, element: &Element, by: i32) {
        let code = "const box = scroller(arguments[0]); box.scrollTop += arguments[1]; return box.scrollTop;";
        let _: f64 = self.script(code, vec![element.handle.to_json().unwrap(), json!(by)]).await;
    }

    /// Pixels between what is in sight and the end of what scrolls `element`.
    pub async fn distance_to_end(&self, element: &Element) -> f64 {
        let code = "const box = scroller(arguments[0]); return box.scrollHeight - box.clientHeight - box.scrollTop;";
        self.script_on(element, code).await
    }

    /// A picture of the window.
    pub async fn picture(&self) -> Vec<u8> {
        self.driver.screenshot_as_png().await.unwrap()
    }
}

/// Whether a computed name is the one a test means; `Open chat…` stands for every name that begins so.
fn matches(name: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('…') {
        Some(start) => name.starts_with(start),
        None => name == wanted,
    }
}

/// Whether the page only changed under the harness's hands.
fn is_fleeting(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::NoSuchElement(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::MoveTargetOutOfBounds(_)
            // What WebKit's driver says of an element that goes while it is asked for its role.
            | WebDriverErrorInner::UnknownError(_)
            // What Firefox's driver has of a script whose page goes meanwhile: nothing, where there should be a list.
            | WebDriverErrorInner::Json(_)
    )
}
