import type { Severity } from '../model/check.ts';
import type { ExceptionState } from '../model/exception.ts';
import type { MissingFact, ResourceType, Status } from '../model/outcome.ts';
import type { Answer } from './nodes.ts';
import type { SeverityCounts } from './summary.ts';
import { SEVERITIES } from '../model/check.ts';

/** The words of every format. A status that could not be determined is UNKNOWN everywhere, never a kind of PASS. */

export const QUESTION = 'Is NetworkPolicy enforced on every node?';

export const STATUS_WORD: { readonly [S in Status]: string } = {
  fail: 'FAIL',
  'not-evaluated': 'UNKNOWN',
  pass: 'PASS',
  'not-applicable': 'N/A',
};

export const ANSWER_WORD: { readonly [A in Answer]: string } = {
  'not-enforced': 'NOT ENFORCED',
  unknown: 'UNKNOWN',
  enforced: 'ENFORCED',
  'not-applicable': 'NO NODES',
};

export const REASON_WORD: { readonly [R in MissingFact['reason']]: string } = {
  denied: 'access denied',
  throttled: 'throttled',
  'api-error': 'API error',
  unreachable: 'no answer',
  malformed: 'malformed answer',
  partial: 'incomplete answer',
  'not-collected': 'not collected',
  'too-old': 'too old',
  'too-early': 'too early',
};

export const REASON_SENTENCE: { readonly [R in MissingFact['reason']]: string } = {
  denied: 'The API refused the call.',
  throttled: 'The API asked us to slow down until we gave up.',
  'api-error': 'The API answered with an error.',
  unreachable: 'No answer came: DNS, TCP, TLS or deadline.',
  malformed: 'An answer came and was not what its documentation promises.',
  partial: 'Some pages came, not all: a partial list proves nothing about the rest.',
  'not-collected': 'Nobody asked for it in this run.',
  'too-early': 'It was read before it could be there, as on a node that had just joined.',
  'too-old': 'The reading is older than the check allows.',
};

const RESOURCE_WORD: { readonly [R in ResourceType]: readonly [one: string, many: string] } = {
  cluster: ['cluster', 'clusters'],
  node: ['node', 'nodes'],
  addon: ['add-on', 'add-ons'],
  daemonset: ['DaemonSet', 'DaemonSets'],
  configmap: ['ConfigMap', 'ConfigMaps'],
  namespace: ['namespace', 'namespaces'],
  nodegroup: ['node group', 'node groups'],
  workload: ['workload', 'workloads'],
  flow: ['denied flow', 'denied flows'],
};

export const EXCEPTION_WORD: { readonly [S in ExceptionState]: string } = {
  active: 'ACTIVE',
  expired: 'EXPIRED',
  unused: 'UNUSED',
};

/** Worst first. */
export const SEVERITIES_DOWN: readonly Severity[] = SEVERITIES.toReversed();

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const resourceWord = (type: ResourceType, count = 1): string => RESOURCE_WORD[type][count === 1 ? 0 : 1];

/** `2 critical, 1 low`; empty where there is none. */
export const severityText = (counts: SeverityCounts): string =>
  SEVERITIES_DOWN.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`)
    .join(', ');

const MINUTE = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]00:00)$/;

/** `2026-11-20 09:00 UTC`. What is not an RFC 3339 time in UTC stays as it is. */
export const moment = (time: string): string => time.replace(MINUTE, '$1 $2 UTC');

/** The day of a time. */
export const day = (time: string): string => (MINUTE.test(time) ? time.slice(0, 10) : time);
