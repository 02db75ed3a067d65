/** How new the index of a cache was when this machine last saw it: an older one is refused. */
import { digestOfJson } from "../core/index.ts";
import type { Store } from "../store/index.ts";
import { isDiskError, readTextIfAny, type World, writeAtomically } from "../world/index.ts";

interface SeenPlace {
  readonly world: World;
  readonly store: Pick<Store, "layout">;
  /** The name of the place, and the key that has signed. */
  readonly place: string;
  readonly keyId: string;
}

/** 0 where none was seen. */
export function lastCounter({ world, store, place, keyId }: SeenPlace): number {
  try {
    const file = store.layout.cache(digestOfJson([place, keyId]));
    const value = JSON.parse(readTextIfAny(world.disk, file) ?? "{}") as { counter?: unknown };
    return typeof value?.counter === "number" ? value.counter : 0;
  } catch (error) {
    if (error instanceof SyntaxError || isDiskError(error)) return 0;
    throw error;
  }
}

export function noteCounter(seen: SeenPlace, counter: number): void {
  if (counter <= lastCounter(seen)) return;
  const { world, store, place, keyId } = seen;
  const file = store.layout.cache(digestOfJson([place, keyId]));
  const temporary = `${store.layout.scratch}/${world.clock.uniqueId()}`;
  const text = `${JSON.stringify({ place, key: keyId, counter })}\n`;
  writeAtomically(world.disk, file, text, { temporary, durable: false });
}
