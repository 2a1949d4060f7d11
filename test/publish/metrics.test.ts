import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { emptyEntry } from '../../shared/model/outbox.ts';
import { type ClusterState, clusterMetrics, deliveryMetrics, emit, type Metric } from '../../shared/publish/metrics.ts';
import { CLUSTER } from '../support/cluster.ts';
import { announcementOf, HOSTILE_TEXTS } from './announcements.ts';
import { nodeAnnouncement } from './notices.ts';

const NOW = new Date('2026-11-20T12:00:00.000Z');
const run = {
  takenAt: '2026-11-20T11:00:00.000Z',
  counts: { pass: 6, fail: 2, 'not-applicable': 5, 'not-evaluated': 2 },
};

const valuesOf = (metrics: readonly Metric[], name: string): readonly (readonly [string | undefined, number])[] =>
  metrics
    .filter((metric) => metric.name === name)
    .map(({ dimensions, value }) => [dimensions['Severity'] ?? dimensions['Status'] ?? dimensions['Cluster'], value]);

describe('the metrics of a cluster', () => {
  const findings = [
    announcementOf().change.finding,
    { ...nodeAnnouncement(1).change.finding, unverifiedSince: '2026-11-20T10:00:00.000Z' },
    { ...nodeAnnouncement(2).change.finding, status: 'resolved' as const },
  ];
  const metrics = clusterMetrics({ cluster: CLUSTER, findings, run, deniedFlows: 42 }, NOW);

  it('count what is open by severity, and say 0 where nothing is', () => {
    expect(valuesOf(metrics, 'OpenFindings')).toEqual([
      ['informational', 0],
      ['low', 0],
      ['medium', 0],
      ['high', 2],
      ['critical', 0],
    ]);
    expect(valuesOf(metrics, 'Findings')).toEqual([
      ['open', 2],
      ['resolved', 1],
      ['closed', 0],
    ]);
    expect(valuesOf(metrics, 'UnverifiedFindings')).toEqual([['shop-prod', 1]]);
  });

  it('give coverage as the part of what was to be judged that could be looked at', () => {
    expect(valuesOf(metrics, 'Coverage')).toEqual([['shop-prod', 80]]);
    expect(valuesOf(metrics, 'NotEvaluated')).toEqual([['shop-prod', 2]]);
    expect(valuesOf(metrics, 'AuditAge')).toEqual([['shop-prod', 3600]]);
    expect(valuesOf(metrics, 'DeniedFlows')).toEqual([['shop-prod', 42]]);
  });

  it('say nothing of what nobody looked at, rather than 0', () => {
    const names = clusterMetrics({ cluster: CLUSTER, findings: [] }, NOW).map(({ name }) => name);

    for (const name of ['Coverage', 'AuditAge', 'NotEvaluated', 'DeniedFlows']) expect(names).not.toContain(name);
  });

  it.each([...HOSTILE_TEXTS, '', ':colon'])('name a cluster %j in characters that CloudWatch takes', (name) => {
    const state: ClusterState = { cluster: { ...CLUSTER, name }, findings: [] };

    for (const { dimensions } of clusterMetrics(state, NOW)) {
      expect(dimensions['Cluster']).toMatch(/^(?!:)[\x20-\x7e]{1,1024}$/);
      expect(dimensions['Cluster']).toMatch(/\S/);
    }
  });
});

describe('the metrics of a destination', () => {
  const announcement = announcementOf({}, { at: '2026-11-20T11:58:00.000Z' });

  it('tell for how long the oldest change waits, how many wait, and how many are parked', () => {
    const entries = [
      { ...emptyEntry('slack', 'a'), waiting: [announcement], dueAt: '2026-11-20T12:00:00.000Z' },
      { ...emptyEntry('slack', 'b'), waiting: [{ ...announcement, at: '2026-11-20T11:59:00.000Z' }] },
      { ...emptyEntry('slack', 'c'), parked: [{ announcement, reason: 'x', parkedAt: '2026-11-20T11:59:00.000Z' }] },
    ];

    expect(deliveryMetrics('slack', entries, NOW).map(({ name, value }) => [name, value])).toEqual([
      ['DeliveryLag', 120],
      ['WaitingDeliveries', 2],
      ['ParkedDeliveries', 1],
    ]);
  });

  it('are 0 where nothing waits', () => {
    expect(deliveryMetrics('slack', [], NOW).map(({ value }) => value)).toEqual([0, 0, 0]);
  });
});

describe('emitting', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('writes each metric through Powertools as an EMF document with its own dimensions', () => {
    const written: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void written.push(String(line)));
    // The console of the process, and not switched off for it.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
    const all = deliveryMetrics('slack', [], NOW);
    emit(new Metrics({ namespace: 'NetpolWarden', serviceName: 'publish-findings' }), all);
    vi.unstubAllEnvs();

    // Embedded metric format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    expect(written.map((line) => JSON.parse(line))).toEqual(
      all.map(({ name, unit, value }) =>
        expect.objectContaining({
          Destination: 'slack',
          [name]: value,
          _aws: expect.objectContaining({
            CloudWatchMetrics: [
              {
                Namespace: 'NetpolWarden',
                Dimensions: [expect.arrayContaining(['Destination'])],
                Metrics: [{ Name: name, Unit: unit }],
              },
            ],
          }),
        }),
      ),
    );
  });
});
