// For storage.rs. Browsers without a storage, or that forbid it, differ in what they throw, and where.

function attempt(act) {
  try {
    return act();
  } catch {}
}

export const open = (kind) => attempt(() => window[kind]);

/** The UTF-16 units as they are, lone surrogates too. */
export const load = (storage, key) =>
  attempt(() => {
    const text = storage.getItem(key);
    return Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  });

export const save = (storage, key, text) =>
  !storage || !!attempt(() => {
    storage.setItem(key, text);
    return true;
  });

export const remove = (storage, key) => attempt(() => storage.removeItem(key));
