// For gesture.rs.

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
