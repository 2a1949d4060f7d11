/** What `load` gave, for so long; callers at the same moment share one load, and one that failed is not kept. */
export const cachedFor = <T>(ms: number, now: () => Date, load: () => Promise<T>): (() => Promise<T>) => {
  let held: { readonly value: Promise<T>; readonly until: number } | undefined;
  return async () => {
    if (held !== undefined && now().getTime() < held.until) return held.value;
    const value = load();
    const mine = { value, until: now().getTime() + ms };
    held = mine;
    value.catch(() => {
      if (held === mine) held = undefined;
    });
    return value;
  };
};

const MOST_KEYS = 5000;

/** The same by key, within bounds: the oldest goes first. */
export const cachedByKey = <T>(ms: number, now: () => Date): ((key: string, load: () => Promise<T>) => Promise<T>) => {
  const held = new Map<string, () => Promise<T>>();
  return async (key, load) => {
    const known = held.get(key) ?? cachedFor(ms, now, load);
    if (!held.has(key) && held.size >= MOST_KEYS) {
      const [oldest] = held.keys();
      if (oldest !== undefined) held.delete(oldest);
    }
    held.set(key, known);
    return known();
  };
};

export const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return async () => {
    made ??= make();
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
};
