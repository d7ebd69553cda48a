// The launcher as it looks before the app is there: the app's own markup and style, made without HTML parsing.

import type { Options } from "./options.js";
import { sheetOf } from "./sheet.js";

const HTML = "http://www.w3.org/1999/xhtml";
const SVG = "http://www.w3.org/2000/svg";

/** One style sheet for all launchers. */
export const launcherSheet = sheetOf(LAUNCHER_CSS);

/** Nodes of a prerendered tree. */
export function draw(tree: Tree, namespace = HTML): Node {
  if (typeof tree === "string") return document.createTextNode(tree);
  const [tag, attributes, children] = tree;
  if (tag === "svg") namespace = SVG;
  const element = document.createElementNS(namespace, tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]!);
  element.append(...children.map((child) => draw(child, namespace)));
  return element;
}

/** The options that decide how the launcher looks. A bad value has no style; the app puts a good one there, and says so. */
export function dress(root: HTMLElement, { position = "", theme = "auto", accent = "" }: Options): void {
  root.dataset.position = position;
  root.dataset.theme = theme;
  root.style.setProperty("--natter-accent", CSS.supports("color", accent) ? accent : "");
}
