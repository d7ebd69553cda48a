import { mount, type Config, type Handle } from "natter-chat";
import { useEffect, useRef, type RefObject } from "react";

type Props = Config & {
  /** Holds the widget's handle while it is on the page: `handle.current?.open()`. */
  handle?: RefObject<Handle | null>;
};

/** A chat for as long as this is on the page. It draws nothing itself: the widget is at the end of the body. */
export function Chat({ handle, ...config }: Props): null {
  useNatter(config, handle);
  return null;
}

/** What `<Chat>` does, for components of your own. On a server it does nothing. */
export function useNatter(config: Config, given?: RefObject<Handle | null>): RefObject<Handle | null> {
  const own = useRef<Handle>(null);
  const handle = given ?? own;
  const shown = useRef<Config>({});

  useEffect(() => {
    if (handle.current) {
      const changed = changes(shown.current, config);
      if (changed) handle.current.update(changed);
    } else {
      handle.current = mount(config);
    }
    shown.current = config;
  });

  // StrictMode runs this, and then the effect above once more, which finds no handle and mounts anew.
  useEffect(() => {
    return () => {
      handle.current?.destroy();
      handle.current = null;
    };
  }, [handle]);

  return handle;
}

/** What turns `before` into `now`; an option that is gone is null, which sets it back to its default. */
function changes(before: Config, now: Config): Record<string, unknown> | undefined {
  const [old, fresh]: Record<string, unknown>[] = [{ ...before }, { ...now }];
  const names = Object.keys({ ...before, ...now }).filter((name) => !same(old![name], fresh![name]));
  return names.length ? Object.fromEntries(names.map((name) => [name, fresh![name] ?? null])) : undefined;
}

/** `headers={{ … }}` is another object at each render and says the same. */
function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (plain(a) && plain(b) && JSON.stringify(a) === JSON.stringify(b));
}

const plain = (value: unknown) => typeof value === "object" && !(value instanceof Element);
