import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../shared/verdicts/decode/address.ts';
import { networkAround, readAddress, readCidr } from '../../../shared/verdicts/resolve/address-key.ts';

describe('an address as a key', () => {
  it('is the same for IPv4 and for IPv4-mapped IPv6', () => {
    expect(readAddress('::ffff:10.0.1.20')).toEqual(readAddress('10.0.1.20'));
    expect(readAddress('::ffff:10.0.1.20')?.text).toBe('10.0.1.20');
  });

  it('is the same for every spelling of one IPv6 address', () => {
    expect(readAddress('2001:DB8:0:0:0:0:0:1')).toEqual(readAddress('2001:db8::1'));
  });

  it('differs between the two halves of the IPv4 space', () => {
    expect(readAddress('200.0.0.1')?.key).not.toBe(readAddress('72.0.0.1')?.key);
  });

  it.each([
    '',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    '1..2.3',
    '10.0.0.x',
    'fe80::1%eth0',
    '10.0.*.*',
    'web',
    '1.2.3.',
  ])('is none for %j', (text) => {
    expect(readAddress(text)).toBeUndefined();
  });

  it('puts back the trailing zero octets that the agent drops', () => {
    expect(readAddress('10.0.24')?.text).toBe('10.0.24.0');
  });

  it('agrees with the reader of log lines on every text', () => {
    const texts = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '9', '.', ':', 'f'), maxLength: 20 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const words = parseAddress(text)?.words;
        const read = readAddress(text);
        expect(read?.words).toEqual(words);
        expect(read?.text).toBe(words && formatAddress(...words));
      }),
    );
  });
});

describe('a CIDR', () => {
  it('covers its addresses, and host bits mean nothing', () => {
    expect(readCidr('10.0.1.9/24')).toEqual({ family: 4, first: 0x0a000100n, last: 0x0a0001ffn, prefix: 24 });
    expect(readCidr('2001:db8::/127')?.last).toBe(0x20010db8000000000000000000000001n);
  });

  it.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '2001:db8::/129', 'x/8', '10.0.0.0/-1'])(
    'is none in %j',
    (text) => {
      expect(readCidr(text)).toBeUndefined();
    },
  );
});

describe('the network around an address', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:1:2:3::4', '2001:db8:1::/48'],
  ])('of %s is %s', (text, network) => {
    const address = readAddress(text);
    expect(address && networkAround(address)).toBe(network);
  });
});
