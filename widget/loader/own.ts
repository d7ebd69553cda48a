// What is the visitor's own: where it is kept, its removal, and the conversation as a file.

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
  // Twice: meanwhile another tab may have saved what it had, which is not to be seen here.
  for (const pause of [0, 300]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
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
  }
  instance.update(options);
}

/** Today, as file names have it. */
const today = () => new Date().toLocaleDateString("sv");

/** Gives the visitor the conversation as a Markdown file: its title, and what "Copy conversation" gives. */
export function download({ instance, root }: Shared): void {
  const title = root.querySelector(".title")?.textContent ?? "";
  const file = new Blob([`# ${title}\n\n${instance.markdown()}\n`], { type: "text/markdown" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  // What no file system likes in a name.
  link.download = `${title.replace(/[\\/:*?"<>|]/g, "-")} ${today()}.md`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
