import type { AddressOwner, ResolvedAddress } from '../../model/denied-traffic.ts';
import type { FlowAggregate } from '../../model/flow.ts';
import type { FlowSummary } from '../aggregate/index.ts';
import type { Cluster } from './cluster.ts';
import type { ResolveAddress } from './context.ts';
import { ownNode, partyOf } from './party.ts';
import type { Party } from './party.ts';

/** Equal denied flows of one window, with the names of their ends. */
export interface Entry {
  readonly aggregate: FlowAggregate;
  readonly source: Party;
  readonly destination: Party;
  /** Which pod, node or Service it was at the time: more exact than the party. */
  readonly from: ResolvedAddress;
  readonly to: ResolvedAddress;
  readonly isReply: boolean;
}

const onlyOwner = ({ owners }: ResolvedAddress): AddressOwner | undefined =>
  owners.length === 1 ? owners[0] : undefined;

/** The node that a pod's end runs on. */
export const nodeOf = (end: ResolvedAddress, cluster: Cluster): string | undefined => {
  const owner = onlyOwner(end);
  if (owner?.kind !== 'pod') return undefined;
  return owner.node ?? cluster.pod(owner.namespace, owner.name)?.nodeName;
};

const isNodeOf = (end: ResolvedAddress, pod: ResolvedAddress, cluster: Cluster): boolean => {
  const owner = onlyOwner(end);
  return owner?.kind === 'node' && owner.name === nodeOf(pod, cluster);
};

/** Whether the end says that it listens there: its pod declares the port, or a Service in front of it has it. */
const declares = (end: ResolvedAddress, port: number, protocol: string, cluster: Cluster): boolean =>
  end.owners.some((owner) => {
    if (owner.kind === 'pod') {
      const ports = cluster.pod(owner.namespace, owner.name)?.ports ?? [];
      return ports.some((declared) => declared.containerPort === port && declared.protocol === protocol);
    }
    if (owner.kind !== 'service' || cluster.services === 'unread') return false;
    const ports = cluster.services.get(`${owner.namespace}/${owner.name}`)?.ports ?? [];
    return ports.some((declared) => declared.port === port && declared.protocol === protocol);
  });

/**
 * Whether the packet answers a connection rather than opens one. A ClusterIP never opens one. Otherwise the ports tell
 * (see `isLikelyReply` in `shared/verdicts/aggregate`), unless they are those of a client with a low port that calls a
 * service on a high one: then the destination declares its port and the source does not declare its own.
 */
const isReply = (aggregate: FlowAggregate, from: ResolvedAddress, to: ResolvedAddress, cluster: Cluster): boolean => {
  if (onlyOwner(from)?.kind === 'service') return true;
  const { reply, sourcePort = 0, destinationPort, protocol } = aggregate;
  if (reply !== 'likely') return false;
  return declares(from, sourcePort, protocol, cluster) || !declares(to, destinationPort, protocol, cluster);
};

/** Everything denied, resolved as of its own time. */
export const entriesOf = (summary: FlowSummary, resolve: ResolveAddress, cluster: Cluster): readonly Entry[] =>
  summary.flows.flatMap((aggregate): readonly Entry[] => {
    if (aggregate.verdict !== 'DENY') return [];
    const [node, ...others] = aggregate.nodes;
    const hint = node !== undefined && others.length === 0 ? { node } : undefined;
    const from = resolve(aggregate.source, aggregate.lastSeenAt, hint);
    const to = resolve(aggregate.destination, aggregate.lastSeenAt, hint);
    const source = partyOf(from);
    const destination = partyOf(to);
    return [
      {
        aggregate,
        source: isNodeOf(from, to, cluster) ? ownNode(source) : source,
        destination: isNodeOf(to, from, cluster) ? ownNode(destination) : destination,
        from,
        to,
        isReply: isReply(aggregate, from, to, cluster),
      },
    ];
  });
