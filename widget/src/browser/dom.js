// For dom.rs.

export function to_js(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

export const dispatch = (host, name, detail) =>
  host.dispatchEvent(new CustomEvent("natter:" + name, { detail: to_js(detail), bubbles: true, composed: true }));

export function root_of(host) {
  try {
    const shadow = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    return shadow.appendChild(document.createElement("div"));
  } catch {}
}

/** One sheet serves all widgets of a page. */
let sheet;

export function adopt(root, style) {
  const shadow = root.getRootNode();
  sheet ??= new CSSStyleSheet();
  sheet.replaceSync(style);
  if (!shadow.adoptedStyleSheets.includes(sheet)) shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
}

export const is_color = (value) => CSS.supports("color", value);

export const set_property = (element, name, value) => element.style.setProperty(name, value);

export const has_focus = (root) => !!root.getRootNode().activeElement;

export function lost_focus() {
  const { activeElement, body } = document;
  return !activeElement || activeElement === body;
}

export const focus_on = (node) => node.focus({ preventScroll: true });

export const focus_first_invalid = (root) => root.querySelector("form [aria-invalid]")?.focus();

export function edit(root, text) {
  const field = root.querySelector(".editor textarea");
  if (field) {
    field.value = text;
    field.focus();
  }
}

export const value_of = (field) => field.value;

export const field = (form, name) =>
  form instanceof HTMLFormElement ? (new FormData(form).get(name) ?? "") : undefined;

export const text = (element) => field(element, "text") ?? element.value;

export const scroll_top = (element) => element.scrollTop;

export const below = (element) => element.scrollHeight - element.scrollTop - element.clientHeight;

export function to_end(element) {
  element.scrollTop = element.scrollHeight;
}

/** Nothing comes back, and what goes wrong there is told there. */
export const call_extra = (extra, name, root) => void extra(name, root);
