/** Addresses `first` to `last`, both included, as unsigned numbers. */
export interface Ipv4Range {
  readonly first: number;
  readonly last: number;
}

/** 0 to 255 without leading zeros: a zero before other digits means octal to some readers. */
const PART = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = new RegExp(`^${PART}(?:\\.${PART}){3}$`);

/** Dotted decimal, as AWS writes it; undefined where it is something else. */
export const ipv4Number = (text: string): number | undefined =>
  ADDRESS.test(text) ? text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : undefined;

/** `10.0.0.0/24` as its range; undefined where it is no block. Bits below the prefix length are ignored. */
export const ipv4Range = (cidr: string): Ipv4Range | undefined => {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(cidr) ?? [];
  const start = ipv4Number(address);
  if (start === undefined || Number(bits) > 32) return undefined;
  const size = 2 ** (32 - Number(bits));
  const first = start - (start % size);
  return { first, last: first + size - 1 };
};
