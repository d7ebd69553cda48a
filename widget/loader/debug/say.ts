// The console.

const said = new Set<string>();

/** Says a sentence, once on a page. */
export function say(sentence: string): void {
  if (said.has(sentence)) return;
  said.add(sentence);
  console.warn("Natter debug: " + sentence);
}

/** Lets the browser tell what it has to tell of a failure before it is judged. */
export const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));
