// Options travel in one form: name and value as written in attributes. The app knows the table and judges them.
// Only the element that JavaScript may give as `container` travels as it is.

export type Options = Record<string, string>;

/** Adds a JavaScript config: camelCase keys become kebab-case names, `null` takes an option away. */
export function merge(options: Options, config: object): Options {
  const merged = { ...options };
  for (const [key, value] of Object.entries(config)) {
    const name = key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
    if (value == null) delete merged[name];
    else if (value instanceof Element) merged[name] = value as never;
    else merged[name] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  return merged;
}

/** The `data-*` attributes of the script tag. */
export function ofScript(script: Element): Options {
  return read(script, /^data-(.+)/);
}

/** The attributes of `<natter-chat>`, without those that mean something on every element. */
export function ofElement(element: Element): Options {
  return read(element, /^(?!(?:id|class|style|slot|part|hidden|inert|lang|dir|role|tabindex|aria-.*|data-.*|on.*)$)(.+)/);
}

function read(element: Element, pattern: RegExp): Options {
  const options: Options = {};
  for (const { name, value } of element.attributes) {
    const match = pattern.exec(name);
    if (match?.[1]) options[match[1]] = value;
  }
  return options;
}
