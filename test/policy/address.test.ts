import { describe, expect, test } from 'vitest';

import { addressClasses, inSpan } from '../../shared/policy/address-classes.ts';
import { contains, enclosingCidr, parseAddress, parseCidr } from '../../shared/policy/address.ts';
import { PolicyInputError } from '../../shared/policy/policy-input-error.ts';

describe('parseAddress', () => {
  test('reads both families, and IPv4 written as IPv6 as IPv4', () => {
    expect(parseAddress('10.0.0.1', 'ip')).toEqual({ family: 4, value: 167_772_161n });
    expect(parseAddress('::1', 'ip')).toEqual({ family: 6, value: 1n });
    expect(parseAddress('::ffff:10.0.0.1', 'ip')).toEqual({ family: 4, value: 167_772_161n });
    expect(parseAddress('2001:DB8:0:0::1', 'ip')).toEqual(parseAddress('2001:db8::1', 'ip'));
  });

  test.each(['', '10.1', '010.0.0.1', '0x0a.0.0.1', '10.0.0.256', '10.0.0.1/32', 'fe80::1%eth0', '1::2::3', 'web'])(
    'refuses %j, naming the path',
    (text) => {
      expect(() => parseAddress(text, 'pods[x/a].podIPs[0]')).toThrow(
        new PolicyInputError('pods[x/a].podIPs[0]', text, 'an IPv4 or IPv6 address'),
      );
    },
  );
});

describe('parseCidr', () => {
  test('covers both ends and ignores host bits', () => {
    const range = parseCidr('10.0.0.77/24', 'cidr');
    expect(range).toEqual(parseCidr('10.0.0.0/24', 'cidr'));
    expect(contains(range, parseAddress('10.0.0.0', 'ip'))).toBe(true);
    expect(contains(range, parseAddress('10.0.0.255', 'ip'))).toBe(true);
    expect(contains(range, parseAddress('10.0.1.0', 'ip'))).toBe(false);
    expect(contains(range, parseAddress('9.255.255.255', 'ip'))).toBe(false);
  });

  test('never holds an address of the other family', () => {
    expect(contains(parseCidr('0.0.0.0/0', 'cidr'), parseAddress('::1', 'ip'))).toBe(false);
    expect(contains(parseCidr('::/0', 'cidr'), parseAddress('10.0.0.1', 'ip'))).toBe(false);
  });

  test.each(['10.0.0.0', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '/8', '10.0.0.0/1e1'])(
    'refuses %j',
    (text) => {
      expect(() => parseCidr(text, 'cidr')).toThrow(PolicyInputError);
    },
  );

  test('cuts a hostile text short in its message', () => {
    expect(() => parseCidr('x'.repeat(10_000), 'cidr')).toThrow(/^cidr: expected a CIDR.{0,200}$/);
  });
});

test.each([
  ['203.0.113.9', 32, '203.0.113.9/32'],
  ['203.0.113.9', 24, '203.0.113.0/24'],
  ['::ffff:203.0.113.9', 24, '203.0.113.0/24'],
  ['2001:db8:1:2:3::4', 64, '2001:db8:1:2::/64'],
] as const)('enclosingCidr of %s, %d', (ip, prefix, expected) => {
  expect(enclosingCidr(ip, prefix)).toBe(expected);
});

describe('addressClasses', () => {
  const texts = ['10.0.0.0/24', '10.0.0.128/25', '10.0.0.200/32', '0.0.0.0/0', '2001:db8::/32', '255.255.255.255/32'];
  const ranges = texts.map((text) => parseCidr(text, 'cidr'));
  const classes = addressClasses(ranges);
  const addresses = [
    '0.0.0.0',
    '9.255.255.255',
    '10.0.0.0',
    '10.0.0.127',
    '10.0.0.128',
    '10.0.0.200',
    '10.0.0.201',
    '10.0.0.255',
    '10.0.1.0',
    '255.255.255.254',
    '255.255.255.255',
    '::',
    '2001:db7:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db8::',
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2001:db9::',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ].map((text) => parseAddress(text, 'ip'));

  test.each(texts.map((text, order) => ({ text, order })))(
    'answers for $text as the range itself does',
    ({ order }) => {
      const range = ranges[order];
      expect.assert(range !== undefined);
      const span = classes.spanOf(range);
      expect(addresses.map((address) => inSpan(span, classes.classOf(address)))).toEqual(
        addresses.map((address) => contains(range, address)),
      );
    },
  );
});
