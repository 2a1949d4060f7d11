import type { ClusterRef } from '../../model/cluster.ts';
import type { DenialClass, DeniedPair, DeniedTraffic, SuggestedChange } from '../../model/denied-traffic.ts';
import type { UnreadableReason } from '../../model/flow.ts';
import { inert } from '../text.ts';
import { plural } from '../words.ts';

/** Everything a report of verdict logs is made of. It adds no judgement and reads no clock. */
export interface DenialsReport {
  readonly tool: { readonly name: 'netpol-warden'; readonly version: string };
  /** RFC 3339, UTC. */
  readonly generatedAt: string;
  /** Absent: the logs were read without a snapshot, so nobody has a name. */
  readonly cluster?: ClusterRef;
  readonly traffic: DeniedTraffic;
  /** What was read, in the order given, with what was wrong with each as a whole. */
  readonly inputs: readonly { readonly name: string; readonly problems: readonly string[] }[];
}

/** What a class says of a denial, in a few words. */
export const DENIAL_WORD: { readonly [C in DenialClass]: string } = {
  'policy-denied': 'no rule admits it',
  'cluster-policy-denied': 'a cluster policy denies it',
  'strict-default-deny': 'strict mode, and no policy',
  'vpc-cni-deviation': 'the VPC CNI deviates here',
  reply: 'a late reply',
  'enforcement-anomaly': 'the policies allow it',
  'agent-defect': 'the agent erred',
  'policies-changed': 'policies have changed since',
  unattributed: 'not attributed',
};

export type DenialTone = 'fail' | 'unknown' | 'none';

/** `fail`: policies do what they say. `unknown`: somebody has to look. `none`: nothing to mend. */
export const DENIAL_TONE: { readonly [C in DenialClass]: DenialTone } = {
  'policy-denied': 'fail',
  'cluster-policy-denied': 'fail',
  'strict-default-deny': 'fail',
  'vpc-cni-deviation': 'unknown',
  reply: 'none',
  'enforcement-anomaly': 'unknown',
  'agent-defect': 'unknown',
  'policies-changed': 'unknown',
  unattributed: 'unknown',
};

const UNREADABLE_WORD: { readonly [R in UnreadableReason]: string } = {
  'too-long': 'too long',
  binary: 'binary',
  'damaged-event': 'damaged event',
  'malformed-json': 'malformed JSON',
  'unknown-layout': 'unknown layout',
  'missing-field': 'field missing',
  'duplicate-field': 'field twice',
  'bad-address': 'no address',
  'bad-port': 'no port',
  'bad-word': 'no word',
  'no-time': 'no time',
  'not-an-envelope': 'no subscription document',
};

/** `5432/TCP`, `ICMP`, `37 ports/TCP`. */
export const portText = ({ destinationPort, portCount, protocol }: DeniedPair): string => {
  const word = inert(protocol);
  if (destinationPort === undefined) return `${plural(portCount, 'port')}/${word}`;
  return destinationPort === 0 ? word : `${destinationPort}/${word}`;
};

/** `412` or, where a scan pushed lines out, `412 to 500`. */
export const countText = ({ count, uncounted }: Pick<DeniedPair, 'count' | 'uncounted'>): string =>
  uncounted === 0 ? String(count) : `${count} to ${count + uncounted}`;

/** `shop/web (Deployment) → payments/orders (Deployment)`. */
export const pairNames = ({ source, destination }: DeniedPair): string =>
  `${inert(source.label)} → ${inert(destination.label)}`;

export const opensText = ({ alsoOpens, alsoOpensExamples }: SuggestedChange): string => {
  if (alsoOpens === 0) return 'opens nothing else';
  const more = alsoOpens > alsoOpensExamples.length ? ', …' : '';
  const examples = alsoOpensExamples.length === 0 ? '' : `: ${alsoOpensExamples.map(inert).join(', ')}${more}`;
  return `also opens ${plural(alsoOpens, 'other connection')}${examples}`;
};

/** `1204 lines: 1100 flows (37 denied), 90 no verdicts, 14 unreadable (12 no address, 2 binary)`. */
export const countsText = ({ counts }: DeniedTraffic): string => {
  const reasons = Object.entries(UNREADABLE_WORD).flatMap(([reason, word]) => {
    // The keys of UNREADABLE_WORD are the reasons, every one and no other.
    const count = counts.unreadableBy[reason as UnreadableReason] ?? 0;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const why = reasons.length === 0 ? '' : ` (${reasons.join(', ')})`;
  return (
    `${plural(counts.lines, 'line')}: ${plural(counts.flows, 'flow')} (${counts.denied} denied), ` +
    `${counts.notVerdict} no verdicts, ${counts.unreadable} unreadable${why}`
  );
};
