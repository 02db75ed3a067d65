/**
 * A map that is never changed: what has an entry more is another map, which shares with the first what
 * it can. New entries lie in a small layer; one that is larger than the root of the whole is merged. So
 * a run of ten thousand packages is not copied with each of its events.
 */
export interface LayeredMap<Value> {
  readonly base: ReadonlyMap<string, Value>;
  readonly layer: ReadonlyMap<string, Value>;
}

export function layeredMap<Value>(entries: Iterable<readonly [string, Value]>): LayeredMap<Value> {
  return { base: new Map(entries), layer: new Map() };
}

export function valueOf<Value>({ base, layer }: LayeredMap<Value>, key: string): Value | undefined {
  return layer.get(key) ?? base.get(key);
}

/** In the order of their first entries; those that came since the last merging are the last. */
export function valuesOf<Value>(map: LayeredMap<Value>): Value[] {
  return [...merged(map).values()];
}

export function withValue<Value>(
  { base, layer }: LayeredMap<Value>,
  key: string,
  value: Value,
): LayeredMap<Value> {
  const map = { base, layer: new Map(layer).set(key, value) };
  return map.layer.size ** 2 <= base.size ? map : { base: merged(map), layer: new Map() };
}

function merged<Value>({ base, layer }: LayeredMap<Value>): ReadonlyMap<string, Value> {
  return layer.size === 0 ? base : new Map([...base, ...layer]);
}
