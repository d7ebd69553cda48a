// A style sheet of the bundle's own.

/** The sheet with these rules, one for all who ask: made when it is first asked for, since a server that imports this has none. */
export function sheetOf(css: string): () => CSSStyleSheet {
  let sheet: CSSStyleSheet | undefined;
  return () => {
    // `replaceSync` needs no style-src entry.
    if (!sheet) (sheet = new CSSStyleSheet()).replaceSync(css);
    return sheet;
  };
}
