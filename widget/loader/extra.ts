// natter-extra.js: what a window can be used without. The app fetches it when the page is idle, or before that if it is due.

import { colour } from "./colour.js";
import { judge } from "./judge.js";
import { rings, tabsOf } from "./tabs.js";
import { trigger } from "./trigger.js";

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
  colour,
  chime,
  judge,
  trigger,
  // It may have been destroyed by now.
  share: (shared) => void (shared.root.isConnected && tabsOf(shared)),
  join: (shared, request) => tabsOf(shared).join(request),
};

Reflect.set(globalThis, Symbol.for("natter.extra"), extra);
