// Light syntax colouring: comments, strings, numbers and the keywords that many languages share. Colours are laid over
// the text (CSS custom highlights), so that the app's own nodes stay as they are; browsers without them show it plain.

const HASH = /^(py|python|rb|ruby|sh|bash|zsh|fish|shell|console|ya?ml|toml|ini|conf|r|perl|pl|make|makefile|dockerfile|nix|elixir|ex|ps1|powershell|graphql)$/i;
const DASH = /^(sql|lua|haskell|hs|elm|ada|postgresql|mysql|sqlite)$/i;
const KEYWORDS =
  "abstract and as async await begin bool boolean break case catch char class const continue create def default delete do done double elif else end enum export extends extern false fi final finally float fn for from func function if impl implements import in insert instanceof int interface into is join lambda let long loop match mod module move mut namespace new nil None not null of or order override package pass private protected pub public raise readonly ref require return select self Self set short signed sizeof static string struct super switch table template then this throw trait true True False try type typedef typeof undefined union unsafe unsigned update use using values var virtual void where while with yield";

const KINDS = ["comment", "string", "number", "keyword"] as const;

/** The tokens of a language: one group per kind. */
function tokens(language: string): RegExp {
  const comment = HASH.test(language) ? "#.*" : DASH.test(language) ? "--.*|/\\*[^]*?\\*/" : "//.*|/\\*[^]*?\\*/|<!--[^]*?-->";
  const text = "\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])*'|`(?:\\\\.|[^`\\\\])*`";
  const keyword = KEYWORDS.replaceAll(" ", "|");
  return new RegExp(`(${comment})|(${text})|(\\b\\d[\\w.]*)|(\\b(?:${keyword})\\b)`, DASH.test(language) ? "gi" : "g");
}

type Coloured = { length: number; clear(): void };
const coloured = new Map<Element, Coloured>();

/** Colours the code blocks below `root` that are new or have grown, and forgets those that are gone. */
export function colour(root: HTMLElement): void {
  // Where the visitor chose the colours, a highlight would look like something selected.
  if (!CSS.highlights || matchMedia("(forced-colors: active)").matches) return;
  for (const [code, { clear }] of coloured) {
    if (!code.isConnected) {
      clear();
      coloured.delete(code);
    }
  }
  for (const code of root.querySelectorAll<HTMLElement>("pre > code")) {
    const { length } = code.textContent!;
    const known = coloured.get(code);
    if (known?.length === length) continue;
    known?.clear();
    coloured.set(code, { length, clear: lay(code) });
  }
}

/** Lays colours over a code block; what it gives back takes them away. */
function lay(code: HTMLElement): () => void {
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  const texts: { node: Text; from: number }[] = [];
  let text = "";
  while (walker.nextNode()) {
    const node = walker.currentNode as Text;
    texts.push({ node, from: text.length });
    text += node.data;
  }
  const laid: [Highlight, StaticRange][] = [];
  let first = 0;
  for (const match of text.matchAll(tokens(code.dataset.language ?? ""))) {
    const kind = KINDS[match.slice(1).findIndex((group) => group !== undefined)]!;
    const name = "natter-" + kind;
    const highlight = CSS.highlights.get(name) ?? new Highlight();
    CSS.highlights.set(name, highlight);
    const end = match.index + match[0].length;
    // A token may go over several text nodes; tokens come in order, so no node is looked at twice in vain.
    for (let at = first; at < texts.length && texts[at]!.from < end; at++) {
      const { node, from } = texts[at]!;
      if (from + node.length <= match.index) {
        first = at + 1;
        continue;
      }
      const startOffset = Math.max(0, match.index - from);
      const range = new StaticRange({ startContainer: node, startOffset, endContainer: node, endOffset: Math.min(node.length, end - from) });
      highlight.add(range);
      laid.push([highlight, range]);
    }
  }
  return () => laid.forEach(([highlight, range]) => highlight.delete(range));
}
