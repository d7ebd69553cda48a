// A script with integrity, under any policy that allows the loader's own tag.

/** The tag that runs this; none when a bundler or `type="module"` does. An element named "currentScript" is no tag of ours. */
export const ownTag = () => (document.currentScript instanceof HTMLScriptElement ? document.currentScript : null);

/** Made once: a page that lists its policies allows each name once. Nothing outside this file can reach it. */
let policy: { createScriptURL(url: string): string } | undefined;

/** Loads a script once it passed `integrity`; what it registers is there when the promise resolves. */
export function loadScript(policyName: string, url: string, integrity: string, nonce?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    policy ??= window.trustedTypes?.createPolicy(policyName, { createScriptURL: (url) => url });
    const element = document.createElement("script");
    element.integrity = integrity;
    element.crossOrigin = "anonymous";
    if (nonce) element.nonce = nonce;
    element.onload = () => resolve();
    element.onerror = () => reject(url + " is missing, changed, or refused by script-src");
    element.src = policy ? policy.createScriptURL(url) : url;
    document.head.append(element);
  });
}
