// The window's size: by dragging its corner, with the arrow keys, or as large as the screen and back by a click, so that
// two clicks undo everything. What the visitor chose is remembered on the device, as is the conversation.

import { placeOf } from "./own.js";

/** How far an arrow key moves the corner, in CSS pixels. */
const STEP = 20;

/** More than any screen has; the style sheet says how large a window may be. */
const LARGE = 99999;

export function resizable(root: HTMLElement, options: [string, string][]): void {
  const grip = root.querySelector<HTMLElement>(".grip")!;
  const box = grip.closest<HTMLElement>(".window")!;
  // With the mark of what goes with the conversation when the visitor has it deleted.
  const key = placeOf(options).base + "#size";
  const { storage: kind } = Object.fromEntries(options);

  /** Calls `use` with the place where sizes are kept, unless there is none. */
  const memory = <T>(use: (storage: Storage) => T): T | void => {
    try {
      if (kind !== "none") return use(kind === "session" ? sessionStorage : localStorage);
    } catch {
      // Forbidden or full: then the size lasts as long as the page.
    }
  };
  const set = (width?: number, height?: number) => {
    root.style.setProperty("--natter-width", width ? width + "px" : "");
    root.style.setProperty("--natter-height", height ? height + "px" : "");
  };
  const size = () => [box.offsetWidth, box.offsetHeight] as const;
  const keep = () => memory((storage) => storage.setItem(key, size().join()));
  /** 1 where the window grows as the corner goes to the left, -1 where it shrinks. */
  const side = () => (grip.getBoundingClientRect().left - box.getBoundingClientRect().left < box.offsetWidth / 2 ? 1 : -1);

  /** Gives the size when the pointer is at `x` and `y`; there while the corner is dragged. */
  let drag: ((event: PointerEvent) => void) | undefined;
  let dragged = false;
  grip.addEventListener("pointerdown", (down) => {
    if (down.button) return;
    const [width, height] = size();
    const wider = side();
    grip.setPointerCapture(down.pointerId);
    dragged = false;
    drag = ({ clientX, clientY }) => {
      const [x, y] = [down.clientX - clientX, down.clientY - clientY];
      // A hand that clicks is not quite still.
      dragged ||= Math.abs(x) + Math.abs(y) > 3;
      if (dragged) set(width + wider * x, height + y);
    };
  });
  grip.addEventListener("pointermove", (event) => drag?.(event));
  grip.addEventListener("lostpointercapture", () => {
    drag = undefined;
    if (dragged) keep();
  });
  grip.addEventListener("click", ({ detail }) => {
    // The end of a drag is a click, too; one from the keyboard counts none.
    if (dragged && detail) return;
    const before = size().join();
    set(LARGE, LARGE);
    if (size().join() !== before) return void keep();
    set();
    memory((storage) => storage.removeItem(key));
  });
  grip.addEventListener("keydown", (event) => {
    const [x, y] = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [];
    if (x === undefined || y === undefined) return;
    event.preventDefault();
    const [width, height] = size();
    set(width + side() * x * STEP, height + y * STEP);
    keep();
  });

  set(...(memory((storage) => storage.getItem(key)) ?? "").split(",").map(Number));
}
