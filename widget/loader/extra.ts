// natter-extra.js: what nobody needs before the window is usable, fetched by the app once it is.

import { adopt } from "./answer.js";
import { colour } from "./colour.js";
import { judge } from "./judge.js";
import { resizable } from "./resize.js";
import { rings, tabsOf } from "./tabs.js";
import { trigger } from "./trigger.js";

/** Gives the answers below `root` their looks, and the first time, when it comes with options, the window its grip. */
function finish(root: HTMLElement, options?: [string, string][]): void {
  // The widget may be gone by now.
  if (!root.isConnected) return;
  adopt(root);
  colour(root);
  if (options) resizable(root, options);
}

/** Two soft notes, in one tab. Browsers play them once the visitor has touched the page. */
async function chime(root: HTMLElement): Promise<void> {
  if (!(await rings(root))) return;
  const context = new AudioContext();
  [660, 880].forEach((frequency, note) => {
    const at = context.currentTime + note * 0.13;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.06, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    gain.connect(context.destination);
    const tone = new OscillatorNode(context, { frequency });
    tone.connect(gain);
    tone.start(at);
    tone.stop(at + 0.4);
    if (note) tone.onended = () => context.close();
  });
}

const extra: ExtraFile = {
  finish,
  colour,
  chime,
  judge,
  trigger,
  // It may have been destroyed by now.
  share: (shared) => void (shared.root.isConnected && tabsOf(shared)),
  join: (shared, request) => tabsOf(shared).join(request),
};

Reflect.set(globalThis, Symbol.for("natter.extra"), extra);
