// What is the visitor's own: the conversation as a file, and all that is kept, removed.

/** Where a conversation is kept. */
export interface Place {
  /** The key, and whose it is; empty for somebody without a name. */
  base: string;
  user: string;
  /** Both together. */
  key: string;
  /** Whether other tabs have it too. */
  shared: boolean;
}

/** The place that the options name, by the same rules as in the app. */
export function placeOf(options: [string, string][]): Place {
  const named = Object.fromEntries(options.map(([name, value]) => [name, value.trim()]));
  const base = named["storage-key"] || "chat-history";
  const user = named.user ?? "";
  return { base, user, key: user ? base + ":" + user : base, shared: !/^(session|none)$/.test(named.storage ?? "") };
}

/** Removes all that is kept at the place on this device, and takes it off the screen; an answer that arrives is stopped. */
export async function forget({ instance, options }: Shared, { base, key }: Place): Promise<void> {
  // Without a storage there is nothing to show, and nothing to save on the way: the app lets go of everything.
  instance.update([...options, ["storage", "none"]]);
  await new Promise((resolve) => setTimeout(resolve));
  for (const storage of [() => localStorage, () => sessionStorage]) {
    try {
      const kept = storage();
      for (const name of Object.keys(kept)) {
        if ([base, key].some((own) => name === own || name.startsWith(own + "#"))) kept.removeItem(name);
      }
    } catch {
      // A storage that is forbidden holds nothing.
    }
  }
  instance.update(options);
}

/** For how long, in ms, it stands there that all was removed. */
const SAID = 8000;

/** Says that all was removed. */
export function say(root: HTMLElement): void {
  const done = root.querySelector(".done");
  if (!done) return;
  done.textContent = root.querySelector<HTMLElement>("[data-do=forget]")?.dataset.of ?? "";
  setTimeout(() => (done.textContent = ""), SAID);
}

/** Today, as file names have it. */
const today = () => new Date().toLocaleDateString("sv");

/** Gives the visitor the conversation as a Markdown file. */
function download({ instance, root }: Shared, you: string): void {
  const title = root.querySelector(".title")?.textContent ?? "";
  const time = (at: number) => new Date(at).toLocaleString(root.lang || undefined);
  const messages = instance.getMessages().map(
    ({ role, content, timestamp }) => `**${role === "user" ? you : title}** (${time(timestamp)}):\n\n${content}\n`,
  );
  const file = new Blob([[`# ${title}\n`, ...messages].join("\n")], { type: "text/markdown" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  // What no file system likes in a name.
  link.download = `${title.replace(/[\\/:*?"<>|]/g, "-")} ${today()}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Follows what the visitor does with the menu below the composer. */
export function menu(shared: Shared, { forget }: { forget(): void }, signal: AbortSignal): void {
  const { root } = shared;
  const box = () => root.querySelector<HTMLDetailsElement>(".menu[open]");
  const close = (event: Event) => {
    const open = box();
    if (open && !event.composedPath().includes(open)) open.open = false;
  };
  document.addEventListener("pointerdown", close, { signal });
  // In front of the root, where Escape closes the window.
  const shadow = root.getRootNode();
  shadow.addEventListener("focusin", close, { signal });
  shadow.addEventListener(
    "keydown",
    (event) => {
      const open = box();
      if (!open || (event as KeyboardEvent).key !== "Escape") return;
      event.stopPropagation();
      open.open = false;
      open.querySelector("summary")?.focus();
    },
    { signal, capture: true },
  );
  root.addEventListener(
    "click",
    (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-do]");
      const deed = button?.dataset.do;
      if (deed !== "download" && deed !== "forget") return;
      const open = box();
      if (open) {
        open.open = false;
        open.querySelector("summary")?.focus();
      }
      if (deed === "forget") forget();
      else download(shared, button?.dataset.of ?? "");
    },
    { signal },
  );
}
