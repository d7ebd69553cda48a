import { mount, type Config, type Handle } from "natter-chat";
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from "vue";

/** A chat for as long as the component is on the page. The handle is there while the widget is; never on a server. */
export function useNatter(config: () => Config): Readonly<ShallowRef<Handle | null>> {
  const handle = shallowRef<Handle | null>(null);

  onMounted(() => {
    handle.value = mount(config());
  });
  // A copy, so that an option that was changed in place has an old and a new value.
  watch(
    () => ({ ...config() }),
    (now, before) => {
      const changed = changes(before, now);
      if (changed) handle.value?.update(changed);
    },
  );
  onBeforeUnmount(() => {
    handle.value?.destroy();
    handle.value = null;
  });

  return handle;
}

/** What turns `before` into `now`; an option that is gone is null, which sets it back to its default. */
function changes(before: Config, now: Config): Record<string, unknown> | undefined {
  const [old, fresh]: Record<string, unknown>[] = [{ ...before }, { ...now }];
  const names = Object.keys({ ...before, ...now }).filter((name) => !same(old![name], fresh![name]));
  return names.length ? Object.fromEntries(names.map((name) => [name, fresh![name] ?? null])) : undefined;
}

/** `:config="{ headers: { … } }"` is another object at each rendering and says the same. */
function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (plain(a) && plain(b) && JSON.stringify(a) === JSON.stringify(b));
}

const plain = (value: unknown) => typeof value === "object" && !(value instanceof Element);
