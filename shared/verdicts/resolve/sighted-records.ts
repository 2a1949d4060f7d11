import type { AddressRole } from '../../model/denied-traffic.ts';
import type { Pod } from '../../model/facts-kubernetes.ts';
import { readAddress } from './address-key.ts';
import type { AddressRecord, RecordedOwner, Sighting } from './history.ts';
import { workloadOf } from './workload.ts';

/** 0, which is no time of any object, where it cannot be read. */
const timeOf = (text = ''): number => Date.parse(text) || 0;

type Add = (id: string, address: string, owner: RecordedOwner, createdAt?: string) => void;

/** CoreDNS keeps the label of its predecessor: https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/ */
const isClusterDns = ({ namespace, labels }: Pod): boolean =>
  namespace === 'kube-system' && Object.hasOwn(labels, 'k8s-app') && labels['k8s-app'] === 'kube-dns';

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ and …/reference/access-authn-authz/ */
const serviceRole = (namespace: string, name: string): AddressRole | undefined => {
  if (namespace === 'kube-system' && name === 'kube-dns') return 'cluster-dns';
  return namespace === 'default' && name === 'kubernetes' ? 'api-server' : undefined;
};

const podRecords = (pod: Pod, dnsPods: ReadonlySet<string>, add: Add): void => {
  const { namespace, name, uid, nodeName, hostIP, hostNetwork } = pod;
  if (nodeName !== undefined && hostIP !== undefined) add(nodeName, hostIP, { kind: 'host', name: nodeName });
  if (hostNetwork) {
    if (nodeName === undefined) return;
    for (const ip of pod.podIPs) add(uid, ip, { kind: 'host-pod', namespace, name, node: nodeName }, pod.createdAt);
    return;
  }
  const isDns = isClusterDns(pod) || dnsPods.has(`${namespace}/${name}`);
  const owner: RecordedOwner = {
    kind: 'pod',
    namespace,
    name,
    workload: workloadOf(pod),
    ...(nodeName !== undefined && { node: nodeName }),
    ...(isDns && { role: 'cluster-dns' }),
  };
  for (const ip of pod.podIPs) add(uid, ip, owner, pod.createdAt);
};

/** Finished pods keep their address in their status, and it may be another pod's by now. */
const isFinished = ({ phase }: Pod): boolean => phase === 'Succeeded' || phase === 'Failed';

const dnsPodsOf = ({ endpointSlices = [] }: Sighting): ReadonlySet<string> =>
  new Set(
    endpointSlices
      .filter(({ namespace, service }) => namespace === 'kube-system' && service === 'kube-dns')
      .flatMap(({ endpoints }) => endpoints.flatMap(({ pod }) => (pod ? [`${pod.namespace}/${pod.name}`] : []))),
  );

/** One record for each address of each object; several for one key where several objects tell of it. */
export const recordsOf = (sighting: Sighting): readonly AddressRecord[] => {
  const { observedAt, pods = [], nodes = [], services = [], endpointSlices = [], policyEndpoints = [] } = sighting;
  const records: AddressRecord[] = [];
  const present: Add = (id, ip, owner, createdAt) => {
    const address = readAddress(ip)?.text;
    if (address === undefined) return;
    records.push({ id, address, owner, notBefore: timeOf(createdAt), firstSeen: observedAt, lastSeen: observedAt });
  };
  const finished: Add = (id, ip, owner, createdAt) => {
    const address = readAddress(ip)?.text;
    // A finished pod says nothing about when its node went.
    if (address === undefined || owner.kind === 'host') return;
    records.push({ id, address, owner, notBefore: timeOf(createdAt), endedBy: observedAt });
  };
  // Every pod tells of its node; each distinct telling is recorded once.
  const hosts = new Map<string, string>();
  const running: Add = (id, ip, owner, createdAt) => {
    if (owner.kind === 'host') {
      if (hosts.get(id) === ip) return;
      hosts.set(id, ip);
    }
    present(id, ip, owner, createdAt);
  };
  const dnsPods = dnsPodsOf(sighting);
  for (const pod of pods) podRecords(pod, dnsPods, isFinished(pod) ? finished : running);
  for (const node of nodes) {
    for (const ip of node.internalIPs) present(node.uid, ip, { kind: 'node', name: node.name }, node.createdAt);
  }
  for (const { namespace, name, clusterIPs } of services) {
    const role = serviceRole(namespace, name);
    for (const ip of clusterIPs) {
      present(`${namespace}/${name}`, ip, { kind: 'service', namespace, name, ...(role && { role }) });
    }
  }
  for (const { namespace, service, endpoints } of endpointSlices) {
    if (service === undefined) continue;
    for (const { pod, addresses } of endpoints) {
      if (pod !== undefined) continue;
      for (const ip of addresses) present(`${namespace}/${service}`, ip, { kind: 'endpoint', namespace, service });
    }
  }
  for (const { pods: policed } of policyEndpoints) {
    for (const { namespace, name, podIP } of policed) {
      present(`${namespace}/${name}`, podIP, { kind: 'policed-pod', namespace, name });
    }
  }
  return records;
};
