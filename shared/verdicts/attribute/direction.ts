import type { DeniedPair, ResolvedAddress } from '../../model/denied-traffic.ts';
import type { FlowDirection } from '../../model/flow.ts';
import type { PolicyIndex } from '../../policy/policy-index.ts';
import type { Cluster } from './cluster.ts';
import { nodeOf } from './entry.ts';
import type { Entry } from './entry.ts';
import type { Party } from './party.ts';

export type Directed = Pick<DeniedPair, 'direction' | 'directionFrom'>;

const inferred = (direction: FlowDirection | undefined): Directed =>
  direction === undefined ? {} : { direction, directionFrom: 'inferred' };

/** What policies never apply to: everything but pods, and ends that may be pods. */
const isNoPod = (end: ResolvedAddress, { certainty }: Party): boolean =>
  end.owners.length > 0 &&
  certainty !== 'ambiguous' &&
  !end.owners.some(({ kind }) => kind === 'pod' || kind === 'vpc');

const isIsolated = (end: ResolvedAddress, direction: FlowDirection, index: PolicyIndex): boolean =>
  end.owners.some((owner) => {
    if (owner.kind !== 'pod') return false;
    const found = index.podAt(owner);
    return typeof found === 'object' && found.group.kind === 'pod' && found.group.isolating[direction].length > 0;
  });

/** An agent reports the pods of its own node: the end that is there is the one that was denied. */
const byNode = ({ aggregate, from, to }: Entry, cluster: Cluster): FlowDirection | undefined => {
  const source = nodeOf(from, cluster);
  const destination = nodeOf(to, cluster);
  const isSource = source !== undefined && aggregate.nodes.includes(source);
  const isDestination = destination !== undefined && aggregate.nodes.includes(destination);
  if (isSource === isDestination) return undefined;
  return isSource ? 'egress' : 'ingress';
};

/**
 * Which end's agent denied the flow. CloudWatch lines do not say: then a ClusterIP as destination means egress, for it is
 * translated only afterwards; an end that is no pod leaves the other; else the reporting node decides, and on one node
 * the end that is isolated alone.
 * `index`: absent where policies could not be read.
 */
export const directionOf = (entry: Entry, cluster: Cluster, index: PolicyIndex | undefined): Directed => {
  const { aggregate, from, to, source, destination } = entry;
  if (aggregate.direction !== undefined) return { direction: aggregate.direction, directionFrom: 'log' };
  const outside = [isNoPod(from, source), isNoPod(to, destination)];
  if (outside[0] !== outside[1]) return inferred(outside[0] === true ? 'ingress' : 'egress');
  const node = byNode(entry, cluster);
  if (node !== undefined || index === undefined) return inferred(node);
  const isOut = isIsolated(from, 'egress', index);
  const isIn = isIsolated(to, 'ingress', index);
  return isOut === isIn ? {} : inferred(isOut ? 'egress' : 'ingress');
};
