// A script with integrity, under any policy that allows the loader's own tag.

/** Made once: a page that lists its policies allows each name once. Each bundle loads one address with it, and only that. */
let policy: { createScriptURL(url: string): string } | undefined;

/** Loads a script once it passed `integrity`; what it registers is there when the promise resolves. */
export function loadScript(policyName: string, url: string, integrity: string, nonce?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    policy ??= window.trustedTypes?.createPolicy(policyName, { createScriptURL: () => url });
    const element = document.createElement("script");
    element.integrity = integrity;
    element.crossOrigin = "anonymous";
    if (nonce) element.nonce = nonce;
    element.onload = () => resolve(element.remove());
    element.onerror = () => reject(url + " was not loaded");
    element.src = policy ? policy.createScriptURL(url) : url;
    document.head.append(element);
  });
}
