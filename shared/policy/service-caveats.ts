import { matchesLabels } from '../model/label-selector.ts';
import type { CompiledRule } from './compiled.ts';
import type { CaveatKind, Side } from './decision.ts';
import type { ServiceHop } from './flow.ts';
import { matchRule } from './match.ts';
import type { Destination } from './match.ts';
import type { Group } from './policy-index.ts';

/** Whether the controller adds the Service's ClusterIP because of this rule: it holds the Service's selector, not the pods' labels, against the peer. */
const admitsService = ({ peers }: CompiledRule, service: ServiceHop): boolean =>
  peers === 'everybody' ||
  peers.some(
    (peer) =>
      peer.kind === 'pods' &&
      peer.namespaces.has(service.namespace) &&
      matchesLabels(peer.podSelector, service.selector),
  );

/**
 * What the VPC CNI makes of egress through a Service. The source's egress is judged before the ClusterIP is translated, so
 * the ClusterIP itself must be admitted; a headless Service has none.
 * https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go
 */
export const serviceCaveats = (
  service: ServiceHop,
  from: Group,
  destination: Destination,
  egress: Side,
): readonly CaveatKind[] => {
  if (service.headless || from.kind !== 'pod' || egress.because.kind !== 'rule') return [];
  const found: CaveatKind[] = [];
  if (service.port !== destination.port) found.push('service-port-differs');
  const rules = from.isolating.egress
    .flatMap((policy) => policy.rules.egress)
    .filter((rule) => matchRule(rule, destination.target, destination) === 'yes');
  // A rule that admits by address may well cover the ClusterIP; only selectors are known to miss it.
  const bySelector = rules.every(({ peers }) => peers === 'everybody' || peers.every(({ kind }) => kind === 'pods'));
  const admitted = rules.some((rule) => admitsService(rule, service));
  if (bySelector && !admitted) found.push('service-selector-differs');
  return found;
};
