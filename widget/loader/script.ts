// A script with integrity, under any policy that allows the loader's own tag.

/** Loads a script once it passed `integrity`; what it registers is there when the promise resolves. */
export function loadScript(url: string, integrity: string, nonce?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const policy = window.trustedTypes?.createPolicy("natter", { createScriptURL: () => url });
    const element = document.createElement("script");
    element.integrity = integrity;
    element.crossOrigin = "anonymous";
    if (nonce) element.nonce = nonce;
    element.onload = () => resolve();
    element.onerror = () => reject(url + " was not loaded");
    element.src = policy ? policy.createScriptURL(url) : url;
    document.head.append(element);
  });
}
