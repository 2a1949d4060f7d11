type Mark<T, K extends keyof T> = Partial<Pick<T, K>> extends Pick<T, K> ? '?' : '';

/**
 * Every leaf of a type as `[path, type]`: `['.ports[].endPort?', number]`. Lists are `[]`, an optional field ends in `?`,
 * an object with an index signature is a leaf.
 */
type Leaves<T, Path extends string = ''> = T extends readonly (infer Item)[]
  ? Leaves<Item, `${Path}[]`>
  : T extends object
    ? string extends keyof T
      ? [Path, T]
      : { [K in keyof T & string]-?: Leaves<Required<T>[K], `${Path}.${K}${Mark<T, K>}`> }[keyof T & string]
    : [Path, T];

/**
 * The leaves that one of two types has and the other has not; `never` where both have the same fields of the same types
 * with the same optionality, `readonly` aside. Assignability would not do: it lets a side lack an optional field, and
 * the compiler takes it for granted from the third level of a list in a list on.
 */
export type Difference<A, B> = Exclude<Leaves<A>, Leaves<B>> | Exclude<Leaves<B>, Leaves<A>>;

/** Compiles only where nothing is left over. */
export type Nothing<T extends never> = T;
