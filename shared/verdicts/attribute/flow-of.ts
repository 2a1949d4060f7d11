import type { ResolvedAddress } from '../../model/denied-traffic.ts';
import type { Pod } from '../../model/facts-kubernetes.ts';
import type { Service } from '../../model/facts-kubernetes-network.ts';
import { matchesLabels } from '../../model/label-selector.ts';
import type { Endpoint, Flow, ServiceHop } from '../../policy/flow.ts';
import { isFinished } from '../../policy/pod-facts.ts';
import type { Cluster } from './cluster.ts';
import type { Entry } from './entry.ts';
import { compareText, label } from './text.ts';

/** A flow that the policy engine can judge, or why there is none. */
export type Judgeable =
  | { readonly kind: 'flow'; readonly flow: Flow; readonly from?: Pod; readonly to?: Pod; readonly service?: Service }
  | { readonly kind: 'unknown-end'; readonly why: string };

interface End {
  readonly endpoint: Endpoint;
  readonly pod?: Pod;
}

const unknownEnd = (why: string): Extract<Judgeable, { kind: 'unknown-end' }> => ({ kind: 'unknown-end', why });

const podEnd = (pod: Pod): End => ({ endpoint: { kind: 'pod', namespace: pod.namespace, name: pod.name }, pod });

/** The first pod by name; of a pod that is gone, another of its workload stands in. */
const livingPod = (resolved: ResolvedAddress, cluster: Cluster): Pod | undefined => {
  const owners = resolved.owners
    .flatMap((owner) => (owner.kind === 'pod' ? [owner] : []))
    .toSorted((a, b) => compareText(a.name, b.name));
  const [listed] = owners.flatMap(({ namespace, name }) => cluster.pod(namespace, name) ?? []);
  const [stand] = owners.flatMap(({ workload }) => cluster.sibling(workload) ?? []);
  return listed ?? stand;
};

/** A pod, a node, or an address that no policy knows by name. */
const endOf = (resolved: ResolvedAddress, party: Entry['source'], cluster: Cluster): End | string => {
  const { address } = resolved;
  const [owner] = resolved.owners;
  if (party.certainty === 'ambiguous') return `${address} may have been ${party.label}`;
  if (owner === undefined) return `nobody known had ${address}`;
  if (owner.kind === 'vpc') return `${address} is in the VPC and nobody known had it`;
  if (owner.kind === 'pod') {
    const pod = livingPod(resolved, cluster);
    return pod === undefined ? `no pod of ${party.label} is in the snapshot` : podEnd(pod);
  }
  if (owner.kind === 'node') {
    const isListed = cluster.index().nodes.has(owner.name);
    return { endpoint: isListed ? { kind: 'node', name: owner.name } : { kind: 'external', ip: address } };
  }
  return { endpoint: { kind: 'external', ip: address } };
};

const backendOf = (service: Service, named: readonly { namespace: string; name: string }[], cluster: Cluster) => {
  const listed = named
    .toSorted((a, b) => compareText(a.name, b.name))
    .flatMap(({ namespace, name }) => cluster.pod(namespace, name) ?? []);
  const selected = (): readonly Pod[] =>
    cluster
      .podsOf(service.namespace)
      .filter(({ labels }) => matchesLabels({ matchLabels: service.selector, matchExpressions: [] }, labels));
  return listed.find((pod) => !isFinished(pod)) ?? selected().find((pod) => !isFinished(pod));
};

interface Target extends End {
  readonly port: number;
  readonly hop?: ServiceHop;
  readonly service?: Service;
}

/**
 * What a ClusterIP stands for: a backend and its own port, by which policies go. A Service without selector has no pods
 * that a policy could name: there the ClusterIP is an address like any other.
 */
const targetOf = ({ aggregate, to }: Entry, port: number, cluster: Cluster): Target | string | undefined => {
  const [owner] = to.owners;
  if (owner?.kind !== 'service') return undefined;
  const name = label(`${owner.namespace}/${owner.name}`);
  if (cluster.services === 'unread') return `Services could not be read, so what is behind ${name} is not known`;
  const service = cluster.services.get(`${owner.namespace}/${owner.name}`);
  if (service === undefined) return `Service ${name} is not in the snapshot`;
  const mapped = service.ports.find((one) => one.port === port && one.protocol === aggregate.protocol);
  if (mapped === undefined || Object.keys(service.selector).length === 0) {
    return { endpoint: { kind: 'external', ip: to.address }, port, service };
  }
  const pod = backendOf(service, owner.backends, cluster);
  if (pod === undefined) return `no pod is behind Service ${name}`;
  const { targetPort, protocol } = mapped;
  const number =
    typeof targetPort === 'number'
      ? targetPort
      : pod.ports.find((declared) => declared.name === targetPort && declared.protocol === protocol)?.containerPort;
  if (number === undefined) return `no pod behind Service ${name} has its port ${label(String(targetPort))}`;
  const { selector, namespace } = service;
  const headless = service.clusterIPs[0] === 'None';
  return { ...podEnd(pod), port: number, service, hop: { namespace, name: service.name, selector, port, headless } };
};

/** The flow of an entry as the policy engine wants it: a backend in the place of a ClusterIP, one pod for its workload. */
export const flowOf = (entry: Entry, cluster: Cluster): Judgeable => {
  const { aggregate, from, to, source, destination } = entry;
  const origin = endOf(from, source, cluster);
  if (typeof origin === 'string') return unknownEnd(origin);
  const asService = targetOf(entry, aggregate.destinationPort, cluster);
  if (typeof asService === 'string') return unknownEnd(asService);
  const direct = asService ?? endOf(to, destination, cluster);
  if (typeof direct === 'string') return unknownEnd(direct);
  return {
    kind: 'flow',
    flow: {
      from: origin.endpoint,
      to: direct.endpoint,
      port: asService?.port ?? aggregate.destinationPort,
      protocol: aggregate.protocol,
      ...(asService?.hop !== undefined && { service: asService.hop }),
    },
    ...(origin.pod !== undefined && { from: origin.pod }),
    ...(direct.pod !== undefined && { to: direct.pod }),
    ...(asService?.service !== undefined && { service: asService.service }),
  };
};

/** The connection that a reply would belong to, by turning the flow round. */
export const requestOf = (entry: Entry, cluster: Cluster): Judgeable => {
  const { aggregate, from, to, source, destination } = entry;
  if (aggregate.sourcePort === undefined) return unknownEnd('the port of the service is not known');
  return flowOf(
    {
      ...entry,
      aggregate: { ...aggregate, destinationPort: aggregate.sourcePort },
      from: to,
      to: from,
      source: destination,
      destination: source,
    },
    cluster,
  );
};
