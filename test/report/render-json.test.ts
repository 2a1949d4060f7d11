import { FACT_KEYS } from '../../shared/model/snapshot.ts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonReport } from '../../shared/report/render-json.ts';
import { renderJson } from '../../shared/report/render-json.ts';
import { benignReport, hostileReport, sampleReport } from '../support/report-sample.ts';
import { PAYLOADS } from './sample/hostile.ts';

// What JSON.parse gives is checked against the type by the assertions of this file.
const parse = (text: string): JsonReport => JSON.parse(text) as JsonReport;

/** The shape of a value: keys and types, arrays by their first item. */
const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
};

describe('renderJson', () => {
  it('has the documented top level, two spaces deep, ending in one line break', () => {
    const text = renderJson(sampleReport());
    expect(text.startsWith('{\n  "schemaVersion": 1,\n  "tool": {\n    "name": "netpol-warden"')).toBe(true);
    expect(text.endsWith('}\n')).toBe(true);
    expect(Object.keys(parse(text))).toEqual([
      'schemaVersion',
      'tool',
      'generatedAt',
      'summary',
      'clusters',
      'checks',
      'exceptions',
      'unreadable',
    ]);
  });

  it('gives a cluster this shape', () => {
    const counts = { informational: 'number', low: 'number', medium: 'number', high: 'number', critical: 'number' };
    const resource = { type: 'string', id: 'string', name: 'string' };
    const evidence = [
      { fact: 'string', path: 'string', value: 'string', grade: 'string', source: 'string', observedAt: 'string' },
    ];
    const cluster = { partition: 'string', account: 'string', region: 'string', name: 'string' };
    const { clusters } = parse(renderJson(sampleReport()));
    // Nothing was unread in payments-prod; the shape of a gap is seen where there is one.
    const payments = {
      ...clusters[1],
      unobserved: clusters.find(({ unobserved }) => unobserved.length > 0)?.unobserved.slice(0, 1),
    };
    expect(shape({ ...payments, outcomes: payments.outcomes?.filter(({ status }) => status === 'fail') })).toEqual({
      cluster: { ...cluster, arn: 'string' },
      takenAt: 'string',
      versions: { kubernetes: 'string', cni: 'string' },
      summary: {
        outcomes: { pass: 'number', fail: 'number', notApplicable: 'number', notEvaluated: 'number' },
        nodes: {
          enforced: 'number',
          notEnforced: 'number',
          unknown: 'number',
          notApplicable: 'number',
          population: 'string',
        },
        answer: 'string',
        open: counts,
        excepted: counts,
        unverified: 'number',
      },
      outcomes: [
        {
          check: 'string',
          resource,
          status: 'string',
          message: { key: 'string', values: { flag: 'string', value: 'string' }, text: 'string' },
          evidence,
        },
      ],
      scope: [],
      findings: [
        {
          id: 'string',
          cluster,
          check: 'string',
          severity: 'string',
          resource,
          status: 'string',
          firstSeenAt: 'string',
          lastSeenAt: 'string',
          openedAt: 'string',
          reopenCount: 'number',
          takenAt: 'string',
          message: { key: 'string', values: { flag: 'string', value: 'string' }, text: 'string' },
          evidence,
        },
      ],
      changes: [{ kind: 'string', finding: 'string' }],
      unobserved: [{ fact: 'string', reason: 'string', detail: 'string', source: 'string', observedAt: 'string' }],
    });
  });

  it('says what could not be read, and shows no other fact', () => {
    const { clusters } = parse(renderJson(sampleReport()));
    expect(clusters.map(({ cluster, unobserved }) => [cluster.name, unobserved.length])).toEqual([
      ['checkout-prod', 0],
      ['payments-prod', 0],
      ['search-staging', 0],
      ['batch-dev', 1],
      ['ledger-prod', 0],
      ['partner-gov', FACT_KEYS.length],
    ]);
    expect(renderJson(sampleReport())).not.toContain('certificateAuthorityData');
    expect(renderJson(sampleReport())).not.toContain('Amazon Linux 2023.9.20260720');
  });

  it('refers from a change to a finding that is there', () => {
    for (const { changes, findings } of parse(renderJson(sampleReport())).clusters) {
      const ids = findings.map(({ id }) => id);
      for (const { finding } of changes) expect(ids).toContain(finding);
    }
  });

  it('keeps hostile text whole when parsed and inert when printed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...PAYLOADS), fc.string({ unit: 'binary', maxLength: 30 })), (payload) => {
        const text = renderJson(hostileReport(payload));
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        const parsed = parse(text);
        expect(parsed.clusters[0]?.cluster.name).toBe(`${payload}checkout-prod${payload}`);
        expect(parsed.unreadable).toEqual(hostileReport(payload).unreadable);
        expect(shape(parsed)).toEqual(shape(parse(renderJson(benignReport()))));
      }),
      { numRuns: 25 },
    );
  });
});
