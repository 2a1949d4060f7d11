import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freePrefixes } from '../../shared/model/free-prefixes.ts';

describe('free prefixes', () => {
  const subnet = (cidr: string, reservations: Parameters<typeof freePrefixes>[0]['reservations'] = []) => ({
    id: 'subnet-a',
    cidr,
    reservations,
  });
  const taking = (privateIps: readonly string[], ipv4Prefixes: readonly string[] = [], subnetId = 'subnet-a') => ({
    subnetId,
    privateIps,
    ipv4Prefixes,
  });

  test.each([
    { name: 'the first and the last block hold reserved addresses', cidr: '10.0.0.0/24', interfaces: [], free: 14 },
    { name: 'the smallest subnet has no room', cidr: '10.0.0.0/28', interfaces: [], free: 0 },
    { name: 'nor has the next, of two blocks', cidr: '10.0.0.0/27', interfaces: [], free: 0 },
    { name: 'an address takes its block', cidr: '10.0.0.0/24', interfaces: [taking(['10.0.0.31'])], free: 13 },
    {
      name: 'two in a block take one',
      cidr: '10.0.0.0/24',
      interfaces: [taking(['10.0.0.16', '10.0.0.31'])],
      free: 13,
    },
    { name: 'a prefix takes its block', cidr: '10.0.0.0/24', interfaces: [taking([], ['10.0.0.32/28'])], free: 13 },
    {
      name: 'another subnet’s do not count',
      cidr: '10.0.0.0/24',
      interfaces: [taking(['10.0.0.31'], [], 'b')],
      free: 14,
    },
    { name: 'above 127.255.255.255 too', cidr: '192.168.0.0/16', interfaces: [], free: 4094 },
  ])('$name', ({ cidr, interfaces, free }) => {
    expect(freePrefixes(subnet(cidr), interfaces)).toBe(free);
  });

  test.each([
    { type: 'prefix' as const, free: 14 },
    { type: 'explicit' as const, free: 12 },
    { type: 'unknown' as const, free: 12 },
  ])('a reservation of type $type leaves $free', ({ type, free }) => {
    expect(freePrefixes(subnet('10.0.0.0/24', [{ cidr: '10.0.0.64/27', type }]), [])).toBe(free);
  });

  test('what is no address is never skipped', () => {
    expect(() => freePrefixes(subnet('10.0.0.0/24'), [taking(['10.0.0'])])).toThrow(RangeError);
    expect(() => freePrefixes(subnet('10.0.0.0/33'), [])).toThrow(RangeError);
  });

  test('is what counting address by address finds', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 255 })), (used) => {
        const taken = new Set([0, 1, 2, 3, 255, ...used]);
        const free = Array.from({ length: 16 }, (_, block) =>
          Array.from({ length: 16 }, (__, offset) => block * 16 + offset).every((at) => !taken.has(at)),
        );
        const interfaces = [taking(used.map((last) => `10.0.0.${last}`))];
        expect(freePrefixes(subnet('10.0.0.0/24'), interfaces)).toBe(free.filter(Boolean).length);
      }),
    );
  });
});
