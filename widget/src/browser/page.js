// For page.rs and gesture.rs.

/** In the capture phase, since scrolling does not bubble. Where `call` returns true the browser does nothing of its own. */
export function listen(target, types, call) {
  const hear = (event) => call(event) && event.preventDefault();
  const each = (act) => types.split(" ").forEach((type) => act.call(target, type, hear, true));
  each(target.addEventListener);
  return () => each(target.removeEventListener);
}

export const page = () => window;

export const viewport = () => window.visualViewport ?? undefined;

/** Whether this is a `pageshow` of a page that was loaded, and not kept. */
export const is_fresh = (event) => event.persisted === false;

export const is_online = () => navigator.onLine;

export const address = () => location.href;

export const title = () => document.title;

export function set_title(title) {
  document.title = title;
}
