import type { DenialClass } from '../../model/denied-traffic.ts';
import type { Group } from './group.ts';
import type { Party } from './party.ts';

/** Distinct addresses of one range below which a range is no pattern yet. */
const PATTERN = 3;

const byClass = (denial: DenialClass): string | undefined => {
  switch (denial) {
    case 'reply':
      return 'A reply needs no rule of its own: the connection that it belongs to is what must be allowed.';
    case 'agent-defect':
      return 'No policy denied this, so no policy can allow it: the agent has to be mended.';
    case 'enforcement-anomaly':
      return 'The policies allow this already.';
    case 'policies-changed':
      return 'The policies are not those of the time of these denials.';
    case 'unattributed':
      return 'What would have to be changed is not known.';
    case 'policy-denied':
    case 'cluster-policy-denied':
    case 'strict-default-deny':
    case 'vpc-cni-deviation':
      return undefined;
    default:
      return denial satisfies never;
  }
};

const byParty = ({ owner, certainty }: Party, addressCount: number): string | undefined => {
  if (certainty === 'former') return 'The pod was gone by then; what comes after it needs no rule.';
  switch (owner?.kind) {
    case 'well-known':
      return owner.service === 'imds' || owner.service === 'container-credentials'
        ? 'Pods should get credentials through EKS Pod Identity or IRSA, not from instance metadata: allow it by hand only where a workload truly needs it.'
        : undefined;
    case 'special':
      return `Traffic to ${owner.range} addresses is noise of the network, not of the workload.`;
    case 'aws-service':
      return 'Addresses of public AWS endpoints change; a VPC endpoint or an egress proxy is the right tool, not a NetworkPolicy.';
    case 'external':
      return addressCount < PATTERN
        ? 'A rule for one outside address is out of date when that address changes; an egress proxy or a wider range is a decision for people.'
        : undefined;
    case 'vpc':
    case undefined:
      return 'Nobody known had one of the addresses.';
    case 'pod':
    case 'node':
    case 'service':
    case 'api-server':
    case 'network-interface':
      return undefined;
    default:
      return owner satisfies never;
  }
};

/** Distinct parties that one source was denied to on one port. */
const SCAN = 15;

/** Keys of the pairs whose source tries one destination after the other. Parties, not addresses: replicas are no scan. */
export const scansIn = (groups: readonly Group[]): ReadonlySet<string> =>
  new Set(
    [
      ...Map.groupBy(
        groups.filter(({ isReply, pair }) => !isReply && pair.destinationPort !== undefined),
        ({ source, pair }) => JSON.stringify([source.id, pair.destinationPort, pair.protocol]),
      ).values(),
    ]
      .filter((same) => new Set(same.map(({ destination }) => destination.id)).size >= SCAN)
      .flatMap((same) => same.map(({ pair }) => pair.key)),
  );

/** Why nothing may be suggested for a pair, if so: a change that is wrong is worse than none. */
export const vetoOf = (
  { pair, source, destination }: Group,
  denial: DenialClass,
  scans: ReadonlySet<string>,
): string | undefined => {
  const isScan = pair.destinationPort === undefined || scans.has(pair.key);
  return (
    byClass(denial) ??
    byParty(source, pair.source.addressCount) ??
    byParty(destination, pair.destination.addressCount) ??
    (isScan
      ? 'The source tries many ports or many destinations: find out what it is before anything is allowed.'
      : undefined)
  );
};
