import { numberOf } from './address-key.ts';
import type { Address, AddressBlock } from './address-key.ts';

/** Which block an address is in, by binary search over the blocks laid flat: built once, a look-up costs log2(n). */
export interface RangeTable<T> {
  readonly find: (address: Address) => T | undefined;
}

export interface Ranged<T> {
  readonly block: AddressBlock;
  readonly value: T;
  /** Of all blocks around an address the highest rank wins, then the longest prefix. Default 0. */
  readonly rank?: number;
}

interface Flat<T> {
  readonly starts: readonly bigint[];
  /** `values[i]` holds from `starts[i]` to the next start. */
  readonly values: readonly (T | undefined)[];
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : Number(a > b));

const isBetter = <T>(a: Ranged<T>, b: Ranged<T>): boolean =>
  (a.rank ?? 0) === (b.rank ?? 0) ? a.block.prefix >= b.block.prefix : (a.rank ?? 0) > (b.rank ?? 0);

/** CIDR blocks either nest or are disjoint, so the open ones form a stack. */
const flatten = <T>(ranges: readonly Ranged<T>[]): Flat<T> => {
  const starts: bigint[] = [];
  const values: (T | undefined)[] = [];
  const open: { readonly last: bigint; readonly best: Ranged<T> }[] = [];
  const begin = (at: bigint, value: T | undefined): void => {
    if (starts.at(-1) === at) values[values.length - 1] = value;
    else {
      starts.push(at);
      values.push(value);
    }
  };
  const closeWhile = (isOver: (last: bigint) => boolean): void => {
    for (let top = open.at(-1); top !== undefined && isOver(top.last); top = open.at(-1)) {
      open.pop();
      begin(top.last + 1n, open.at(-1)?.best.value);
    }
  };
  const sorted = ranges.toSorted((a, b) => compare(a.block.first, b.block.first) || a.block.prefix - b.block.prefix);
  for (const range of sorted) {
    closeWhile((last) => last < range.block.first);
    const outer = open.at(-1)?.best;
    const best = outer === undefined || isBetter(range, outer) ? range : outer;
    open.push({ last: range.block.last, best });
    begin(range.block.first, best.value);
  }
  closeWhile(() => true);
  return { starts, values };
};

/** The last start ≤ value. */
const search = (starts: readonly (number | bigint)[], value: number | bigint): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = starts[middle];
    if (start !== undefined && start <= value) low = middle + 1;
    else high = middle - 1;
  }
  return high;
};

export const rangeTable = <T>(ranges: readonly Ranged<T>[]): RangeTable<T> => {
  const v4 = flatten(ranges.filter(({ block }) => block.family === 4));
  const v6 = flatten(ranges.filter(({ block }) => block.family === 6));
  // 32 bits and one past them are exact as a number, and numbers compare several times faster than bigints.
  const starts4 = v4.starts.map(Number);
  return {
    find: (address) =>
      address.family === 4
        ? v4.values[search(starts4, address.words[3] >>> 0)]
        : v6.values[search(v6.starts, numberOf(address))],
  };
};
