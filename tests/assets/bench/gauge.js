// Runs before everything else on a measured page: watches its frames and tasks, and says when a state is reached.
// Knows the widget by roles only; the plain page, which it is compared with, has the same roles in its own document.
window.gauge = (() => {
  const root = () => document.querySelector("natter-chat")?.shadowRoot ?? document;
  const frame = () => new Promise(requestAnimationFrame);
  const tasks = [];
  let worstGap = 0;
  let watching = false;

  const taskWatch = new PerformanceObserver((list) => tasks.push(...list.getEntries()));
  taskWatch.observe({ type: "longtask" });

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

  // Bytes of the widget's files, as they were sent, without the heads.
  const sent = () =>
    performance
      .getEntriesByType("resource")
      .filter((entry) => /\/natter[^/]*$|\/locales\//.test(entry.name))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0);

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

    // Settled when a page has arrived: its app is there and nothing is left to do. With what it took until then, and with
    // `click` from a click on the launcher, as soon as it is painted, until the composer takes text.
    async arrives(click) {
      const launcher = () => root().querySelector("button");
      const shown = await painted(() => root() !== document && launcher());
      let usable = 0;
      let bytes = 0;
      if (click) {
        launcher().click();
        const open = () => root().querySelector("[role=dialog] textarea")?.checkVisibility();
        usable = (await painted(open)) - shown;
        bytes = sent();
      }
      await Natter.ready;
      return { ...(await this.idles()), launcher: shown, usable, bytes: bytes || sent() };
    },

    // The same of a page without the widget.
    async idles() {
      if (document.readyState !== "complete") await new Promise((resolve) => addEventListener("load", resolve));
      // Twice, since the first may be what brings up more work.
      for (let i = 0; i < 2; i++) {
        await new Promise((resolve) => requestIdleCallback(resolve));
        await painted(() => true);
      }
      tasks.push(...taskWatch.takeRecords());
      const blocking = tasks.reduce((sum, task) => sum + Math.max(0, task.duration - 50), 0);
      const firstPaint = () => performance.getEntriesByName("first-contentful-paint")[0];
      await painted(firstPaint);
      const paint = firstPaint().startTime;
      return { launcher: 0, usable: 0, blocking, paint, bytes: 0 };
    },

    // Keeps the thread waiting, without work, until `url` answers.
    block(url) {
      const request = new XMLHttpRequest();
      request.open("POST", url, false);
      request.send();
    },
  };
})();
