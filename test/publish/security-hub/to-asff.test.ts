import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { Announcement } from '../../../shared/model/announcement.ts';
import { toAsff, updatedAt } from '../../../shared/publish/security-hub/to-asff.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';

const schema: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../schemas/asff.schema.json'), 'utf8'));
const ajv = new Ajv2020.default({ strict: false, allErrors: true });
formats.default(ajv);
// A JSON Schema document that this repository holds.
const validate = ajv.compile(schema as object);

const asff = (announcement: Announcement) => {
  const finding = toAsff(announcement, { companyName: 'Example' });
  validate(finding);
  expect(validate.errors ?? []).toEqual([]);
  return finding;
};

const flow = (values: { readonly [name: string]: string | number }) =>
  announcementOf({
    resource: { type: 'flow', id: '0123456789abcdef', name: 'shop/web → payments/orders:5432/TCP' },
    message: { key: 'new-pair', values, text: 'shop/web was denied to payments/orders.' },
  });

describe('a finding in ASFF', () => {
  it('is what the golden file says', async () => {
    await expect(`${JSON.stringify(asff(announcementOf()), undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, '../../golden/asff-node-agent-disabled.json'),
    );
  });

  it.each([
    ['open', {}, 'FAILED', 'ACTIVE'],
    ['open and not looked at since', { unverifiedSince: '2026-11-20T10:00:00.000Z' }, 'WARNING', 'ACTIVE'],
    ['resolved', { status: 'resolved', endedAt: '2026-11-20T10:00:00.000Z' }, 'PASSED', 'ACTIVE'],
    ['closed', { status: 'closed', closeReason: 'resource-gone' }, 'NOT_AVAILABLE', 'ARCHIVED'],
  ] as const)('%s: Compliance and RecordState', (_, finding, status, recordState) => {
    const { Compliance, RecordState } = asff(announcementOf(finding));

    expect([Compliance?.Status, RecordState]).toEqual([status, recordState]);
  });

  it('says since when nobody could look', () => {
    const { Compliance } = asff(announcementOf({ unverifiedSince: '2026-11-20T10:00:00.000Z' }));

    expect(Compliance?.StatusReasons).toContainEqual({
      ReasonCode: 'NOT_EVALUATED',
      Description: 'Could not be looked at since 2026-11-20T10:00:00.000Z',
    });
  });

  it('leaves what belongs to people alone', () => {
    const finding = asff(announcementOf());

    for (const theirs of ['Workflow', 'Note', 'UserDefinedFields', 'VerificationState', 'Severity', 'Types']) {
      expect(finding).not.toHaveProperty(theirs);
    }
    expect(finding.FindingProviderFields?.Severity?.Label).toBe('HIGH');
  });

  it('names the EC2 instance of a node, and the cluster beside it', () => {
    const { Resources } = asff(announcementOf());

    expect(Resources?.map(({ Type, Id }) => [Type, Id])).toEqual([
      ['AwsEc2Instance', 'arn:aws:ec2:us-west-2:111122223333:instance/i-0123456789abcdef0'],
      ['AwsEksCluster', 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod'],
    ]);
  });

  it('names anything else under its cluster', () => {
    const { Resources } = asff(announcementOf({ resource: { type: 'nodegroup', id: 'blue', name: 'blue' } }));

    expect(Resources?.[0]).toMatchObject({
      Type: 'Other',
      Id: 'arn:aws:eks:us-west-2:111122223333:cluster/shop-prod/nodegroup/blue',
    });
  });

  it('stands once where it is about the cluster itself', () => {
    const { Resources } = asff(announcementOf({ resource: { type: 'cluster', id: 'shop-prod', name: 'shop-prod' } }));

    expect(Resources?.map(({ Type }) => Type)).toEqual(['AwsEksCluster']);
  });

  it('tells of a denied IPv4 flow as a blocked connection', () => {
    const values = {
      direction: 'egress',
      sourceAddress: '10.0.1.7',
      destinationAddress: '10.0.2.9',
      port: 5432,
      protocol: 'TCP',
    };

    expect(asff(flow(values)).Action?.NetworkConnectionAction).toEqual({
      ConnectionDirection: 'OUT',
      RemoteIpDetails: { IpAddressV4: '10.0.2.9' },
      RemotePortDetails: { Port: 5432 },
      Protocol: 'TCP',
      Blocked: true,
    });
    expect(asff(flow({ ...values, direction: 'ingress' })).Action?.NetworkConnectionAction).toMatchObject({
      ConnectionDirection: 'IN',
      RemoteIpDetails: { IpAddressV4: '10.0.1.7' },
      LocalPortDetails: { Port: 5432 },
    });
  });

  it('has no connection for IPv6, which ASFF has no field for, nor where the direction is not known', () => {
    expect(asff(flow({ direction: 'egress', destinationAddress: '2001:db8::1' }))).not.toHaveProperty('Action');
    expect(asff(flow({ destinationAddress: '10.0.2.9' }))).not.toHaveProperty('Action');
    expect(asff(announcementOf())).not.toHaveProperty('Action');
  });

  it('orders two changes of one millisecond', () => {
    const at = '2026-11-20T09:00:05.123Z';

    expect(updatedAt({ at, sequence: 1 })).toBe('2026-11-20T09:00:05.123000001Z');
    expect(updatedAt({ at, sequence: 10 }) > updatedAt({ at, sequence: 9 })).toBe(true);
  });

  it.each(HOSTILE_TEXTS)('keeps within every limit and on one line: %j', (text) => {
    const finding = asff(
      announcementOf({
        resource: { type: 'node', id: text, name: text },
        message: { key: text, values: {}, text },
        evidence: Array.from({ length: 100 }, () => ({
          fact: 'kubernetes.nodes' as const,
          path: text,
          value: text,
          grade: 'observed' as const,
          source: text,
          observedAt: text,
        })),
      }),
    );

    expect(Buffer.byteLength(JSON.stringify(finding))).toBeLessThan(240_000);
    // oxlint-disable-next-line no-control-regex -- their absence is what is tested
    expect(finding.Title).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(Object.keys(finding.ProductFields ?? {}).length).toBeLessThanOrEqual(50);
    expect(finding.ProductFields?.['netpol-warden/evidenceCount']).toBe('100');
  });
});
