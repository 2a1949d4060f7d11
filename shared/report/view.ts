import type { Check, Severity } from '../model/check.ts';
import { SEVERITIES } from '../model/check.ts';
import type { Exception } from '../model/exception.ts';
import type { Unobserved } from '../model/fact.ts';
import type { ChangeKind, Finding } from '../model/finding.ts';
import type { Evidence, Message, MissingFact, Outcome, Resource, ResourceType, Status } from '../model/outcome.ts';
import { resourceKey } from '../model/outcome.ts';
import type { AuditReport, ClusterReport } from '../model/report.ts';
import type { FactKey } from '../model/snapshot.ts';
import { FACT_KEYS } from '../model/snapshot.ts';
import type { ClusterSummary, ReportSummary } from './summary.ts';
import { ENFORCED_CHECK, summarise, worstOpenSeverity } from './summary.ts';
import type { Versions } from './versions.ts';
import { versionsOf } from './versions.ts';

/** A report joined for reading: every outcome with its finding, its check and the exception that holds for it. */

/** `unrated`: a check that is no longer in the catalogue and has no finding. It sorts as the worst. */
export type RowSeverity = Severity | 'unrated';

/** One line of a report. */
export interface Row {
  /** `outcome`: of this run. `carried`: an open finding that this run gave no outcome for; its status is unknown. */
  readonly origin: 'outcome' | 'carried';
  readonly check: string;
  readonly severity: RowSeverity;
  readonly resource: Resource;
  readonly status: Status;
  readonly message: Message;
  readonly evidence: readonly Evidence[];
  readonly missing: readonly MissingFact[];
  /** The stored record of this check and resource, open or ended. */
  readonly finding?: Finding;
  /** Active. */
  readonly exception?: Exception;
  /** What this run did to `finding`. */
  readonly change?: ChangeKind;
}

/** All rows of one check in one cluster. */
export interface CheckView {
  readonly id: string;
  readonly title: string;
  readonly severity: RowSeverity;
  readonly resource: ResourceType;
  readonly check?: Check;
  readonly rows: { readonly [S in Status]: readonly Row[] };
  /** Resources that this run looked for an answer on: passing, failing and unknown. */
  readonly judged: number;
}

/** A fact that could not be read, and which checks could not be evaluated for want of it. */
export interface Gap {
  readonly fact: FactKey;
  readonly unobserved: Unobserved;
  readonly blocks: readonly string[];
}

export interface ClusterView {
  readonly report: ClusterReport;
  /** `c1`, `c2`, …: safe in attributes and addresses, which the name is not. */
  readonly key: string;
  readonly summary: ClusterSummary;
  readonly versions: Versions;
  /** The node chain first, then the worst severity, then by id. */
  readonly checks: readonly CheckView[];
  readonly gaps: readonly Gap[];
}

export interface ReportView {
  readonly report: AuditReport;
  readonly summary: ReportSummary;
  /** What needs a person first: not enforced, unknown, enforced; in each the worst open finding first, then by name. */
  readonly clusters: readonly ClusterView[];
}

const NAMES = new Intl.Collator('en', { numeric: true });
const severityRank = (severity: RowSeverity | 'none'): number =>
  severity === 'unrated' ? SEVERITIES.length : severity === 'none' ? -1 : SEVERITIES.indexOf(severity);
const ANSWER_RANK = { 'not-enforced': 3, unknown: 2, enforced: 1, 'not-applicable': 0 } as const;

const chainFirst = ({ id }: CheckView): number => (id === ENFORCED_CHECK ? 0 : 1);

/** Finding id to the exception that is active for it. */
const activeExceptions = (report: AuditReport): ReadonlyMap<string, Exception> =>
  new Map(
    report.exceptions
      .filter(({ state }) => state === 'active')
      .flatMap(({ exception, findings }) => findings.map((id) => [id, exception] as const)),
  );

const keyOf = ({ check, resource }: { readonly check: string; readonly resource: Resource }): string =>
  JSON.stringify([check, resourceKey(resource)]);

interface Lookup {
  readonly checks: ReadonlyMap<string, Check>;
  /** By finding id. */
  readonly exceptions: ReadonlyMap<string, Exception>;
  readonly changes: ReadonlyMap<string, ChangeKind>;
}

const withFinding = (
  finding: Finding | undefined,
  { exceptions, changes }: Lookup,
): Pick<Row, 'finding' | 'exception' | 'change'> => {
  if (finding === undefined) return {};
  const exception = exceptions.get(finding.id);
  const change = changes.get(finding.id);
  return { finding, ...(exception === undefined ? {} : { exception }), ...(change === undefined ? {} : { change }) };
};

const outcomeRow = (outcome: Outcome, finding: Finding | undefined, lookup: Lookup): Row => ({
  origin: 'outcome',
  check: outcome.check,
  severity: lookup.checks.get(outcome.check)?.severity ?? finding?.severity ?? 'unrated',
  resource: outcome.resource,
  status: outcome.status,
  message: outcome.message,
  evidence: outcome.evidence,
  missing: outcome.status === 'not-evaluated' ? outcome.missing : [],
  ...withFinding(finding, lookup),
});

const carriedRow = (finding: Finding, lookup: Lookup): Row => ({
  origin: 'carried',
  check: finding.check,
  severity: finding.severity,
  resource: finding.resource,
  status: 'not-evaluated',
  message: finding.message,
  evidence: finding.evidence,
  missing: [],
  ...withFinding(finding, lookup),
});

const clusterRows = ({ evaluation, findings }: ClusterReport, lookup: Lookup): readonly Row[] => {
  const byKey = new Map(findings.map((finding) => [keyOf(finding), finding]));
  const looked = new Set(evaluation.outcomes.map(keyOf));
  return [
    ...evaluation.outcomes.map((outcome) => outcomeRow(outcome, byKey.get(keyOf(outcome)), lookup)),
    ...findings
      .filter((finding) => finding.status === 'open' && !looked.has(keyOf(finding)))
      .map((finding) => carriedRow(finding, lookup)),
  ];
};

const checkView = (id: string, rows: readonly Row[], check: Check | undefined): CheckView => {
  const withStatus = (status: Status) => rows.filter((row) => row.status === status);
  const severities = rows.map(({ severity }) => severity);
  return {
    id,
    title: check?.title ?? id,
    severity: severities.toSorted((a, b) => severityRank(b) - severityRank(a))[0] ?? 'unrated',
    resource: check?.resource ?? rows[0]?.resource.type ?? 'cluster',
    ...(check === undefined ? {} : { check }),
    rows: {
      fail: withStatus('fail'),
      'not-evaluated': withStatus('not-evaluated'),
      pass: withStatus('pass'),
      'not-applicable': withStatus('not-applicable'),
    },
    judged: rows.filter(({ origin, status }) => origin === 'outcome' && status !== 'not-applicable').length,
  };
};

/** What could not be read. What nobody asked for, and no check went without, is no gap. */
export const clusterGaps = ({ snapshot, evaluation }: ClusterReport): readonly Gap[] => {
  const missing = evaluation.outcomes.flatMap((outcome) =>
    outcome.status === 'not-evaluated' ? outcome.missing.map(({ fact }) => ({ fact, check: outcome.check })) : [],
  );
  const byFact = Map.groupBy(missing, ({ fact }) => fact);
  return FACT_KEYS.flatMap((fact) => {
    const unobserved = snapshot.facts[fact];
    if (unobserved.state !== 'unobserved') return [];
    const blocks = [...new Set((byFact.get(fact) ?? []).map(({ check }) => check))];
    return unobserved.reason === 'not-collected' && blocks.length === 0 ? [] : [{ fact, unobserved, blocks }];
  });
};

export const viewReport = (report: AuditReport): ReportView => {
  const summary = summarise(report);
  const lookup: Lookup = {
    checks: new Map(report.checks.map((check) => [check.id, check])),
    exceptions: activeExceptions(report),
    changes: new Map(
      report.clusters.flatMap(({ changes }) => changes.map(({ kind, finding }) => [finding.id, kind] as const)),
    ),
  };
  const clusters = report.clusters.flatMap((cluster, index) => {
    const own = summary.clusters[index];
    if (own === undefined) return [];
    const checks = [...Map.groupBy(clusterRows(cluster, lookup), ({ check }) => check)]
      .map(([id, rows]) => checkView(id, rows, lookup.checks.get(id)))
      .toSorted(
        (a, b) =>
          chainFirst(a) - chainFirst(b) ||
          severityRank(b.severity) - severityRank(a.severity) ||
          NAMES.compare(a.id, b.id),
      );
    return [
      { report: cluster, summary: own, versions: versionsOf(cluster.snapshot), checks, gaps: clusterGaps(cluster) },
    ];
  });
  return {
    report,
    summary,
    clusters: clusters
      .toSorted(
        (a, b) =>
          ANSWER_RANK[b.summary.answer] - ANSWER_RANK[a.summary.answer] ||
          severityRank(worstOpenSeverity(b.summary)) - severityRank(worstOpenSeverity(a.summary)) ||
          NAMES.compare(a.summary.cluster.name, b.summary.cluster.name),
      )
      .map((cluster, index) => ({ ...cluster, key: `c${index + 1}` })),
  };
};

/** The composed check of the cluster: the node chain. */
export const enforcedCheck = (cluster: ClusterView): CheckView | undefined =>
  cluster.checks.find(({ id }) => id === ENFORCED_CHECK);

export const allRows = ({ rows }: CheckView): readonly Row[] => [
  ...rows.fail,
  ...rows['not-evaluated'],
  ...rows.pass,
  ...rows['not-applicable'],
];
