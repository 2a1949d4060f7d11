import type { Severity } from '../model/check.ts';
import { SEVERITIES } from '../model/check.ts';
import type { ClusterRef } from '../model/cluster.ts';
import type { Finding } from '../model/finding.ts';
import type { AuditReport } from '../model/report.ts';
import type { Answer, NodeCounts, StatusCounts } from './nodes.ts';
import { answerOf, countNodes, countStatuses } from './nodes.ts';

/** The counts that every format shows. They are computed here once, so that no two formats can disagree. */

export type { Answer, NodeCounts, StatusCounts } from './nodes.ts';
export { ENFORCED_CHECK } from './nodes.ts';

export type SeverityCounts = { readonly [S in Severity]: number };

export interface FindingCounts {
  /** Open and under no active exception. */
  readonly open: SeverityCounts;
  /** Open and under an active exception. */
  readonly excepted: SeverityCounts;
  /** Those of `open` and `excepted` that newer runs could not look at. */
  readonly unverified: number;
}

export interface ClusterSummary extends FindingCounts {
  readonly cluster: ClusterRef;
  readonly outcomes: StatusCounts;
  readonly nodes: NodeCounts;
  readonly answer: Answer;
}

export interface CheckSummary extends FindingCounts {
  readonly check: string;
  readonly outcomes: StatusCounts;
  /** Clusters with at least one outcome of the check that fails, or that is unknown while none fails. */
  readonly clustersFailing: number;
  readonly clustersUnknown: number;
}

export interface FleetSummary extends FindingCounts {
  readonly clusters: { readonly [A in Answer]: number };
  readonly outcomes: StatusCounts;
  readonly nodes: NodeCounts;
  readonly unreadable: number;
  /** `not-applicable` where nothing was audited. An input that could not be read keeps it from being `enforced`. */
  readonly answer: Answer;
}

export interface ReportSummary {
  readonly fleet: FleetSummary;
  /** In the report's order. */
  readonly clusters: readonly ClusterSummary[];
  /** One for each check of the report, and for each retired one that still has an outcome or an open finding. */
  readonly checks: readonly CheckSummary[];
}

/** Ids of the findings that an active exception holds for. An expired one holds for nothing. */
export const exceptedIds = (report: AuditReport): ReadonlySet<string> =>
  new Set(report.exceptions.filter(({ state }) => state === 'active').flatMap(({ findings }) => findings));

const countFindings = (findings: readonly Finding[], excepted: ReadonlySet<string>): FindingCounts => {
  const open = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  const withheld = { ...open };
  let unverified = 0;
  for (const finding of findings) {
    if (finding.status !== 'open') continue;
    (excepted.has(finding.id) ? withheld : open)[finding.severity] += 1;
    if (finding.unverifiedSince !== undefined) unverified += 1;
  }
  return { open, excepted: withheld, unverified };
};

const addSeverities = (all: readonly SeverityCounts[]): SeverityCounts => {
  const total = { informational: 0, low: 0, medium: 0, high: 0, critical: 0 };
  for (const counts of all) for (const severity of SEVERITIES) total[severity] += counts[severity];
  return total;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const fleetAnswer = (clusters: readonly ClusterSummary[], unreadable: number): Answer => {
  const answers = new Set(clusters.map(({ answer }) => answer));
  if (answers.has('not-enforced')) return 'not-enforced';
  if (answers.has('unknown') || unreadable > 0) return 'unknown';
  return answers.has('enforced') ? 'enforced' : 'not-applicable';
};

const summariseFleet = (report: AuditReport, clusters: readonly ClusterSummary[]): FleetSummary => {
  const answered = (answer: Answer) => clusters.filter((cluster) => cluster.answer === answer).length;
  return {
    clusters: {
      'not-enforced': answered('not-enforced'),
      unknown: answered('unknown'),
      enforced: answered('enforced'),
      'not-applicable': answered('not-applicable'),
    },
    outcomes: countStatuses(report.clusters.flatMap(({ evaluation }) => evaluation.outcomes)),
    nodes: {
      enforced: sum(clusters.map(({ nodes }) => nodes.enforced)),
      notEnforced: sum(clusters.map(({ nodes }) => nodes.notEnforced)),
      unknown: sum(clusters.map(({ nodes }) => nodes.unknown)),
      notApplicable: sum(clusters.map(({ nodes }) => nodes.notApplicable)),
      population: clusters.some(({ nodes }) => nodes.population === 'unlisted') ? 'unlisted' : 'listed',
    },
    open: addSeverities(clusters.map(({ open }) => open)),
    excepted: addSeverities(clusters.map(({ excepted }) => excepted)),
    unverified: sum(clusters.map(({ unverified }) => unverified)),
    unreadable: report.unreadable.length,
    answer: fleetAnswer(clusters, report.unreadable.length),
  };
};

const summariseChecks = (report: AuditReport, excepted: ReadonlySet<string>): readonly CheckSummary[] => {
  const perCluster = report.clusters.map(({ evaluation }) => Map.groupBy(evaluation.outcomes, ({ check }) => check));
  const findings = Map.groupBy(
    report.clusters.flatMap(({ findings }) => findings),
    ({ check }) => check,
  );
  const withOpen = [...findings]
    .filter(([, own]) => own.some(({ status }) => status === 'open'))
    .map(([check]) => check);
  const ids = new Set([
    ...report.checks.map(({ id }) => id),
    ...perCluster.flatMap((own) => [...own.keys()]),
    ...withOpen,
  ]);
  return [...ids].map((check) => {
    const counts = perCluster.map((own) => countStatuses(own.get(check) ?? []));
    return {
      check,
      outcomes: {
        pass: sum(counts.map(({ pass }) => pass)),
        fail: sum(counts.map(({ fail }) => fail)),
        notApplicable: sum(counts.map(({ notApplicable }) => notApplicable)),
        notEvaluated: sum(counts.map(({ notEvaluated }) => notEvaluated)),
      },
      ...countFindings(findings.get(check) ?? [], excepted),
      clustersFailing: counts.filter(({ fail }) => fail > 0).length,
      clustersUnknown: counts.filter(({ fail, notEvaluated }) => fail === 0 && notEvaluated > 0).length,
    };
  });
};

export const summarise = (report: AuditReport): ReportSummary => {
  const excepted = exceptedIds(report);
  const clusters = report.clusters.map((cluster): ClusterSummary => {
    const nodes = countNodes(cluster);
    return {
      cluster: cluster.evaluation.cluster,
      outcomes: countStatuses(cluster.evaluation.outcomes),
      nodes,
      answer: answerOf(nodes, cluster.evaluation.outcomes),
      ...countFindings(cluster.findings, excepted),
    };
  });
  return { fleet: summariseFleet(report, clusters), clusters, checks: summariseChecks(report, excepted) };
};

/** Of what is open and under no active exception; `none` where nothing is. */
export const worstOpenSeverity = ({ open }: FindingCounts): Severity | 'none' =>
  SEVERITIES.findLast((severity) => open[severity] > 0) ?? 'none';

export const openCount = ({ open }: FindingCounts): number => sum(Object.values(open));

export const exceptedCount = ({ excepted }: FindingCounts): number => sum(Object.values(excepted));
