import type { Remediation, Reference, Severity } from '../model/check.ts';
import type { ClusterRef } from '../model/cluster.ts';
import { clusterArn } from '../model/cluster.ts';
import type { ExceptionUse } from '../model/exception.ts';
import type { UnobservedReason } from '../model/fact.ts';
import type { ChangeKind, Finding } from '../model/finding.ts';
import type { Outcome, ResourceType, Scope } from '../model/outcome.ts';
import type { AuditReport, ClusterReport, Unreadable } from '../model/report.ts';
import type { FactKey } from '../model/snapshot.ts';
import type { CheckSummary, ClusterSummary, FleetSummary } from './summary.ts';
import { summarise } from './summary.ts';
import type { Versions } from './versions.ts';
import { versionsOf } from './versions.ts';
import { clusterGaps } from './view.ts';

export interface JsonCluster {
  readonly cluster: ClusterRef & { readonly arn: string };
  /** When collection began; RFC 3339, UTC. */
  readonly takenAt: string;
  readonly versions: Versions;
  readonly summary: Omit<ClusterSummary, 'cluster'>;
  readonly outcomes: readonly Outcome[];
  readonly scope: readonly Scope[];
  readonly findings: readonly Finding[];
  /** What this run changed; `finding` is the id of one of `findings`. */
  readonly changes: readonly { readonly kind: ChangeKind; readonly finding: string }[];
  /** The facts that could not be read; not those that nobody asked for and no check went without. No other fact is in the report: a snapshot has the rest. */
  readonly unobserved: readonly {
    readonly fact: FactKey;
    readonly reason: UnobservedReason;
    readonly detail: string;
    readonly source: string;
    readonly observedAt: string;
  }[];
}

/** The JSON report. Within schema version 1 keys are only ever added. */
export interface JsonReport {
  readonly schemaVersion: 1;
  readonly tool: AuditReport['tool'];
  readonly generatedAt: string;
  readonly summary: { readonly fleet: FleetSummary; readonly checks: readonly CheckSummary[] };
  readonly clusters: readonly JsonCluster[];
  readonly checks: readonly {
    readonly id: string;
    readonly title: string;
    readonly severity: Severity;
    readonly resource: ResourceType;
    readonly rationale: string;
    readonly remediation: Remediation;
    readonly references: readonly Reference[];
  }[];
  readonly exceptions: readonly ExceptionUse[];
  readonly unreadable: readonly Unreadable[];
}

const toJsonCluster = (report: ClusterReport, { cluster, ...summary }: ClusterSummary): JsonCluster => ({
  cluster: { ...cluster, arn: clusterArn(cluster) },
  takenAt: report.evaluation.takenAt,
  versions: versionsOf(report.snapshot),
  summary,
  outcomes: report.evaluation.outcomes,
  scope: report.evaluation.scope,
  findings: report.findings,
  changes: report.changes.map(({ kind, finding }) => ({ kind, finding: finding.id })),
  unobserved: clusterGaps(report).map(({ fact, unobserved: { reason, detail, source, observedAt } }) => ({
    fact,
    reason,
    detail,
    source,
    observedAt,
  })),
});

/** What JSON allows raw but a terminal or a bidirectional layout acts on: DEL, C1 controls, and what hides or reorders text. */
const ACTIVE = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** The report as JSON of the shape {@link JsonReport}, two spaces deep, with a final line break; ready for `cat`. */
export const renderJson = (report: AuditReport): string => {
  const { fleet, clusters, checks } = summarise(report);
  const json: JsonReport = {
    schemaVersion: 1,
    tool: report.tool,
    generatedAt: report.generatedAt,
    summary: { fleet, checks },
    clusters: report.clusters.flatMap((cluster, index) => {
      const summary = clusters[index];
      return summary === undefined ? [] : [toJsonCluster(cluster, summary)];
    }),
    checks: report.checks.map(({ id, title, severity, resource, rationale, remediation, references }) => ({
      id,
      title,
      severity,
      resource,
      rationale,
      remediation,
      references,
    })),
    exceptions: report.exceptions,
    unreadable: report.unreadable,
  };
  return `${JSON.stringify(json, null, 2).replace(ACTIVE, escaped)}\n`;
};
