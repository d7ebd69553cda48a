// `<natter-chat>`: attributes and the `options` property in, the handle out. The work is in widget.ts.

import type { Changes, Config, NatterChatElement } from "./npm/natter.js";
import { createWidget, type Page } from "./widget.js";

const NAME = "natter-chat";

/** Defines the element. The class is made here, not at the top of the module: a server that imports it has no HTMLElement. */
export function define(page: Page): void {
  if (customElements.get(NAME)) return;
  customElements.define(
    NAME,
    class extends HTMLElement {
      readonly #widget = createWidget(this, page);

      get handle() {
        return this.#widget.handle;
      }

      set options(options: Changes) {
        this.handle.update(options);
      }

      connectedCallback() {
        // Set before the element was defined, the property hides the accessor.
        if (Object.hasOwn(this, "options")) {
          const { options } = this as { options?: Config };
          delete (this as { options?: Config }).options;
          this.options = options!;
        }
        this.#widget.connected();
      }

      disconnectedCallback() {
        this.#widget.disconnected();
      }
    },
  );
}

/** A new element with these options, not on the page yet. */
export function create(options: Config): NatterChatElement {
  const element = document.createElement(NAME);
  element.options = options;
  return element;
}
