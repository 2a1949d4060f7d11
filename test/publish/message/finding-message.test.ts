import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { FindingMessage, fitMessage, toMessage } from '../../../shared/publish/message/finding-message.ts';
import { announcementOf } from '../announcements.ts';

const published: unknown = JSON.parse(
  readFileSync(new URL('../../../docs/finding-message.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020.default({ allErrors: true });
formats.default(ajv);
// A JSON Schema document that this repository holds.
const validate = ajv.compile(published as object);

const large = (pieces: number) =>
  toMessage(
    announcementOf({
      evidence: Array.from({ length: pieces }, (_, index) => ({
        fact: 'kubernetes.nodes' as const,
        path: `[${index}]`,
        value: 'ä'.repeat(1000),
        grade: 'observed' as const,
        source: 'GET /api/v1/nodes',
        observedAt: '2026-11-20T09:00:00Z',
      })),
    }),
  );

describe('the message of a change', () => {
  it('is valid under the schema that we publish', () => {
    for (const announcement of [
      announcementOf(),
      announcementOf(
        {
          status: 'closed',
          closeReason: 'resource-gone',
          endedAt: '2026-11-20T10:00:00Z',
          unverifiedSince: '2026-11-20T09:30:00Z',
        },
        { owner: 'team-shop', exception: { check: 'x', owner: 'a', reason: 'b', expires: '2027-01-01' } },
      ),
    ]) {
      validate(JSON.parse(JSON.stringify(toMessage(announcement))));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  it('fills the fix with the cluster’s own name', () => {
    expect(toMessage(announcementOf()).remediation.command).toContain('--cluster-name shop-prod');
  });

  it('goes whole where it fits', async () => {
    const fitted = await fitMessage(large(2), 262_144, undefined);

    expect(fitted?.isWhole).toBe(true);
    expect(FindingMessage.parse(JSON.parse(fitted?.body ?? ''))).not.toHaveProperty('truncated');
  });

  it('loses evidence from the end until it fits, says so, and where the whole one is', async () => {
    const kept: string[] = [];
    const message = large(200);
    const fitted = await fitMessage(message, 100_000, (id, body) => {
      kept.push(body);
      return Promise.resolve(`s3://bucket/${id}`);
    });
    const read = FindingMessage.parse(JSON.parse(fitted?.body ?? ''));

    expect(Buffer.byteLength(fitted?.body ?? '')).toBeLessThanOrEqual(100_000);
    expect(read.finding.evidence.length + (read.truncated?.evidence ?? 0)).toBe(200);
    expect(read.finding.evidence.length).toBeGreaterThan(40);
    expect(read.truncated?.full).toBe(`s3://bucket/${message.id}`);
    expect(JSON.parse(kept[0] ?? '')).toEqual(message);
  });

  it('is no message where even that is not enough', async () => {
    expect(await fitMessage(large(5), 200, undefined)).toBeUndefined();
  });
});
