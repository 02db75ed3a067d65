/** What the person looks at: the chosen package and the words searched for. */

export interface Looking {
  readonly chosen: string | undefined;
  readonly query: string;
}

export interface State {
  get(): Looking;
  choose(name: string | undefined): void;
  search(query: string): void;
  /** Called at once, and after each change. */
  watch(watcher: (looking: Looking) => void): void;
}

export function createState(names: ReadonlySet<string>): State {
  let looking: Looking = { chosen: chosenByAddress(names), query: "" };
  const watchers: ((looking: Looking) => void)[] = [];
  const change = (next: Looking): void => {
    if (next.chosen === looking.chosen && next.query === looking.query) return;
    looking = next;
    for (const watcher of watchers) watcher(looking);
  };
  const choose = (name: string | undefined): void => {
    const chosen = name !== undefined && names.has(name) ? name : undefined;
    const address = chosen === undefined ? " " : `#package=${encodeURIComponent(chosen)}`;
    if (chosen !== looking.chosen) history.replaceState(undefined, "", address.trim() || "#");
    change({ ...looking, chosen });
  };
  addEventListener("hashchange", () => {
    const chosen = chosenByAddress(names);
    if (chosen !== undefined) change({ ...looking, chosen });
  });
  return {
    get: () => looking,
    choose,
    search: (query) => change({ ...looking, query: query.trim().toLowerCase() }),
    watch: (watcher) => {
      watchers.push(watcher);
      watcher(looking);
    },
  };
}

/** `#package=NAME`, so that a place in a report can be sent to somebody. */
function chosenByAddress(names: ReadonlySet<string>): string | undefined {
  const [, written] = /^#package=(.+)$/.exec(location.hash) ?? [];
  if (written === undefined) return undefined;
  try {
    const name = decodeURIComponent(written);
    return names.has(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
