import { createHash } from 'node:crypto';
import { SEVERITIES, type Severity } from '../../model/check.ts';
import { clusterArn, type ClusterRef } from '../../model/cluster.ts';
import type { Finding } from '../../model/finding.ts';
import type { Status } from '../../model/outcome.ts';
import { ENFORCED_CHECK } from '../../report/nodes.ts';

/** The newest audit of the cluster, as the store remembers it. */
export interface DigestRun {
  /** RFC 3339, of the snapshot. */
  readonly takenAt: string;
  readonly checks: readonly {
    readonly check: string;
    readonly population: 'complete' | 'none';
    readonly resources: number;
  }[];
  readonly counts: { readonly [S in Status]: number };
}

/** What a digest is made of: one cluster, one time. */
export interface DigestInput {
  readonly cluster: ClusterRef;
  /** RFC 3339: the digest before this one, and this one. */
  readonly since: string;
  readonly until: string;
  /** All that are stored of the cluster, ended ones too. */
  readonly findings: readonly Finding[];
  /** Ids of those that an exception holds for. */
  readonly excepted: ReadonlySet<string>;
  readonly run?: DigestRun;
  /** Https. */
  readonly report?: string;
}

export type DigestAnswer = 'not-enforced' | 'unknown' | 'enforced' | 'not-applicable';

export interface Digest {
  /** The same for the same cluster and time. */
  readonly id: string;
  readonly cluster: ClusterRef;
  readonly since: string;
  readonly until: string;
  readonly answer: DigestAnswer;
  /** Why the answer is not known. Present exactly where it is `unknown`. */
  readonly because?: string;
  /** RFC 3339; absent where no audit is remembered. */
  readonly auditedAt?: string;
  /** Open and not excepted. */
  readonly open: { readonly [S in Severity]: number };
  readonly excepted: number;
  readonly unverified: number;
  /** Opened or reopened since, and open; the worst first. Without excepted ones. */
  readonly appeared: readonly Finding[];
  /** Ended since, the worst first. */
  readonly ended: readonly Finding[];
  /** Open for longest, the longest first. Without excepted ones. */
  readonly oldest: readonly Finding[];
  readonly couldNotLook: { readonly checks: readonly string[]; readonly results: number };
  readonly report?: string;
}

const time = (text: string): number => Date.parse(text);

const worstFirst = (a: Finding, b: Finding): number =>
  SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
  (a.check === b.check ? (a.resource.id < b.resource.id ? -1 : 1) : a.check < b.check ? -1 : 1);

const longestFirst = (a: Finding, b: Finding): number => time(a.openedAt) - time(b.openedAt) || worstFirst(a, b);

/** Only what was looked at lately, and in full, is an answer. What was seen to fail stays "no" until somebody sees otherwise. */
const answerOf = ({ findings, run, since }: DigestInput): Pick<Digest, 'answer' | 'because'> => {
  const failing = findings.filter(({ check, status }) => check === ENFORCED_CHECK && status === 'open');
  if (failing.some(({ unverifiedSince }) => unverifiedSince === undefined)) return { answer: 'not-enforced' };
  const unknown = (because: string): Pick<Digest, 'answer' | 'because'> => ({ answer: 'unknown', because });
  if (failing.length > 0) return unknown('what was failing could not be looked at again');
  if (run === undefined) return unknown('no audit of the cluster is remembered');
  if (time(run.takenAt) < time(since)) return unknown(`the last audit is of ${run.takenAt}, before this digest began`);
  const looked = run.checks.find(({ check }) => check === ENFORCED_CHECK);
  if (looked === undefined) return unknown(`${ENFORCED_CHECK} was not among the checks of the last audit`);
  if (looked.population === 'none') return unknown('the nodes could not be listed');
  if (run.counts['not-evaluated'] > 0) return unknown('the last audit could not look at everything');
  return { answer: looked.resources === 0 ? 'not-applicable' : 'enforced' };
};

const countOf = (findings: readonly Finding[]): Digest['open'] => {
  const of = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  return {
    informational: of('informational'),
    low: of('low'),
    medium: of('medium'),
    high: of('high'),
    critical: of('critical'),
  };
};

/** The state of one cluster, and what moved since the digest before. */
export const digestOf = (input: DigestInput): Digest => {
  const { cluster, since, until, findings, excepted, run, report } = input;
  const open = findings.filter(({ status }) => status === 'open');
  const counted = open.filter(({ id }) => !excepted.has(id));
  return {
    id: `digest:${createHash('sha256')
      .update(`${clusterArn(cluster)}\n${until}`, 'utf8')
      .digest('hex')
      .slice(0, 32)}`,
    cluster,
    since,
    until,
    ...answerOf(input),
    ...(run === undefined ? {} : { auditedAt: run.takenAt }),
    open: countOf(counted),
    excepted: open.length - counted.length,
    unverified: counted.filter(({ unverifiedSince }) => unverifiedSince !== undefined).length,
    appeared: counted.filter(({ openedAt }) => time(openedAt) >= time(since)).toSorted(worstFirst),
    ended: findings
      .filter(({ status, endedAt }) => status !== 'open' && endedAt !== undefined && time(endedAt) >= time(since))
      .toSorted(worstFirst),
    oldest: counted.toSorted(longestFirst),
    couldNotLook: {
      checks: (run?.checks ?? []).filter(({ population }) => population === 'none').map(({ check }) => check),
      results: run?.counts['not-evaluated'] ?? 0,
    },
    ...(report === undefined ? {} : { report }),
  };
};

/** Whether anybody needs to read it: nothing moved, nothing is open, and it is known that everything is well. */
export const isQuiet = ({ answer, open, appeared, ended, unverified }: Digest): boolean =>
  (answer === 'enforced' || answer === 'not-applicable') &&
  Object.values(open).every((count) => count === 0) &&
  appeared.length + ended.length + unverified === 0;
