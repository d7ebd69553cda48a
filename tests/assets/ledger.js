// Runs before the widget and counts what it begins and does not end. `ledger()` tells what there is now: of listeners, timers,
// frames, observers, channels, workers and connections by kind, of nodes and style sheets how many the document has.
(() => {
  const live = new Map();
  /** Something of this kind began; what comes back ends it. */
  const begin = (kind) => {
    live.set(kind, (live.get(kind) ?? 0) + 1);
    let ended = false;
    return () => {
      if (!ended) live.set(kind, live.get(kind) - 1);
      ended = true;
    };
  };

  // Listeners on what outlives a widget. Those on its own nodes go with the nodes.
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const listeners = new Map();
  const lasts = (target) => !(target instanceof Node) ? !(target instanceof AbortSignal) : target.isConnected && !target.getRootNode().host && target.localName !== "natter-chat" && target.localName !== "script";
  const keyOf = (type, options) => `${type}/${Boolean(options?.capture ?? options === true)}`;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    const target = this ?? window;
    if (listener && lasts(target)) {
      const known = listeners.get(target) ?? new Map();
      listeners.set(target, known);
      const key = keyOf(type, options);
      const ofKey = known.get(key) ?? new Map();
      known.set(key, ofKey);
      if (!ofKey.has(listener)) {
        const end = begin(`listener ${target.constructor.name} ${type}`);
        const over = () => {
          end();
          ofKey.delete(listener);
        };
        ofKey.set(listener, over);
        if (options?.once) addEventListener.call(target, type, over, { once: true, capture: options.capture });
        if (options?.signal) addEventListener.call(options.signal, "abort", over, { once: true });
      }
    }
    return addEventListener.call(target, type, listener, options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = this ?? window;
    listeners.get(target)?.get(keyOf(type, options))?.get(listener)?.();
    return removeEventListener.call(target, type, listener, options);
  };

  // Timers and frames: by what begins and what ends them.
  for (const [start, stop, repeats] of [
    ["setTimeout", "clearTimeout"],
    ["setInterval", "clearInterval", true],
    ["requestAnimationFrame", "cancelAnimationFrame"],
    ["requestIdleCallback", "cancelIdleCallback"],
  ]) {
    const [starts, stops] = [window[start], window[stop]];
    if (!starts) continue;
    const ends = new Map();
    window[start] = (call, ...rest) => {
      const end = begin(start);
      const id = starts.call(window, (...args) => {
        if (!repeats) end();
        return call(...args);
      }, ...rest);
      ends.set(id, end);
      return id;
    };
    window[stop] = (id) => {
      ends.get(id)?.();
      return stops.call(window, id);
    };
  }

  // Objects that are at work until they are told to stop.
  for (const [name, begins, stops] of [
    ["MutationObserver", "observe", "disconnect"],
    ["ResizeObserver", "observe", "disconnect"],
    ["IntersectionObserver", "observe", "disconnect"],
    ["PerformanceObserver", "observe", "disconnect"],
    ["BroadcastChannel", null, "close"],
    ["Worker", null, "terminate"],
    ["EventSource", null, "close"],
    ["WebSocket", null, "close"],
    ["AudioContext", null, "close"],
  ]) {
    const Native = window[name];
    if (!Native) continue;
    window[name] = class extends Native {
      #end;
      constructor(...args) {
        super(...args);
        if (!begins) this.#end = begin(name);
      }
      static {
        if (begins) {
          this.prototype[begins] = function (...args) {
            this.#end ??= begin(name);
            return Native.prototype[begins].apply(this, args);
          };
        }
        this.prototype[stops] = function (...args) {
          this.#end?.();
          this.#end = undefined;
          return Native.prototype[stops].apply(this, args);
        };
      }
    };
  }

  window.ledger = () => {
    const count = Object.fromEntries([...live].filter(([, count]) => count !== 0).sort());
    count.nodes = document.querySelectorAll("*").length;
    count["style sheets"] = document.styleSheets.length + document.adoptedStyleSheets.length;
    count.highlights = [...(CSS.highlights ?? [])].reduce((sum, [, ranges]) => sum + ranges.size, 0);
    return count;
  };
})();
