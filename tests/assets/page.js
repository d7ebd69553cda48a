// Helpers for the scripts that the harness runs in the page. Nothing here knows a class of the widget:
// candidates for a role are found by markup, and the browser's own computed role and name decide.

// Every element of the document and of the open shadow roots in it, in tree order.
function* elements(root = document) {
  for (const element of root.querySelectorAll("*")) {
    yield element;
    if (element.shadowRoot) yield* elements(element.shadowRoot);
  }
}

const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null;

// Whether a visitor (sighted or not) can come across it.
function shown(element) {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: false })) return false;
  for (let at = element; at; at = parentOf(at)) {
    if (at.inert || at.getAttribute("aria-hidden") === "true") return false;
  }
  return true;
}

// Whether something inside the element can be seen (visually hidden texts for screen readers cannot).
function visible(element) {
  if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
  const { width, height } = element.getBoundingClientRect();
  return width > 1 && height > 1;
}

const CANDIDATES = {
  alert: "[role=alert]",
  article: "article, [role=article]",
  blockquote: "blockquote",
  button: "button, [role=button], input[type=submit], input[type=button], summary",
  cell: "td",
  checkbox: "input[type=checkbox], [role=checkbox]",
  code: "code",
  columnheader: "th",
  deletion: "del",
  dialog: "dialog, [role=dialog]",
  emphasis: "em",
  form: "form, [role=form]",
  heading: "h1, h2, h3, h4, h5, h6, [role=heading]",
  link: "a[href], [role=link]",
  list: "ul, ol",
  listitem: "li",
  log: "[role=log]",
  paragraph: "p",
  region: "section, [role=region]",
  status: "[role=status], output",
  strong: "strong",
  table: "table",
  textbox: "textarea, input, [role=textbox], [contenteditable]",
};

const likelyName = (element) =>
  (element.getAttribute("aria-label") ?? element.getAttribute("placeholder") ?? element.textContent ?? "").trim();

// Whether the element may be called so. The browser's word takes two requests; it is asked for where it can be this one.
function mayBeCalled(element, name) {
  if (element.hasAttribute("aria-labelledby") || element.labels?.length > 0) return true;
  if (element.querySelector("[aria-label], [aria-labelledby], [title], [alt]")) return true;
  const simple = (text) => text.replace(/\s+/g, " ").toLowerCase();
  return simple([likelyName(element), element.title, element.value].join(" ")).includes(simple(name));
}

// The elements that may have `role`, and may be called `name`; a name that ends with "…" is the beginning of one.
function candidates(role, name) {
  const wanted = name?.replace(/…$/, "") ?? "";
  const fits = (element) => wanted === "" || mayBeCalled(element, wanted);
  return [...elements()].filter((element) => element.matches(CANDIDATES[role] ?? `[role=${role}]`) && fits(element) && shown(element));
}

// The elements inside `element` that may have `role`, in tree order.
const candidatesIn = (element, role) => candidates(role, null).filter((found) => found !== element && element.contains(found));

const host = () => document.querySelector("natter-chat");
const root = () => host()?.shadowRoot ?? null;

function focused() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

function part(name) {
  return [...elements()].find((element) => element.part?.contains(name) && visible(element)) ?? null;
}

// Whether exactly this text stands somewhere to be seen.
function textShown(text) {
  return [...elements()].some((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
    return own && visible(element) && shown(element) && element.innerText?.trim() === text;
  });
}

// What scrolls the element: itself, the nearest ancestor or else the nearest descendant that can.
function scroller(element) {
  const scrolls = (at) => /auto|scroll/.test(getComputedStyle(at).overflowY);
  for (let at = element; at; at = parentOf(at)) if (scrolls(at)) return at;
  return [...element.querySelectorAll("*")].find(scrolls) ?? element;
}

// Any CSS colour as [red, green, blue, alpha], the last from 0 to 1.
function channels(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const paint = canvas.getContext("2d", { willReadFrequently: true });
  paint.fillStyle = colour;
  paint.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

const over = ([r, g, b, a], [br, bg, bb]) => [r * a + br * (1 - a), g * a + bg * (1 - a), b * a + bb * (1 - a), 1];

// The colours that may be behind an element's text: several where a gradient is.
function behind(element) {
  if (!element) return [[255, 255, 255, 1]];
  const style = getComputedStyle(element);
  const stops = style.backgroundImage.match(/(?:rgba?|hsla?|oklch|oklab|lab|lch|color|color-mix)\((?:[^()]|\([^()]*\))*\)/g) ?? [];
  const layers = [style.backgroundColor, ...stops].map(channels);
  const opaque = stops.length > 0 && layers.slice(1).every((layer) => layer[3] === 1);
  if (opaque) return layers.slice(1);
  if (layers[0][3] === 1 && stops.length === 0) return [layers[0]];
  const below = behind(parentOf(element)).map((colour) => over(layers[0], colour));
  return stops.length === 0 ? below : below.flatMap((colour) => layers.slice(1).map((layer) => over(layer, colour)));
}

// WCAG 2.2, relative luminance.
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const s = value / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(element) {
  const ink = channels(getComputedStyle(element).color);
  return Math.min(...behind(element).map((ground) => {
    const [light, dark] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }));
}

// The page as an outline of roles, names and texts, for the message of a failed test.
function outline() {
  const lines = [];
  const walk = (node, depth) => {
    if (lines.length > 150) return;
    const say = (text) => lines.push("  ".repeat(depth) + text);
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim()) say(JSON.stringify(node.data.trim().slice(0, 200)));
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || /^(script|style|link|meta|head|svg)$/.test(node.localName)) return;
    const notes = ["role", "aria-label", "aria-labelledby", "aria-busy", "aria-invalid", "part", "href", "placeholder"]
      .filter((name) => node.hasAttribute(name))
      .map((name) => ` ${name}=${JSON.stringify(node.getAttribute(name))}`);
    if (!visible(node)) notes.push(" (not visible)");
    if (node.inert) notes.push(" (inert)");
    if (node.disabled) notes.push(" (disabled)");
    if (node === focused()) notes.push(" (focused)");
    if (typeof node.value === "string" && node.value) notes.push(` value=${JSON.stringify(node.value)}`);
    const plain = /^(div|span)$/.test(node.localName) && notes.length === 0;
    if (!plain) say(`<${node.localName}${notes.join("")}>`);
    const children = [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes];
    for (const child of children) walk(child, depth + (plain ? 0 : 1));
  };
  walk(document.documentElement, 0);
  return lines.join("\n");
}
