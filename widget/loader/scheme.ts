// theme="auto" is the page's colour scheme where the page declares one, and else that of the visitor's system.

/** Follows what the page declares around `host`, until what it gives back is called. */
export function followScheme(host: HTMLElement, root: HTMLElement): () => void {
  const judge = () => {
    // Where nothing was declared it is "normal", in which a page's meta element counts as well.
    const declared = getComputedStyle(host).colorScheme !== "normal" || document.querySelector("meta[name=color-scheme]");
    // From there on the style sheet inherits it. What changes is nearly always an attribute of one of these two.
    root.toggleAttribute("data-inherits", !!declared);
  };
  const observer = new MutationObserver(() => requestAnimationFrame(judge));
  for (const element of [document.documentElement, document.body]) observer.observe(element, { attributes: true });
  judge();
  // The page's style sheets may still be on their way.
  addEventListener("load", judge, { once: true });
  return () => {
    observer.disconnect();
    removeEventListener("load", judge);
  };
}
