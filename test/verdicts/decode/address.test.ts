import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../shared/verdicts/decode/address.ts';

const canonical = (text: string): string | undefined => {
  const parsed = parseAddress(text);
  return parsed && formatAddress(...parsed.words);
};

describe('parseAddress', () => {
  it.each([
    ['10.0.40.9', '10.0.40.9'],
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['fd00:10::17', 'fd00:10::17'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('reads %s as %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
    expect(parseAddress(text)?.repaired).toBe(false);
  });

  it.each([
    ['10.0.24', '10.0.24.0'],
    ['192.168', '192.168.0.0'],
    ['10', '10.0.0.0'],
    ['0', '0.0.0.0'],
    ['64.6.160', '64.6.160.0'],
  ])('puts back the zero octets that the agent drops: %s is %s', (text, expected) => {
    expect(canonical(text)).toBe(expected);
    expect(parseAddress(text)?.repaired).toBe(true);
  });

  it('takes an IPv4-mapped address for the IPv4 address it maps', () => {
    expect(canonical('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(canonical('::ffff:a00:1')).toBe('10.0.0.1');
    expect(parseAddress('::ffff:10.0.0.1')?.repaired).toBe(false);
  });

  it.each([
    '',
    '10.x.1.2',
    'X.X.X.X',
    '256.1.1.1',
    '010.1.1.1',
    '1.2.3.4.5',
    '1..2',
    '.1',
    '1.',
    '-1.2.3.4',
    '1.2.3.4 ',
    '10.0.0.1/32',
    'fe80::1%eth0',
    ':::',
    '1::2::3',
    ':1',
    '1:',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    '12345::',
    'g::',
    '::1.2.3',
    '1.2.3.4::',
    '::1.2.3.4:5',
    '٣.1.1.1',
    '1:2:3:4:5:6:7:8'.padEnd(60, '0'),
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('reads back what it writes, whatever the words', () => {
    const word = fc.oneof(fc.constant(0), fc.constant(0xffff), fc.integer());
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        expect(parseAddress(formatAddress(...words))).toEqual({ words, repaired: false });
      }),
      { numRuns: 2000 },
    );
  });
});
