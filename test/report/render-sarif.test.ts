import { describe, expect, it } from 'vitest';
import type { AuditReport } from '../../shared/model/report.ts';
import { renderSarif } from '../../shared/report/render-sarif.ts';
import { benignReport, worstReport } from '../support/report-sample.ts';

const SAMPLE_REPORT = benignReport();
const HOSTILE_REPORT = worstReport();

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [{ readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }];
  readonly partialFingerprints?: { readonly [name: string]: string };
  readonly suppressions?: readonly { readonly status: string }[];
}
interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[];
    },
  ];
  readonly results: readonly Result[];
}

const runOf = (report: AuditReport): Run => {
  // renderSarif's shape, which the assertions below look at.
  const { version, runs } = JSON.parse(renderSarif(report)) as {
    readonly version: string;
    readonly runs: readonly [Run];
  };
  expect(version).toBe('2.1.0');
  expect(runs).toHaveLength(1);
  return runs[0];
};

const outcomesOf = (report: AuditReport) => report.clusters.flatMap(({ evaluation }) => evaluation.outcomes);

describe('an audit as SARIF 2.1.0', () => {
  const run = runOf(SAMPLE_REPORT);

  it('has a result for each failure, which names its rule by id and by place', () => {
    const fails = run.results.filter(({ kind }) => kind === 'fail');

    expect(fails).toHaveLength(outcomesOf(SAMPLE_REPORT).filter(({ status }) => status === 'fail').length);
    expect(fails.every(({ level }) => ['error', 'warning', 'note'].includes(level))).toBe(true);
    expect(run.results.map(({ ruleIndex }) => run.tool.driver.rules[ruleIndex]?.id)).toEqual(
      run.results.map(({ ruleId }) => ruleId),
    );
  });

  it('tells of what could not be looked at as notifications, never as a failure or by silence', () => {
    const unknown = outcomesOf(SAMPLE_REPORT).filter(({ status }) => status === 'not-evaluated').length;
    const [{ toolExecutionNotifications: told }] = run.invocations;

    expect(unknown).toBeGreaterThan(0);
    expect(told.length).toBeGreaterThanOrEqual(unknown + SAMPLE_REPORT.unreadable.length);
  });

  it('keeps an open finding that could not be looked at again, as open and without a level', () => {
    const open = run.results.filter(({ kind }) => kind === 'open');

    expect(open.length).toBeGreaterThan(0);
    expect(open.every(({ level, message }) => level === 'none' && message.text.includes('this is not a pass'))).toBe(
      true,
    );
  });

  it('gives each finding’s own id as fingerprint, none twice', () => {
    const prints = run.results.flatMap(({ partialFingerprints = {} }) => Object.values(partialFingerprints));

    expect(prints.length).toBeGreaterThan(0);
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('marks what an active exception holds for as suppressed', () => {
    const active = SAMPLE_REPORT.exceptions
      .filter(({ state }) => state === 'active')
      .flatMap(({ findings }) => findings);
    const suppressed = run.results.filter(({ suppressions }) => suppressions?.[0]?.status === 'accepted');

    expect(active.length).toBeGreaterThan(0);
    expect(suppressed.map(({ partialFingerprints }) => partialFingerprints?.['findingId/v1'])).toEqual(
      expect.arrayContaining(active),
    );
  });

  it('says that it did not succeed where an input could not be read', () => {
    const unread: AuditReport = { ...SAMPLE_REPORT, unreadable: [{ path: 'a.json', problem: 'expected JSON' }] };

    expect(runOf(unread).invocations[0].executionSuccessful).toBe(false);
    expect(runOf({ ...SAMPLE_REPORT, unreadable: [] }).invocations[0].executionSuccessful).toBe(true);
  });

  it('makes a harmless relative URI of any name', () => {
    const uris = runOf(HOSTILE_REPORT).results.map(
      ({ locations: [{ physicalLocation }] }) => physicalLocation.artifactLocation.uri,
    );

    expect(uris.length).toBeGreaterThan(0);
    expect(uris.filter((uri) => !/^clusters(\/[A-Za-z0-9%_.!~*'()-]+){6}$/.test(uri))).toEqual([]);
  });
});
