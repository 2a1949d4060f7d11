import { reconcile } from '../../shared/reconcile/reconcile.ts';
import type { Check, Severity } from '../../shared/model/check.ts';
import type { Change, ClusterRecord, Finding } from '../../shared/model/finding.ts';
import {
  type Evaluation,
  type Evidence,
  type Message,
  type Outcome,
  type Resource,
  resourceKey,
  type Scope,
} from '../../shared/model/outcome.ts';
import { emptyRecord } from '../../shared/store/port.ts';
import { nodesReady } from '../evaluate/synthetic-checks.ts';
import { CLUSTER } from '../support/cluster.ts';

export const CHECK = 'network-policy/enforced';
export const OTHER = 'network-policy/agent-ready';
export const EMPTY: ClusterRecord = emptyRecord(CLUSTER);

export const checkNamed = (id: string, severity: Severity = 'high'): Check => ({ ...nodesReady, id, severity });
export const CATALOGUE: readonly Check[] = [checkNamed(CHECK), checkNamed(OTHER, 'low')];

/** The hour of 20 November. */
export const hour = (value: number): string => `2026-11-20T${String(value).padStart(2, '0')}:00:00Z`;

/** What a run says of one node; a failure may say what it rests on. */
export type Said = 'pass' | 'fail' | 'not-applicable' | 'not-evaluated' | { readonly fail: string };

/** What a run says by check and node; `none`: it could not look. Checks that are missing were not run. */
export interface Saying {
  readonly [check: string]: 'none' | { readonly [node: string]: Said };
}

export const nodeNamed = (name: string): Resource => ({ type: 'node', id: name, name });

export const evidence = (value: string, observedAt: string): Evidence => ({
  fact: 'kubernetes.nodes',
  path: 'kernelVersion',
  value,
  grade: 'observed',
  source: 'GET /api/v1/nodes',
  observedAt,
});

export const message = (key: string, value: string): Message => ({ key, values: { value }, text: `${key}: ${value}` });

const MISSING = [
  { fact: 'nodes.probes', reason: 'denied', detail: 'refused', source: 'GET /api/v1/nodes/proxy' },
] as const;

const outcomeOf = (check: string, resource: Resource, said: Said, takenAt: string): Outcome => {
  const status = typeof said === 'string' ? said : 'fail';
  const value = typeof said === 'string' ? said : said.fail;
  const base = { check, resource, message: message(status, value) };
  return status === 'not-evaluated'
    ? { ...base, status, missing: MISSING, evidence: [] }
    : { ...base, status, evidence: [evidence(value, takenAt)] };
};

const couldNotLook = (check: string): Outcome => ({
  check,
  resource: { type: 'cluster', id: CLUSTER.name, name: CLUSTER.name },
  status: 'not-evaluated',
  message: message('facts-missing', 'kubernetes.nodes'),
  missing: MISSING,
  evidence: [],
});

export const evaluationAt = (takenAt: string, saying: Saying): Evaluation => {
  const examined = Object.entries(saying).map(([check, nodes]) => ({
    check,
    population: nodes === 'none' ? ('none' as const) : ('complete' as const),
    outcomes:
      nodes === 'none'
        ? [couldNotLook(check)]
        : Object.entries(nodes).map(([name, said]) => outcomeOf(check, nodeNamed(name), said, takenAt)),
  }));
  return {
    cluster: CLUSTER,
    takenAt,
    outcomes: examined.flatMap(({ outcomes }) => outcomes),
    scope: examined.map(({ check, population, outcomes }): Scope => ({
      check,
      population,
      resources: outcomes.map(({ resource }) => resourceKey(resource)),
    })),
  };
};

/** A run of the check alone. */
export const run = (at: number, nodes: Saying[string]): Evaluation => evaluationAt(hour(at), { [CHECK]: nodes });

export const after = (evaluations: readonly Evaluation[], from = EMPTY, catalogue = CATALOGUE): ClusterRecord =>
  evaluations.reduce((record, evaluation) => reconcile(record, evaluation, catalogue).record, from);

export const changesOf = (record: ClusterRecord, evaluation: Evaluation, catalogue = CATALOGUE): readonly Change[] =>
  reconcile(record, evaluation, catalogue).changes;

export const findingOn = (record: ClusterRecord, node: string, check = CHECK): Finding | undefined =>
  Object.values(record.findings).find((finding) => finding.check === check && finding.resource.id === node);

/** `<kind> <node>` of each change. */
export const briefly = (changes: readonly Change[]): readonly string[] =>
  changes.map(({ kind, finding }) => `${kind} ${finding.resource.id}`);
