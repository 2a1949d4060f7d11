import type { LabelSelector, NetworkPolicy, Pod, PolicyPeer, PolicyPort } from '../../model/facts-kubernetes.ts';
import { enclosingCidr } from '../../policy/address.ts';
import { workloadSelectors } from '../../policy/identity-labels.ts';
import { isFinished } from '../../policy/pod-facts.ts';
import type { Cluster } from './cluster.ts';
import type { Entry } from './entry.ts';
import { compareText } from './text.ts';

/** A NetworkPolicy that is in force nowhere. */
export const draftPolicy = (
  parts: Pick<NetworkPolicy, 'namespace' | 'name' | 'podSelector'>,
  rule: { readonly peers: readonly PolicyPeer[]; readonly ports: readonly PolicyPort[] },
): NetworkPolicy => ({
  ...parts,
  uid: '',
  createdAt: '',
  generation: 0,
  policyTypes: ['Egress'],
  ingress: [],
  egress: [rule],
});

const podOf = (end: Entry['from'], cluster: Cluster): Pod | undefined => {
  const [owner] = end.owners;
  if (owner?.kind !== 'pod') return undefined;
  return cluster.pod(owner.namespace, owner.name) ?? cluster.sibling(owner.workload);
};

const serviceKeys = (end: Entry['to'], cluster: Cluster): readonly string[] => {
  const [owner] = end.owners;
  if (owner?.kind !== 'service' || cluster.services === 'unread') return [];
  const service = cluster.services.get(`${owner.namespace}/${owner.name}`);
  const [backend] = owner.backends.flatMap(({ namespace, name }) => cluster.pod(namespace, name) ?? []);
  return [...Object.keys(service?.selector ?? {}), ...(backend === undefined ? [] : podKeys(backend, cluster))];
};

const podKeys = (pod: Pod, cluster: Cluster): readonly string[] =>
  Object.keys(workloadSelectors(pod, cluster.podsOf(pod.namespace)).exact.matchLabels);

/** The ranges that a policy for an address may have: itself and its neighbourhood, as the policy engine makes them. */
const rangesOf = (address: string): readonly string[] =>
  (address.includes(':') ? [128, 64] : [32, 24]).map((prefix) => enclosingCidr(address, prefix));

const isPod = (end: Entry['from']): boolean => end.owners.some(({ kind }) => kind === 'pod');

/**
 * A policy that says every word which suggestions for these flows can need. An index that knows them serves all
 * suggestions; else each would build an index of its own.
 */
export const vocabularyPolicy = (entries: readonly Entry[], cluster: Cluster): NetworkPolicy => {
  const keys = new Set<string>();
  const ranges = new Set<string>();
  const seen = new Set<string>();
  for (const entry of entries) {
    for (const end of [entry.from, entry.to]) {
      const pod = podOf(end, cluster);
      const what =
        pod === undefined ? end.address : `${pod.namespace}/${pod.owner?.kind ?? ''}/${pod.owner?.name ?? pod.name}`;
      if (seen.has(what)) continue;
      seen.add(what);
      for (const key of pod === undefined ? serviceKeys(end, cluster) : podKeys(pod, cluster)) keys.add(key);
      if (!isPod(end) && end.owners.length > 0) for (const range of rangesOf(end.address)) ranges.add(range);
    }
  }
  const podSelector: LabelSelector = {
    matchLabels: {},
    matchExpressions: [...keys].toSorted(compareText).map((key) => ({ key, operator: 'Exists', values: [] })),
  };
  const peers = [...ranges].toSorted(compareText).map((cidr): PolicyPeer => ({ kind: 'ip-block', cidr, except: [] }));
  return draftPolicy({ namespace: '', name: '', podSelector }, { peers, ports: [] });
};

/** Finished pods that had traffic while they ran. */
export const finishedEnds = (entries: readonly Entry[], cluster: Cluster): ReadonlySet<string> =>
  new Set(
    entries.flatMap(({ from, to }) =>
      [from, to].flatMap((end) => {
        const pod = podOf(end, cluster);
        return pod !== undefined && isFinished(pod) ? [`${pod.namespace}/${pod.name}`] : [];
      }),
    ),
  );
