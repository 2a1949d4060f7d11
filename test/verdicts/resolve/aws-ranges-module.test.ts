import { describe, expect, it } from 'vitest';
import { awsRangesModule } from '../../../infra/generate/aws-ranges.ts';

const line = (cidr: string, service: string, region = 'eu-west-1'): Record<string, string> => ({
  [cidr.includes(':') ? 'ipv6_prefix' : 'ip_prefix']: cidr,
  service,
  region,
});
const file = (prefixes: readonly unknown[], ipv6: readonly unknown[] = []): unknown => ({
  syncToken: '1795000000',
  createDate: '2026-11-18-00-00-00',
  prefixes,
  ipv6_prefixes: ipv6,
});
const rows = (json: unknown): readonly string[] =>
  awsRangesModule(json)
    .split('\n')
    .flatMap((text) => /^ {2}'([A-Z0-9_]+ \S+ .+)',$/.exec(text)?.[1] ?? []);

describe('the embedded table of AWS ranges', () => {
  it('says where it is from and of when', () => {
    const text = awsRangesModule(file([line('192.0.2.0/24', 'S3')]));
    expect(text).toContain("syncToken: '1795000000'");
    expect(text).toContain("createDate: '2026-11-18-00-00-00'");
    expect(text).toContain('https://ip-ranges.amazonaws.com/ip-ranges.json');
  });

  it('puts neighbouring blocks together only where they make one block', () => {
    const blocks = [
      '192.0.2.0/26',
      '192.0.2.64/26',
      '192.0.2.128/25',
      '192.0.2.4/32',
      '198.51.100.64/26',
      '198.51.100.128/26',
    ];
    expect(rows(file(blocks.map((cidr) => line(cidr, 'S3'))))).toEqual([
      'S3 eu-west-1 192.0.2.0/24 198.51.100.64/26 198.51.100.128/26',
    ]);
  });

  it('keeps services, regions and families apart', () => {
    const v4 = [line('192.0.2.0/25', 'S3'), line('192.0.2.128/25', 'S3', 'us-west-2'), line('192.0.2.0/24', 'AMAZON')];
    expect(rows(file(v4, [line('2001:db8::/40', 'S3')]))).toEqual([
      'S3 eu-west-1 192.0.2.0/25',
      'S3 eu-west-1 2001:db8::/40',
      'S3 us-west-2 192.0.2.128/25',
      'AMAZON eu-west-1 192.0.2.0/24',
    ]);
  });

  it('leaves services out that tell a cluster nothing', () => {
    expect(rows(file([line('192.0.2.0/24', 'CHIME_MEETINGS')]))).toEqual([]);
  });

  it('leaves the smallest blocks of AMAZON out when they are too many', () => {
    const small = Array.from({ length: 8000 }, (_, index) => line(`11.${index >> 8}.${index & 255}.0/25`, 'AMAZON'));
    const kept = rows(file([line('192.0.0.0/16', 'AMAZON'), ...small]));
    expect(kept).toEqual(['AMAZON eu-west-1 192.0.0.0/16']);
  });
});
