// The menu below the composer: what few visitors need.

import { download } from "./own.js";

/** For how long, in ms, it stands there that all was removed. */
const SAID = 8000;

function button(act: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.onclick = act;
  return button;
}

/** Puts the menu into the composer, until `signal` says that it is over. `say` says that all was removed. */
export function drawMenu(shared: Shared, forget: () => void, signal: AbortSignal): { say(): void } {
  const { root } = shared;
  const shadow = root.getRootNode() as ShadowRoot;
  const below = root.querySelector<HTMLElement>(".below")!;

  const menu = document.createElement("details");
  menu.className = "menu";
  const summary = document.createElement("summary");
  summary.className = "plain";
  const items = document.createElement("div");
  const chosen = (act: () => void) => () => {
    close();
    summary.focus();
    act();
  };
  const file = button(chosen(() => download(shared)));
  const end = button(chosen(forget));
  items.append(file, end);
  menu.append(summary, items);
  // Always there, so that what comes into it is announced.
  const done = document.createElement("p");
  done.className = "done";
  done.role = "status";

  const words = () => below.dataset.of!.split("\n") as [string, string, string, string];
  const name = () => {
    const [more, download, remove] = words();
    summary.ariaLabel = summary.title = more;
    file.textContent = download;
    end.textContent = remove;
  };
  name();
  const renamed = new MutationObserver(name);
  renamed.observe(below, { attributeFilter: ["data-of"] });
  signal.addEventListener("abort", () => renamed.disconnect());
  // Behind what the app draws: the number of its own children there never changes.
  below.parentElement!.append(done, menu);

  const close = () => (menu.open = false);
  const left = (event: Event) => event.composedPath().includes(menu) || close();
  menu.addEventListener("toggle", () => (file.hidden = !shared.instance.getMessages().length));
  document.addEventListener("pointerdown", left, { signal });
  shadow.addEventListener("focusin", left, { signal });
  // In front of the root, where Escape closes the window.
  const pressed = (event: Event) => {
    if (!menu.open || (event as KeyboardEvent).key !== "Escape") return;
    event.stopPropagation();
    close();
    summary.focus();
  };
  shadow.addEventListener("keydown", pressed, { signal, capture: true });

  return {
    say() {
      done.textContent = words()[3];
      setTimeout(() => (done.textContent = ""), SAID);
    },
  };
}
