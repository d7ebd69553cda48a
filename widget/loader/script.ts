// The files beside natter.js: their addresses, and scripts among them with integrity, under any policy that allows the
// loader's own tag.

/** The tag that runs this; none when a bundler or `type="module"` does. An element named "currentScript" is no tag of ours. */
export const ownTag = () => (document.currentScript instanceof HTMLScriptElement ? document.currentScript : null);

/** Made once: a page that lists its policies allows each name once. It knows no addresses but those made here. */
let policy: { createScriptURL(url: string): string } | undefined;

/** The files beside that script, or beside the page where it is not known. */
export function beside(own: HTMLScriptElement | null): Files {
  // The hash in the address keeps a cached file of another build from meeting this loader.
  const url: Files["url"] = (name, integrity) =>
    new URL(name + "?" + integrity.slice(7, 15), own?.src || document.baseURI).href;
  return {
    url,
    script: (name, integrity) =>
      new Promise((resolve, reject) => {
        const address = url(name, integrity);
        policy ??= window.trustedTypes?.createPolicy("natter", { createScriptURL: (url) => url });
        const element = document.createElement("script");
        element.integrity = integrity;
        element.crossOrigin = "anonymous";
        if (own?.nonce) element.nonce = own.nonce;
        element.onload = () => resolve(element.remove());
        element.onerror = () => reject(address + " is missing, changed, or refused by script-src");
        element.src = policy ? policy.createScriptURL(address) : address;
        document.head.append(element);
      }),
  };
}
