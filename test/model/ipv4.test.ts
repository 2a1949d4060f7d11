import { isIPv4 } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ipv4Number, ipv4Range } from '../../shared/model/ipv4.ts';

describe('an IPv4 address', () => {
  test.each([
    ['0.0.0.0', 0],
    ['10.0.0.1', 167_772_161],
    ['255.255.255.255', 4_294_967_295],
  ])('%s is %d', (text, number) => {
    expect(ipv4Number(text)).toBe(number);
  });

  test.each([
    '',
    '01.0.0.1',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '10.0.0.1 ',
    '10.0.0.1\n',
    '::ffff:10.0.0.1',
    '1e1.0.0.1',
  ])('%j is none', (text) => {
    expect(ipv4Number(text)).toBeUndefined();
  });

  test('is what Node takes for one', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.stringMatching(/^[0-9a-f]{0,4}$/));
    fc.assert(
      fc.property(fc.array(part, { minLength: 3, maxLength: 5 }), (parts) => {
        const text = parts.join('.');
        expect(ipv4Number(text) !== undefined).toBe(isIPv4(text));
      }),
    );
  });
});

describe('an IPv4 block', () => {
  test.each([
    ['10.0.0.0/24', { first: 167_772_160, last: 167_772_415 }],
    ['10.0.0.77/24', { first: 167_772_160, last: 167_772_415 }],
    ['255.255.255.255/32', { first: 4_294_967_295, last: 4_294_967_295 }],
    ['0.0.0.0/0', { first: 0, last: 4_294_967_295 }],
  ])('%s is from its first to its last address', (cidr, range) => {
    expect(ipv4Range(cidr)).toEqual(range);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/', '10.0.0/24', 'fd00::/8', '10.0.0.0/24/8'])(
    '%j is none',
    (cidr) => {
      expect(ipv4Range(cidr)).toBeUndefined();
    },
  );
});
