import { describe, expect, it } from 'vitest';
import { AwsRangesError, awsRangeTable, parseAwsRanges } from '../../../shared/verdicts/resolve/aws-ranges.ts';
import { readAddress } from '../../../shared/verdicts/resolve/address-key.ts';

const FILE = {
  syncToken: '1795000000',
  createDate: '2026-11-18-00-00-00',
  prefixes: [
    { ip_prefix: '192.0.2.0/24', region: 'eu-west-1', service: 'AMAZON', network_border_group: 'eu-west-1' },
    { ip_prefix: '192.0.2.0/25', region: 'eu-west-1', service: 'EC2', network_border_group: 'eu-west-1' },
    { ip_prefix: '192.0.2.0/26', region: 'eu-west-1', service: 'S3', network_border_group: 'eu-west-1' },
    { ip_prefix: '192.0.2.0/28', region: 'eu-west-1', service: 'AMAZON', network_border_group: 'eu-west-1' },
  ],
  ipv6_prefixes: [
    { ipv6_prefix: '2001:db8:5::/48', region: 'GLOBAL', service: 'CLOUDFRONT', network_border_group: 'GLOBAL' },
  ],
};

const serviceAt = (text: string): string | undefined => {
  const address = readAddress(text);
  return address && awsRangeTable(parseAwsRanges(FILE).ranges).find(address)?.service;
};

describe("Amazon's published ranges", () => {
  it('are read with their token and date', () => {
    expect(parseAwsRanges(FILE)).toMatchObject({ syncToken: '1795000000', createDate: '2026-11-18-00-00-00' });
    expect(parseAwsRanges(FILE).ranges.at(-1)).toEqual({
      cidr: '2001:db8:5::/48',
      service: 'CLOUDFRONT',
      region: 'GLOBAL',
    });
  });

  it.each([
    ['192.0.2.1', 'S3'],
    ['192.0.2.100', 'EC2'],
    ['192.0.2.200', 'AMAZON'],
    ['2001:db8:5::1', 'CLOUDFRONT'],
    ['198.51.100.1', undefined],
  ])('name %s by the most telling service: %s', (address, service) => {
    expect(serviceAt(address)).toBe(service);
  });

  it.each([
    ['no object', 'x', 'the file'],
    [
      'a prefix that is no CIDR',
      { ...FILE, prefixes: [{ ...FILE.prefixes[0], ip_prefix: '192.0.2.0' }] },
      'prefixes.0.ip_prefix',
    ],
    [
      'a service that is no word',
      { ...FILE, prefixes: [{ ...FILE.prefixes[0], service: 'a b' }] },
      'prefixes.0.service',
    ],
    ['no date', { ...FILE, createDate: 'today' }, 'createDate'],
    ['no IPv6 list', { ...FILE, ipv6_prefixes: undefined }, 'ipv6_prefixes'],
  ])('are refused with %s, and the error says where', (_, json, path) => {
    expect(() => parseAwsRanges(json)).toThrow(AwsRangesError);
    expect(() => parseAwsRanges(json)).toThrow(`AWS ranges: ${path}: `);
  });
});
