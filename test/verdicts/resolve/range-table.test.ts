import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberOf, readAddress, readCidr } from '../../../shared/verdicts/resolve/address-key.ts';
import type { Address, AddressBlock } from '../../../shared/verdicts/resolve/address-key.ts';
import { rangeTable } from '../../../shared/verdicts/resolve/range-table.ts';

const block = (text: string): AddressBlock => {
  const read = readCidr(text);
  if (read === undefined) throw new Error(`no CIDR: ${text}`);
  return read;
};
const address = (text: string): Address => {
  const read = readAddress(text);
  if (read === undefined) throw new Error(`no address: ${text}`);
  return read;
};

describe('a range table', () => {
  const table = rangeTable(
    ['10.0.0.0/8', '10.0.1.0/24', '10.0.1.128/25', '255.255.255.255/32', '2001:db8::/32', '2001:db8:1::/48'].map(
      (text) => ({ block: block(text), value: text }),
    ),
  );

  it.each([
    ['9.255.255.255', undefined],
    ['10.0.0.0', '10.0.0.0/8'],
    ['10.0.1.127', '10.0.1.0/24'],
    ['10.0.1.128', '10.0.1.128/25'],
    ['10.0.1.255', '10.0.1.128/25'],
    ['10.0.2.0', '10.0.0.0/8'],
    ['10.255.255.255', '10.0.0.0/8'],
    ['11.0.0.0', undefined],
    ['255.255.255.255', '255.255.255.255/32'],
    ['2001:db8:1::5', '2001:db8:1::/48'],
    ['2001:db8:2::', '2001:db8::/32'],
    ['2001:db9::', undefined],
  ])('finds the longest prefix of %s: %s', (text, found) => {
    expect(table.find(address(text))).toBe(found);
  });

  it('lets a higher rank win over a longer prefix', () => {
    const ranked = rangeTable([
      { block: block('3.5.0.0/19'), value: 'S3', rank: 2 },
      { block: block('3.5.0.0/24'), value: 'AMAZON', rank: 0 },
    ]);
    expect(ranked.find(address('3.5.0.9'))).toBe('S3');
  });

  it('takes the higher rank of one address listed twice', () => {
    const twice = rangeTable([
      { block: block('3.5.0.0/24'), value: 'around', rank: 0 },
      { block: block('3.5.0.9/32'), value: 'AMAZON', rank: 1 },
      { block: block('3.5.0.9/32'), value: 'S3', rank: 2 },
    ]);
    expect(['3.5.0.8', '3.5.0.9', '3.5.0.10'].map((text) => twice.find(address(text)))).toEqual([
      'around',
      'S3',
      'around',
    ]);
  });

  it('is empty of everything where there are no ranges', () => {
    expect(rangeTable([]).find(address('10.0.0.1'))).toBeUndefined();
  });

  it('finds what a search through all blocks finds', () => {
    const anyBlock = fc
      .record({ last: fc.nat(255), prefix: fc.integer({ min: 22, max: 32 }), rank: fc.nat(2) })
      .map(({ last, prefix, rank }) => ({
        block: block(`10.0.0.${last}/${prefix}`),
        value: `${rank}/${prefix}`,
        rank,
      }));
    fc.assert(
      fc.property(fc.array(anyBlock, { maxLength: 12 }), fc.nat(255), (blocks, last) => {
        const wanted = address(`10.0.0.${last}`);
        const [best] = blocks
          .filter(({ block: { first, last: end } }) => first <= numberOf(wanted) && numberOf(wanted) <= end)
          .toSorted((a, b) => b.rank - a.rank || b.block.prefix - a.block.prefix);
        expect(rangeTable(blocks).find(wanted)).toBe(best?.value);
      }),
    );
  });
});
