// The style of answers, errors and forms, which the app does without until it is usable.

import { sheetOf } from "./sheet.js";

const answerSheet = sheetOf(ANSWER_CSS);

/** Adds the sheet to those around `root`. A transcript that showed its end shows it afterwards, too. */
export function adopt(root: HTMLElement): void {
  const shadow = root.getRootNode() as ShadowRoot;
  const sheet = answerSheet();
  if (shadow.adoptedStyleSheets.includes(sheet)) return;
  const log = root.querySelector("[role=log]")!;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 24;
  shadow.adoptedStyleSheets.push(sheet);
  if (atEnd) log.scrollTop = log.scrollHeight;
}
