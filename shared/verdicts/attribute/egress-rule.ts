import type { NetworkPolicy, Pod, PolicyPeer, PolicyPort } from '../../model/facts-kubernetes.ts';
import { matchesLabels } from '../../model/label-selector.ts';
import { enclosingCidr } from '../../policy/address.ts';
import { blastRadius } from '../../policy/blast-radius.ts';
import { NAMESPACE_NAME_LABEL } from '../../policy/build-policy-index.ts';
import { decide } from '../../policy/decide.ts';
import { explain } from '../../policy/explain.ts';
import { prepareGround } from '../../policy/ground.ts';
import { namespaceSelector, workloadKey, workloadSelectors } from '../../policy/identity-labels.ts';
import { networkPolicyManifest, toYaml } from '../../policy/manifest.ts';
import { creation } from '../../policy/policy-change.ts';
import type { PolicyChange } from '../../policy/policy-change.ts';
import type { PolicyIndex } from '../../policy/policy-index.ts';
import { indexKnowing, withPolicies } from '../../policy/with-policies.ts';
import { LISTED } from './change-text.ts';
import type { WorkedOut } from './change-text.ts';
import type { Cluster } from './cluster.ts';
import type { Judged } from './judge.ts';
import { draftPolicy } from './planned.ts';

/** Pairs of groups looked at for the blast radius; past them the labels do not set the workloads apart. */
const MAX_PAIRS = 1_000_000;
const MAX_NAME = 63;

const word = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');

const freeName = (wanted: string, namespace: string, index: PolicyIndex): string => {
  const stem = wanted.slice(0, MAX_NAME - 4).replace(/-+$/, '');
  const taken = new Set(
    index.inputs.networkPolicies.filter((one) => one.namespace === namespace).map(({ name }) => name),
  );
  let name = stem;
  for (let count = 2; taken.has(name); count += 1) name = `${stem}-${count}`;
  return name;
};

/** The pods that a ClusterIP stands for, by the Service's own selector: only then does the VPC CNI admit the ClusterIP too. */
const peerOf = ({ flow, to, service, index }: Judged, from: Pod, cluster: Cluster): PolicyPeer | undefined => {
  if (to === undefined) {
    if (flow.to.kind !== 'external') return undefined;
    const { ip } = flow.to;
    return { kind: 'ip-block', cidr: enclosingCidr(ip, ip.includes(':') ? 128 : 32), except: [] };
  }
  const podSelector =
    service === undefined
      ? workloadSelectors(to, cluster.podsOf(to.namespace)).workload
      : { matchLabels: service.selector, matchExpressions: [] };
  if (to.namespace === from.namespace) return { kind: 'selectors', podSelector };
  const names = [...new Set(index.inputs.namespaces.map(({ name }) => name))];
  return {
    kind: 'selectors',
    namespaceSelector: namespaceSelector(to.namespace, index.namespaceLabels, names, NAMESPACE_NAME_LABEL),
    podSelector,
  };
};

/** An egress policy for the workload that wants out. `what` ends its name. */
export const egressPolicy = (
  judged: Judged,
  cluster: Cluster,
  what: string,
  ports: readonly PolicyPort[],
): NetworkPolicy | undefined => {
  const { from } = judged;
  const peer = from === undefined ? undefined : peerOf(judged, from, cluster);
  if (from === undefined || peer === undefined) return undefined;
  const own = workloadKey(from).split('/').at(-1) ?? '';
  const { namespace } = from;
  const draft = draftPolicy(
    {
      namespace,
      name: freeName(word(`allow-${own}-to-${what}`), namespace, judged.index),
      podSelector: workloadSelectors(from, cluster.podsOf(namespace)).workload,
    },
    { peers: [peer], ports },
  );
  // A pod's first policy in strict mode would leave its other direction open to everybody.
  const isFirst = judged.decision.egress.because.kind === 'strict-default';
  return isFirst ? { ...draft, policyTypes: ['Ingress', 'Egress'] } : draft;
};

/**
 * Puts an egress policy in force on the snapshot, and whatever the other side then still needs. Nothing where the flow
 * is not allowed afterwards, or where something else closes.
 */
export const workOut = ({ index, flow }: Judged, policy: NetworkPolicy): WorkedOut | undefined => {
  const before = indexKnowing(index, [policy]);
  const after = withPolicies(before, [policy]);
  const decision = decide(after, flow);
  if (decision.egress.verdict !== 'allowed') return undefined;
  if (decision.caveats.some(({ kind }) => kind === 'service-selector-differs')) return undefined;
  const ground = prepareGround(before, flow);
  const radius = blastRadius({ ground, after, changed: [policy], limit: LISTED, budget: MAX_PAIRS });
  if (radius === undefined || radius.closes.count > 0) return undefined;
  const changes: PolicyChange[] = [creation('egress', policy).change];
  if (decision.allowed === 'allowed') {
    return { scope: 'smallest', changes, yaml: toYaml([networkPolicyManifest(policy)]), opens: [radius.opens] };
  }
  const [rest] = explain(after, flow, { listed: LISTED }).suggestions;
  if (rest === undefined || rest.closes.count > 0) return undefined;
  changes.push(...rest.changes);
  const manifests = changes.flatMap((change) => (change.kind === 'create' ? [change.manifest] : []));
  return { scope: 'smallest', changes, yaml: toYaml(manifests), opens: [radius.opens, rest.opens] };
};

/** Whether a change of egress rules lets the VPC CNI admit the Service's ClusterIP: its selector is held against the Service's. */
export const admitsClusterIp = (changes: readonly PolicyChange[], { flow, index }: Judged): boolean => {
  const { service } = flow;
  if (service === undefined || service.headless) return true;
  const admits = (labels: { readonly [key: string]: string }): boolean =>
    matchesLabels({ matchLabels: labels, matchExpressions: [] }, service.selector);
  return changes
    .filter(({ direction }) => direction === 'egress')
    .every((change) => {
      if (change.kind === 'create') {
        const peers = (change.manifest.spec.egress ?? []).flatMap(({ to = [] }) => to);
        return peers.some(
          ({ ipBlock, podSelector }) => ipBlock === undefined && admits(podSelector?.matchLabels ?? {}),
        );
      }
      const { policy, ruleIndex } = change;
      const patched = index.inputs.networkPolicies.find(
        (one) => one.namespace === policy.namespace && one.name === policy.name,
      );
      const added = change.patch.flatMap((step) =>
        step.op === 'add' && !('protocol' in step.value) ? [step.value] : [],
      );
      const peers = patched?.egress[ruleIndex]?.peers ?? [];
      return (
        added.some(({ podSelector }) => admits(podSelector?.matchLabels ?? {})) ||
        peers.some(
          (peer) =>
            peer.kind === 'selectors' &&
            (peer.podSelector === undefined || matchesLabels(peer.podSelector, service.selector)),
        )
      );
    });
};
