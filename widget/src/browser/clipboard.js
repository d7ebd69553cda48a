// For clipboard.rs.

/** A page without https has no clipboard. */
export function write(text, told) {
  navigator.clipboard?.writeText(text).then(told, () => {});
}
