// The page's own openers: what they say of themselves, and the focus. It is the loader that hears when one is pressed.

interface Openers {
  selector: string;
  /** Those that say whether the window is open. */
  marked: Element[];
}

const widgets = new WeakMap<Host, Openers>();

/** What fits the selector now says whether the widget's window is open; what does not any more says nothing. */
function mark(host: Host, openers: Openers): void {
  for (const element of openers.marked) {
    element.removeAttribute("aria-haspopup");
    element.removeAttribute("aria-expanded");
  }
  openers.marked = openers.selector ? [...document.querySelectorAll(openers.selector)] : [];
  for (const element of openers.marked) {
    element.setAttribute("aria-haspopup", "dialog");
    element.setAttribute("aria-expanded", String(!host.shadowRoot!.querySelector("[data-shows=closed]")));
  }
}

/** The openers of a widget are what fits `selector`, if any. As its window closes, the one that was pressed gets the focus back. */
export function trigger(host: Host, selector: string): void {
  let openers = widgets.get(host);
  if (!openers) {
    const made: Openers = (openers = { selector, marked: [] });
    widgets.set(host, made);
    host.addEventListener("natter:open", () => mark(host, made));
    host.addEventListener("natter:close", () => {
      mark(host, made);
      // Unless the page closed it while the visitor is busy somewhere else.
      const { activeElement, body } = document;
      if (!activeElement || activeElement === body || activeElement === host) host.pressed?.focus();
      delete host.pressed;
    });
  }
  openers.selector = selector;
  try {
    mark(host, openers);
  } catch {
    openers.selector = "";
    console.warn(`Natter: trigger="${selector}" was ignored. It takes a CSS selector.`);
  }
}
