// What carries messages between the tabs of a site.

export interface Line<Message> {
  post(message: Message): void;
  close(): void;
}

/** A line to all other tabs that open one of this name. What they post is heard until it is closed. */
export function openLine<Message>(name: string, hear: (message: Message) => void): Line<Message> {
  if (globalThis.BroadcastChannel) {
    const channel = new BroadcastChannel("natter:" + name);
    channel.onmessage = ({ data }) => hear(data);
    return { post: (message) => channel.postMessage(message), close: () => channel.close() };
  }
  const key = name + "#line";
  const heard = ({ key: changed, newValue }: StorageEvent) => {
    if (changed === key && newValue) hear(JSON.parse(newValue));
  };
  addEventListener("storage", heard);
  return {
    post(message) {
      try {
        localStorage.setItem(key, JSON.stringify(message));
        localStorage.removeItem(key);
      } catch {
        // Without room nothing is told, and the others see what is stored in the end.
      }
    },
    close: () => removeEventListener("storage", heard),
  };
}
