// Which addresses are the widget's.

import type { Options } from "../options.js";

const chats = new Set<string>();
const others = new Set<string>();
const files = new Set<string>();

/** Without query and fragment; empty when it is no address. */
function plain(url: string): string {
  try {
    return new URL(url, document.baseURI).href.replace(/[?#].*/, "");
  } catch {
    return "";
  }
}

/** Learns the endpoints of a widget, and where its files are. */
export function know(options: Options, addresses: string[]): void {
  const { endpoint = "/api/chat", "contact-endpoint": contact, "error-endpoint": errors } = options;
  chats.add(plain(endpoint));
  for (const url of [contact, errors]) if (url) others.add(plain(url));
  for (const file of addresses) files.add(plain(file));
}

/** Whether questions are posted there. */
export const isChat = (url: string): boolean => chats.has(plain(url));

/** Whether it is any endpoint of a widget, or a reply that one of them is to say again. */
export function isEndpoint(url: string): boolean {
  const address = plain(url);
  const again = [...chats].some((chat) => address.startsWith(chat.replace(/\/?$/, "/")) && address.endsWith("/stream"));
  return isChat(url) || others.has(address) || again;
}

/** Whether it is a file of the widget: one that the loader named, or what lies beside these. */
export function isFile(url: string): boolean {
  const address = plain(url);
  const rest = [...files].map((file) => file.replace(/[^/]*$/, "")).find((folder) => address.startsWith(folder));
  return files.has(address) || (rest !== undefined && /\/(natter-\w+\.js|locales\/[\w-]+\.json)$/.test(address));
}

/** What an owner calls a file. */
export const nameOf = (url: string): string => /(locales\/)?[^/]*$/.exec(plain(url))![0];
