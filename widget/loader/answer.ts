// The style of answers, errors and forms, which the app does without until it is usable.

let sheet: CSSStyleSheet | undefined;

/** Adds the sheet to those around `root`. A transcript that showed its end shows it afterwards, too. */
export function adopt(root: HTMLElement): void {
  const shadow = root.getRootNode() as ShadowRoot;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(ANSWER_CSS);
  }
  if (shadow.adoptedStyleSheets.includes(sheet)) return;
  const log = root.querySelector("[role=log]")!;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  shadow.adoptedStyleSheets.push(sheet);
  if (atEnd) log.scrollTop = log.scrollHeight;
}
