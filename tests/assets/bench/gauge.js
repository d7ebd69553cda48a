// Runs before everything else on a measured page: watches its frames and tasks, and says when a state is reached.
// Knows the widget by roles only; the plain page, which it is compared with, has the same roles in its own document.
window.gauge = (() => {
  const root = () => document.querySelector("natter-chat")?.shadowRoot ?? document;
  const frame = () => new Promise(requestAnimationFrame);
  const tasks = [];
  let worstGap = 0;
  let watching = false;

  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: "longtask" });

  async function watchFrames() {
    watching = true;
    for (let last = await frame(); watching; ) {
      const now = await frame();
      worstGap = Math.max(worstGap, now - last);
      last = now;
    }
  }

  // Resolves once `holds` does at the beginning of a frame, and that frame has been painted.
  async function painted(holds) {
    while (!holds()) await frame();
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
    return performance.now();
  }

  const shows = (count) => {
    const dialog = root().querySelector("[role=dialog]");
    return dialog?.checkVisibility() && dialog.querySelectorAll("article").length >= count;
  };
  const atRest = () => root().getAnimations().length === 0 && !root().querySelector("[aria-busy=true], [aria-label=Stop]");

  return {
    // Frames per second, over half a second of doing nothing.
    async rate() {
      const first = await frame();
      let now = first;
      let frames = 0;
      for (; now - first < 500; frames += 1) now = await frame();
      return (frames * 1000) / (now - first);
    },

    // Whether the dialog with `count` messages is open and nothing moves any more.
    rests: (count) => Boolean(shows(count) && atRest()),

    // Does `ask`; `answered` is settled when the reply is there and painted, with what happened until then.
    start(ask) {
      tasks.length = worstGap = 0;
      const received = new Promise((resolve) => document.addEventListener("natter:received", resolve, { once: true }));
      watchFrames();
      this.answered = received.then(() => painted(atRest)).then(() => {
        watching = false;
        const log = root().querySelector("[role=log]");
        const toEnd = log.scrollHeight - log.clientHeight - log.scrollTop;
        return { worstGap, toEnd, characters: log.textContent.length, end: log.textContent.slice(-60) };
      });
      ask();
    },

    // When the conversation is stored.
    async saved() {
      while (localStorage.getItem("chat-history") === null) await new Promise((resolve) => setTimeout(resolve, 50));
    },

    // Milliseconds of each task of 50 or more since `start`.
    longTasks: () => tasks.map((task) => task.duration),

    // `opened` is settled with the milliseconds from the next click until `count` messages are painted.
    awaitClick(count) {
      this.opened = new Promise((resolve) => {
        document.addEventListener("click", (click) => {
          painted(() => shows(count)).then((now) => resolve(now - click.timeStamp));
        }, { capture: true, once: true });
      });
    },

    // Keeps the thread waiting, without work, until `url` answers.
    block(url) {
      const request = new XMLHttpRequest();
      request.open("POST", url, false);
      request.send();
    },
  };
})();
