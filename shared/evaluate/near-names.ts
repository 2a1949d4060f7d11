const NAMES = 3;
/** Of what was typed; the distance costs the product of both lengths. */
const TYPED_LIMIT = 120;

/** Levenshtein: how many single-character edits lead from one text to the other. */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let index = 0; index < from.length; index += 1) {
    const next = [index + 1];
    for (let column = 0; column < to.length; column += 1) {
      const replaced = (row[column] ?? 0) + (to[column] === from[index] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};

/** The three ids nearest to what was typed, nearest first: by the whole id or by its part after the last `/`. */
export const nearNames = (typed: string, ids: readonly string[]): readonly string[] => {
  const word = typed.slice(0, TYPED_LIMIT);
  return ids
    .map((id) => ({
      id,
      distance: Math.min(editDistance(word, id), editDistance(word, id.slice(id.lastIndexOf('/') + 1))),
    }))
    .toSorted((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, NAMES)
    .map(({ id }) => id);
};
