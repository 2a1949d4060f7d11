import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import type { Announcement } from '../../../shared/model/announcement.ts';
import { toOcsf } from '../../../shared/publish/ocsf/to-ocsf.ts';
import { announcementOf, HOSTILE_TEXTS } from '../announcements.ts';

const validator = (name: string) => {
  const schema: unknown = JSON.parse(readFileSync(join(import.meta.dirname, '../schemas', name), 'utf8'));
  const ajv = new Ajv2020.default({ strict: false, allErrors: true });
  formats.default(ajv);
  // A JSON Schema document that this repository holds.
  return ajv.compile(schema as object);
};
const compliance = validator('ocsf-1.5.0-2003-compliance-finding.schema.json');
const detection = validator('ocsf-1.5.0-2004-detection-finding.schema.json');

const ocsf = (announcement: Announcement) => {
  const event = toOcsf(announcement, { version: '1.2.3' });
  const validate = event['class_uid'] === 2004 ? detection : compliance;
  validate(event);
  expect(validate.errors ?? []).toEqual([]);
  return event;
};

const traffic = (values: { readonly [name: string]: string | number }): Announcement => {
  const base = announcementOf({
    resource: { type: 'flow', id: '0123456789abcdef', name: 'shop/web → payments/orders:5432/TCP' },
    message: { key: 'new-pair', values, text: 'shop/web was denied to payments/orders.' },
  });
  return { ...base, check: { ...base.check, id: 'denied-traffic/new-pair' } };
};

describe('a finding in OCSF 1.5.0', () => {
  it('is what the golden file says', async () => {
    await expect(`${JSON.stringify(ocsf(announcementOf()), undefined, 2)}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, '../../golden/ocsf-compliance-finding.json'),
    );
  });

  it.each([
    ['opened', {}, 'opened', [1, 1, 3]],
    ['updated', {}, 'updated', [2, 1, 3]],
    ['not looked at', { unverifiedSince: '2026-11-20T10:00:00.000Z' }, 'unverified', [2, 1, 2]],
    ['resolved', { status: 'resolved' }, 'resolved', [3, 4, 1]],
    ['closed', { status: 'closed', closeReason: 'resource-gone' }, 'closed', [3, 5, 0]],
  ] as const)('%s: activity, status and compliance status', (_, finding, kind, expected) => {
    const event = ocsf(announcementOf(finding, { kind }));

    expect([event['activity_id'], event['status_id']]).toEqual(expected.slice(0, 2));
    expect(event['compliance']).toMatchObject({ status_id: expected[2] });
    expect(event['type_uid']).toBe(200_300 + expected[0]);
  });

  it('is suppressed while an exception holds', () => {
    const exception = { check: 'x', owner: 'team-shop', reason: 'migration', expires: '2026-12-31' };

    expect(ocsf(announcementOf({}, { exception }))).toMatchObject({ status_id: 3, status: 'Suppressed' });
  });

  it('tells of denied traffic as a detection with both ends, IPv6 too', () => {
    const event = ocsf(
      traffic({
        direction: 'egress',
        sourceAddress: '2001:db8::1',
        destinationAddress: '2001:db8::2',
        port: 5432,
        protocol: 'TCP',
        count: 42,
      }),
    );

    expect(event).toMatchObject({
      class_uid: 2004,
      type_uid: 200_401,
      disposition: 'Blocked',
      count: 42,
      evidences: [
        {
          src_endpoint: { ip: '2001:db8::1' },
          dst_endpoint: { ip: '2001:db8::2', port: 5432 },
          connection_info: { direction_id: 2, protocol_name: 'tcp' },
        },
      ],
    });
  });

  it('invents no ends where the finding names none', () => {
    expect(ocsf(traffic({ what: 'scan' }))).not.toHaveProperty('evidences');
  });

  it.each(HOSTILE_TEXTS)('stays valid and on one line whatever names say: %j', (text) => {
    const event = ocsf(
      announcementOf({
        resource: { type: 'namespace', id: text, name: text },
        message: { key: text, values: {}, text },
        evidence: [
          { fact: 'kubernetes.nodes', path: text, value: text, grade: 'observed', source: text, observedAt: 'x' },
        ],
      }),
    );

    expect(JSON.stringify(event)).not.toMatch(/\\u001b|\\u202e|\\u0000/i);
  });
});
