// Watches a page into which scripts are smuggled: what ran, and which elements and attributes no renderer of ours makes.
// Runs before the widget, on a page without a policy, so that what gets in does run.
(() => {
  const ran = [];
  const strange = new Set();
  for (const name of ["xss", "alert", "prompt", "confirm", "print", "open"]) {
    window[name] = (...args) => void ran.push(`${name}(${args})`);
  }

  // Copying needs a click by hand.
  Object.defineProperty(navigator.clipboard, "writeText", { value: async () => {} });

  // What the widget is made of, and which attributes each element may have.
  const COMMON = "class part dir title role tabindex aria-label aria-live aria-hidden aria-busy data-do data-of data-to";
  const ALLOWED = {
    a: "href rel target", article: "data-role", blockquote: "", button: "type disabled hidden aria-pressed aria-expanded aria-haspopup aria-disabled",
    code: "data-language", del: "", details: "open", em: "", form: "novalidate", h2: "id", h3: "", h4: "", h5: "", h6: "", hr: "",
    div: "lang data-role data-loading data-draft data-shows data-position data-theme data-mode data-inherits style aria-labelledby id aria-modal", i: "",
    input: "type id name checked disabled placeholder maxlength autocomplete aria-invalid aria-describedby", label: "for", li: "",
    ol: "start data-loose", p: "data-is id", path: "d", pre: "", section: "aria-labelledby", span: "data-count data-over", strong: "",
    summary: "", svg: "viewBox fill stroke stroke-width", table: "", tbody: "", td: "data-align", textarea: "id name rows enterkeyhint placeholder aria-invalid aria-describedby",
    th: "data-align", thead: "", time: "", tr: "", ul: "data-loose",
  };
  const allowed = Object.fromEntries(Object.entries(ALLOWED).map(([tag, own]) => [tag, new Set(`${COMMON} ${own}`.split(" "))]));
  const SVG = "http://www.w3.org/2000/svg";
  const LEADS = ["http:", "https:", "mailto:", "tel:"];

  // Where a browser would go, by its own parser and not by ours; an address it cannot read leads nowhere.
  const protocol = (href) => {
    try {
      return new URL(href, location).protocol;
    } catch {
      return "https:";
    }
  };

  const faults = {
    href: (value, element) => element.localName !== "a" || !LEADS.includes(protocol(value)),
    target: (value, element) => value !== "_blank" || !/\bnoopener\b.*\bnoreferrer\b/.test(element.rel),
    style: (_, element) => element.className !== "natter" || [...element.style].some((name) => !/^--(natter|view)-/.test(name)),
    type: (value) => !/^(button|submit|text|email|checkbox)$/.test(value),
    id: (value) => !/^(title|name|email|message|(name|email|message)-fault)$/.test(value),
    "data-do": (value, element) => !/^[a-z-]+$/.test(value) || (element.closest(".run") !== null && value !== "copy-code"),
    "data-of": (_, element) => element.closest(".run") !== null,
    name: (value) => !/^(text|name|email|message)$/.test(value),
    class: (value) => !/^[a-z -]*$/.test(value),
    part: (value) => !/^[a-z -]*$/.test(value),
  };

  function audit(element) {
    const svg = /^(svg|path)$/.test(element.localName);
    if (!allowed[element.localName] || element.namespaceURI !== (svg ? SVG : "http://www.w3.org/1999/xhtml")) {
      strange.add(`element ${element.outerHTML.slice(0, 200)}`);
      return;
    }
    for (const { name, value } of element.attributes) {
      const fits = allowed[element.localName].has(name) && !name.startsWith("on") && !faults[name]?.(value, element);
      if (!fits) strange.add(`${element.localName}[${name}=${JSON.stringify(value)}]`);
    }
  }

  const auditAll = (root) => {
    if (root.nodeType === Node.ELEMENT_NODE) audit(root);
    for (const element of root.querySelectorAll?.("*") ?? []) audit(element);
  };

  // Every shadow root of the page, and every state it was in.
  const roots = [];
  const observer = new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target.nodeType === Node.ELEMENT_NODE) audit(target);
      for (const node of addedNodes) auditAll(node);
    }
  });
  const attachShadow = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (init) {
    const root = attachShadow.call(this, init);
    roots.push(root);
    observer.observe(root, { subtree: true, childList: true, attributes: true });
    return root;
  };

  // Links may do what they do, except lead away from the test.
  addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node.localName === "a");
    if (link && LEADS.includes(protocol(link.getAttribute("href") ?? ""))) event.preventDefault();
  });

  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const heard = (target, ...names) =>
    new Promise((done) => {
      for (const name of names) target.addEventListener(`natter:${name}`, done, { once: true });
    });
  const page = { ran, done: 0, met: { answers: 0, links: 0, thoughts: 0, sources: 0, suggestions: 0 } };
  const MET = {
    answers: "article[data-role=assistant] [part=bubble]", links: "article a", thoughts: "article details",
    sources: "[part=sources] li",
  };
  // Counts and clicks what there is, and begins anew: a long transcript is slow to draw.
  const turnOver = async () => {
    for (const [what, selector] of Object.entries(MET)) page.met[what] += roots[0].querySelectorAll(selector).length;
    // The greeting.
    page.met.answers -= 1;
    page.touch(roots[0]);
    Natter.clear();
    await frames();
  };

  // Asks so many questions, one after the other; each answer is painted before the next question.
  page.ask = async (count) => {
    for (let n = 0; n < count; n++) {
      const answered = heard(document, "received", "error");
      Natter.send(`Question ${n}`);
      await answered;
      await frames();
      page.met.suggestions += roots[0].querySelector("[part=suggestion]") !== null;
      if ((n + 1) % 30 === 0 || n + 1 === count) await turnOver();
      page.done++;
    }
  };

  // Puts up a widget for each set of attributes, opens it, has it do `what`, and takes it away.
  page.mount = async (all, fails) => {
    for (const [n, attributes] of all.entries()) {
      let element;
      if (n % 2) {
        element = document.createElement("natter-chat");
        for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
        document.body.append(element);
      } else {
        const camel = (name) => name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
        Natter.mount(Object.fromEntries(Object.entries(attributes).map(([name, value]) => [camel(name), value])));
        element = document.documentElement.lastElementChild;
      }
      const { handle } = element;
      await (handle.open(), handle.ready);
      await frames();
      if (fails) {
        const failed = heard(element, "error");
        handle.send("Question");
        await failed;
        await frames();
      }
      page.met.links += element.shadowRoot.querySelectorAll("[part=contact] a").length;
      page.touch(element.shadowRoot);
      auditAll(element.shadowRoot);
      page.opened ??= 0;
      page.opened += element.shadowRoot.querySelector("[role=dialog]") !== null;
      handle.destroy();
      page.done++;
    }
  };

  // Clicks all that can be clicked, except what asks again or takes the transcript away.
  const LEFT = /^(Regenerate|Edit|Retry|Clear history|Close chat|Minimize|Copy conversation|Download conversation|Delete my data)$/;
  page.touch = (root) => {
    const all = [...root.querySelectorAll("a, summary, button, input, [tabindex], [onclick]")];
    const some = all.filter((e) => !LEFT.test(e.ariaLabel ?? e.textContent.trim()) && !/^(ask|retry|send|stop)$/.test(e.dataset?.do));
    for (const element of some) element.click();
    return some.length;
  };

  // What may stand beside the widget: nothing that it or a text could have put there.
  const outside = () => {
    const foreign = "iframe, frame, object, embed, applet, base, form, svg, math, style, meta[http-equiv], video, audio, img, template, [style], [onload], [onclick]";
    for (const element of document.querySelectorAll(foreign)) strange.add(`outside: ${element.outerHTML.slice(0, 200)}`);
    for (const { src, outerHTML } of document.scripts) {
      const { origin, pathname } = new URL(src || "about:blank");
      if (origin !== location.origin || !/^\/(natter|files\/)/.test(pathname)) strange.add(`outside: ${outerHTML.slice(0, 200)}`);
    }
  };

  page.verdict = () => {
    for (const root of roots) auditAll(root);
    for (const { target, addedNodes } of observer.takeRecords()) [target, ...addedNodes].forEach((node) => auditAll(node));
    outside();
    return [...strange];
  };

  // A script that does run, by an event and by an address. What ran before it is known once it has.
  page.control = () => {
    const box = document.createElement("div");
    box.innerHTML = `<img src="/files/none.png" onerror="xss('event')"><a href="javascript:xss('address')">x</a>`;
    document.body.append(box);
    box.lastChild.click();
    addEventListener("error", () => setTimeout(() => box.remove()), { capture: true, once: true });
  };

  Object.defineProperty(window, "__xss", { value: page });
})();
