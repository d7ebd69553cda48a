// What the wrappers of this folder do in the browser: one file for all, since every page of a Yew application fetches it, and
// what serves wasm tests stands still when a page asks for more than four files at once.

// ---- ongoing.rs ----------------------------------------------------------------------------------------------------

export const end = (ending) => ending();

// ---- clock.rs ------------------------------------------------------------------------------------------------------

export function after(millis, call) {
  const timer = setTimeout(call, millis);
  return () => clearTimeout(timer);
}

export function at_each(millis, call) {
  const timer = setInterval(call, millis);
  return () => clearInterval(timer);
}

export function in_next_frame(call) {
  const frame = requestAnimationFrame(call);
  return () => cancelAnimationFrame(frame);
}

export const seconds_until = (date) => (Date.parse(date) - Date.now()) / 1000;

export const iso = (millis) => new Date(millis).toISOString();

// 2^52: as many values as a double tells apart.
export const random_id = () => `${Date.now()}${Math.floor(Math.random() * 2 ** 52)}`;

export function secret_id() {
  try {
    return crypto.getRandomValues(new BigUint64Array(2)).join("-");
  } catch {
    return "";
  }
}

// Without the languages some browsers write times in the language of their own menus. WebKitGTK calls a system that has
// no language "C", which is none.
export function formatter(options) {
  const of = (languages) => new Intl.DateTimeFormat(languages, JSON.parse(options)).format;
  try {
    return of(navigator.languages);
  } catch {
    return of();
  }
}

export const write = (formatter, millis) => formatter(millis);

// ---- page.rs and gesture.rs ----------------------------------------------------------------------------------------

/** In the capture phase, since scrolling does not bubble. Where `call` returns true the browser does nothing of its own. */
export function listen(target, types, call) {
  const hear = (event) => call(event) && event.preventDefault();
  const each = (act) => types.split(" ").forEach((type) => act.call(target, type, hear, true));
  each(target.addEventListener);
  return () => each(target.removeEventListener);
}

export const page = () => window;

export const viewport = () => window.visualViewport ?? undefined;

export const is_online = () => navigator.onLine;

export const address = () => location.href;

export const title = () => document.title;

export function set_title(title) {
  document.title = title;
}

// ---- gesture.rs ----------------------------------------------------------------------------------------------------

export const element = ({ target }) => target.closest?.("[data-do]") ?? undefined;

export const kind = (event) => event.type;

export const attribute = (element, name) => element.getAttribute(name) ?? undefined;

export const is_in = (element, container) => !!element.closest(container);

export const beside = (element, container, selector) =>
  element.closest(container)?.querySelector(selector)?.textContent ?? undefined;

export const is_of = ({ target }, element) => target === element;

export const is_in_field = ({ target }) => target instanceof HTMLTextAreaElement;

// 229: how Safari reports the Enter that ends a composition.
export function key({ key, keyCode, isComposing, shiftKey, ctrlKey, altKey, metaKey }) {
  const modified = shiftKey || ctrlKey || altKey || metaKey;
  return isComposing || keyCode === 229 || (key === "Enter" && modified) ? undefined : key;
}

// ---- dom.rs --------------------------------------------------------------------------------------------------------

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

// ---- storage.rs ----------------------------------------------------------------------------------------------------

// Browsers without a storage, or that forbid it, differ in what they throw, and where.

function attempt(act) {
  try {
    return act();
  } catch {}
}

export const open = (kind) => attempt(() => window[kind]);

/** The UTF-16 units as they are, lone surrogates too. */
export const load = (storage, key) =>
  attempt(() => {
    const text = storage.getItem(key);
    return Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  });

export const save = (storage, key, text) =>
  !storage || !!attempt(() => {
    storage.setItem(key, text);
    return true;
  });

export const remove = (storage, key) => attempt(() => storage.removeItem(key));

/** Browsers tell all other tabs of what is stored, and not the page that stores it. */
export const tell = (key) => void window.dispatchEvent(Object.assign(new Event("natter:stored"), { key }));

/** Not a `pageshow` of a page that was loaded, and not kept. Where there is no key it may be any. */
export const concerns = (event, key) => event.persisted !== false && (event.key ?? key) === key;

// ---- request.rs ----------------------------------------------------------------------------------------------------

/**
 * Makes requests, each with its `url`, one after the other. `told` gets the response, each piece of its body, and `null` at
 * its end, until it returns false; `undefined` in the place of any of these that failed. What comes back ends it all.
 *
 * `via`, if it is there, makes them in the place of `fetch`: so other tabs hear of them.
 *
 * A request that outlives the page does not end and tells nothing: it may fail.
 */
export function ask(requests, told, via) {
  const controller = new AbortController();
  const { signal } = controller;
  const tell = (what) => !signal.aborted && told(what);
  const converse = async () => {
    for (const init of JSON.parse(requests)) {
      if (init.keepalive) await fetch(init.url, init).catch(() => {});
      else await hear(via ? via("ask", { ...init, signal }) : fetch(init.url, { ...init, signal }), tell);
    }
  };
  converse();
  return () => controller.abort();
}

async function hear(fetched, tell) {
  let reader;
  try {
    const response = await fetched;
    let more = tell(response);
    reader = response.body?.getReader();
    while (more) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      more = tell(done ? null : value);
    }
  } catch {
    tell();
  }
  // What is left. A stream that is broken already rejects.
  reader?.cancel().catch(() => {});
}

/** 0 when there is no response. */
export const status = (response) => response?.status ?? 0;

export const header = (response, name) => response.headers.get(name) ?? undefined;

// ---- clipboard.rs --------------------------------------------------------------------------------------------------

/** A page without https has no clipboard. */
export function write_text(text, told) {
  navigator.clipboard?.writeText(text).then(told, () => {});
}

// ---- analytics.rs --------------------------------------------------------------------------------------------------

export function gtag(name, properties) {
  try {
    window.gtag?.("event", name, JSON.parse(properties));
  } catch {
    // What the page's own function throws is the page's affair.
  }
}
