import type { Address, AddressRange } from './address.ts';

/**
 * All CIDRs of all policies cut the address space into classes whose addresses no rule can tell apart.
 * An address is looked up once, by binary search; from then on "is it in this CIDR" is a comparison of two small integers.
 */
export interface AddressClasses {
  readonly classOf: (address: Address) => number;
  readonly spanOf: (range: AddressRange) => ClassSpan;
}

/** The classes of a range, both ends included. */
export interface ClassSpan {
  readonly first: number;
  readonly last: number;
}

/** The class of what has no address. In no span. */
export const NO_ADDRESS = -1;

const boundaries = (ranges: readonly AddressRange[], family: 4 | 6): readonly bigint[] => {
  const starts = new Set<bigint>([0n]);
  for (const range of ranges) {
    if (range.family === family) starts.add(range.first).add(range.last + 1n);
  }
  return [...starts].toSorted((a, b) => (a < b ? -1 : Number(a > b)));
};

/** Index of the last start ≤ value. */
const find = (starts: readonly bigint[], value: bigint): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0n) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** Ranges asked for later must be among `ranges`: another one would not end on a boundary. */
export const addressClasses = (ranges: readonly AddressRange[]): AddressClasses => {
  const v4 = boundaries(ranges, 4);
  const v6 = boundaries(ranges, 6);
  const classOf = ({ family, value }: Address): number =>
    family === 4 ? find(v4, value) : v4.length + find(v6, value);
  return {
    classOf,
    spanOf: ({ family, first, last }) => ({
      first: classOf({ family, value: first }),
      last: classOf({ family, value: last }),
    }),
  };
};

export const inSpan = (span: ClassSpan, addressClass: number): boolean =>
  span.first <= addressClass && addressClass <= span.last;
