import { SEVERITIES } from '../model/check.ts';
import { type ClusterRef } from '../model/cluster.ts';
import type { Finding } from '../model/finding.ts';
import type { OutboxEntry } from '../model/outbox.ts';
import type { Status } from '../model/outcome.ts';

/** The units in use, as CloudWatch spells them: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
export type MetricUnit = 'Count' | 'Percent' | 'Seconds';

export interface Metric {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly value: number;
  /** Each set of dimensions is a metric of its own, and paid for: names of clusters, severities and destinations only. */
  readonly dimensions: { readonly [name: string]: string };
}

/** The part of Powertools' Metrics that is used: https://docs.aws.amazon.com/powertools/typescript/latest/features/metrics/ */
export interface MetricsEmitter {
  readonly singleMetric: () => {
    readonly addDimensions: (dimensions: Record<string, string>) => unknown;
    readonly addMetric: (name: string, unit: MetricUnit, value: number) => void;
  };
}

/** CloudWatch refuses a dimension's value with other characters, or of more: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html */
const MOST_VALUE = 1024;

/** ASCII that is shown, at least one character that is no blank, and no colon first. */
const dimensionValue = (text: string): string => {
  const shown = text
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, MOST_VALUE);
  return shown === '' || shown.startsWith(':') ? `_${shown}`.slice(0, MOST_VALUE) : shown;
};

const clusterDimensions = ({ account, region, name }: ClusterRef): Metric['dimensions'] => ({
  Account: dimensionValue(account),
  Region: dimensionValue(region),
  Cluster: dimensionValue(name),
});

const seconds = (from: string, to: Date): number => Math.max(0, (to.getTime() - Date.parse(from)) / 1000);

/** What is known of one cluster after an audit. */
export interface ClusterState {
  readonly cluster: ClusterRef;
  readonly findings: readonly Finding[];
  /** The newest audit's; absent where none is remembered: then its age and coverage are not said, which alarms must mind. */
  readonly run?: { readonly takenAt: string; readonly counts: { readonly [S in Status]: number } };
  /** Verdicts in the time that is told of; absent where nobody read the logs, which is not the same as 0. */
  readonly deniedFlows?: number;
}

/**
 * Open findings by severity, zeros too, so that an alarm sees them go; unverified ones; coverage: of what was to be judged
 * the part that could be looked at; the age of the newest audit; and denied flows where they were read.
 */
export const clusterMetrics = ({ cluster, findings, run, deniedFlows }: ClusterState, now: Date): readonly Metric[] => {
  const dimensions = clusterDimensions(cluster);
  const open = findings.filter(({ status }) => status === 'open');
  const count = (name: string, value: number, more: Metric['dimensions'] = {}): Metric => ({
    name,
    unit: 'Count',
    value,
    dimensions: { ...dimensions, ...more },
  });
  const { pass = 0, fail = 0, 'not-evaluated': unknown = 0 } = run?.counts ?? {};
  const judged = pass + fail + unknown;
  return [
    ...SEVERITIES.map((severity) =>
      count('OpenFindings', open.filter((finding) => finding.severity === severity).length, { Severity: severity }),
    ),
    ...(['open', 'resolved', 'closed'] as const).map((status) =>
      count('Findings', findings.filter((finding) => finding.status === status).length, { Status: status }),
    ),
    count('UnverifiedFindings', open.filter(({ unverifiedSince }) => unverifiedSince !== undefined).length),
    ...(run === undefined
      ? []
      : [
          { name: 'AuditAge', unit: 'Seconds' as const, value: seconds(run.takenAt, now), dimensions },
          count('NotEvaluated', unknown),
        ]),
    ...(judged === 0
      ? []
      : [{ name: 'Coverage', unit: 'Percent' as const, value: ((pass + fail) / judged) * 100, dimensions }]),
    ...(deniedFlows === undefined ? [] : [count('DeniedFlows', deniedFlows)]),
  ];
};

/**
 * Of one destination: what waits and is due, what is parked, and for how many seconds the oldest waiting change has been
 * committed and not delivered.
 */
export const deliveryMetrics = (destination: string, entries: readonly OutboxEntry[], now: Date): readonly Metric[] => {
  const dimensions = { Destination: dimensionValue(destination) };
  const lags = entries.flatMap(({ waiting: [first] }) => (first === undefined ? [] : [seconds(first.at, now)]));
  const parked = entries.reduce((sum, entry) => sum + entry.parked.length, 0);
  return [
    { name: 'DeliveryLag', unit: 'Seconds', value: Math.max(0, ...lags), dimensions },
    { name: 'WaitingDeliveries', unit: 'Count', value: lags.length, dimensions },
    { name: 'ParkedDeliveries', unit: 'Count', value: parked, dimensions },
  ];
};

/** Each as an EMF document of its own: metrics of one document share their dimensions. */
export const emit = (metrics: MetricsEmitter, all: readonly Metric[]): void => {
  for (const { name, unit, value, dimensions } of all) {
    const single = metrics.singleMetric();
    single.addDimensions({ ...dimensions });
    single.addMetric(name, unit, value);
  }
};
