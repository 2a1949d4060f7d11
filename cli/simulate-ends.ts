import { isIP } from 'node:net';
import type { Pod } from '../shared/model/facts-kubernetes.ts';
import type { Service } from '../shared/model/facts-kubernetes-network.ts';
import { nearNames } from '../shared/evaluate/near-names.ts';
import type { Endpoint } from '../shared/policy/flow.ts';
import { workloadKey } from '../shared/policy/identity-labels.ts';
import type { PolicyIndex } from '../shared/policy/policy-index.ts';
import { oneLine, UsageError } from './io.ts';
import type { PolicySource } from './policy-inputs.ts';

/** One end as asked for: the ends it stands for, or a Service whose backends it stands for. */
export type AskedEnd =
  | { readonly kind: 'ends'; readonly ends: readonly [Endpoint, ...Endpoint[]] }
  | { readonly kind: 'service'; readonly service: Service };

/** kubectl's short names too. */
const WORKLOAD_KINDS: { readonly [word: string]: string } = {
  deployment: 'Deployment',
  deploy: 'Deployment',
  statefulset: 'StatefulSet',
  sts: 'StatefulSet',
  daemonset: 'DaemonSet',
  ds: 'DaemonSet',
  replicaset: 'ReplicaSet',
  rs: 'ReplicaSet',
  job: 'Job',
  cronjob: 'CronJob',
  cj: 'CronJob',
};

const FORMS = 'namespace/pod, namespace/deployment/name, svc:namespace/name, node:name or an IP address';

const quoted = (text: string): string => JSON.stringify(oneLine(text, 80));

const podEnd = ({ pod: { namespace, name } }: PolicyIndex['pods'][number]): Endpoint => ({
  kind: 'pod',
  namespace,
  name,
});

const atLeastOne = (ends: readonly Endpoint[], otherwise: () => UsageError): AskedEnd => {
  const [first, ...others] = ends;
  if (first === undefined) throw otherwise();
  return { kind: 'ends', ends: [first, ...others] };
};

/** The hash that a Deployment puts behind its name; without the pod's label it can only be recognised. */
const HASH = /-[a-z0-9]{5,10}$/;

/** A pod of a Deployment or CronJob belongs to a ReplicaSet or Job that is named after it. */
const isOf = ({ owner }: Pod, kind: string, name: string): boolean => {
  if (kind === 'Deployment') return owner?.kind === 'ReplicaSet' && owner.name.replace(HASH, '') === name;
  return kind === 'CronJob' && owner?.kind === 'Job' && owner.name.startsWith(`${name}-`);
};

const ofWorkload = (index: PolicyIndex, namespace: string, kind: string, name: string): readonly Endpoint[] =>
  index.pods
    .filter(
      ({ pod }) =>
        pod.namespace === namespace && (workloadKey(pod) === `${namespace}/${kind}/${name}` || isOf(pod, kind, name)),
    )
    .map(podEnd);

const serviceNamed = ({ services }: PolicySource, namespace: string, name: string): Service | undefined =>
  services.find((service) => service.namespace === namespace && service.name === name);

const noSuch = (flag: string, text: string, what: string, names: readonly string[]): UsageError => {
  const near = nearNames(text, names).map((name) => oneLine(name, 120));
  return new UsageError(
    `${flag} ${oneLine(text, 120)}: no such ${what}${near.length === 0 ? '' : `; nearest: ${near.join(', ')}`}`,
  );
};

const podOrService = (source: PolicySource, flag: string, text: string): AskedEnd => {
  const [namespace = '', name = ''] = text.split('/');
  const found = source.index.podAt({ namespace, name });
  if (typeof found === 'object') return { kind: 'ends', ends: [podEnd(found)] };
  if (found === 'finished') {
    throw new UsageError(`${flag} ${oneLine(text, 120)}: the pod has finished and has no traffic`);
  }
  const service = serviceNamed(source, namespace, name);
  if (service !== undefined) return { kind: 'service', service };
  const names = source.index.pods.map(({ pod }) => `${pod.namespace}/${pod.name}`);
  throw noSuch(flag, text, 'pod or Service', names);
};

const workloadOrService = (source: PolicySource, flag: string, text: string): AskedEnd => {
  const [namespace = '', word = '', name = ''] = text.split('/');
  const lower = word.toLowerCase();
  if (lower === 'service' || lower === 'svc') return namedService(source, flag, `${namespace}/${name}`);
  if (lower === 'pod') return podOrService(source, flag, `${namespace}/${name}`);
  const kind = Object.hasOwn(WORKLOAD_KINDS, lower) ? WORKLOAD_KINDS[lower] : undefined;
  if (kind === undefined) throw new UsageError(`${flag}: expected ${FORMS}, found ${quoted(text)}`);
  return atLeastOne(ofWorkload(source.index, namespace, kind, name), () =>
    noSuch(flag, text, `${kind} with a live pod`, [...new Set(source.index.pods.map(({ pod }) => workloadKey(pod)))]),
  );
};

const namedService = (source: PolicySource, flag: string, text: string): AskedEnd => {
  const [namespace = '', name = ''] = text.split('/');
  const service = serviceNamed(source, namespace, name);
  if (service !== undefined) return { kind: 'service', service };
  throw noSuch(
    flag,
    text,
    'Service',
    source.services.map((known) => `${known.namespace}/${known.name}`),
  );
};

const nodeEnd = ({ index }: PolicySource, flag: string, name: string): AskedEnd => {
  if (index.nodes.has(name)) return { kind: 'ends', ends: [{ kind: 'node', name }] };
  throw noSuch(flag, name, 'node', [...index.nodes.keys()]);
};

/** The Service whose own address it is, else whoever has it, else the world outside. */
const addressEnd = (source: PolicySource, ip: string): AskedEnd => {
  const service = source.services.find(({ clusterIPs }) => clusterIPs.includes(ip));
  if (service !== undefined) return { kind: 'service', service };
  return atLeastOne(source.index.endpointsAt(ip), () => new UsageError(`${ip}: expected an IP address`));
};

export interface AskedText {
  readonly end: string;
  readonly port?: string;
}

const BRACKETED = /^\[(?<end>[^\]]*)\](?::(?<port>.+))?$/;
const PREFIXED = /^(?<prefix>svc:|service:|node:|pod:)?(?<rest>.*)$/s;

/** Takes a port off the end: `shop/web:http`, `10.0.0.1:443`, `[2001:db8::1]:443`. */
export const splitPort = (text: string): AskedText => {
  const bracketed = BRACKETED.exec(text)?.groups;
  if (bracketed !== undefined) {
    const { end = '', port } = bracketed;
    return { end, ...(port === undefined ? {} : { port }) };
  }
  if (isIP(text) !== 0) return { end: text };
  const { prefix = '', rest = '' } = PREFIXED.exec(text)?.groups ?? {};
  const colon = rest.indexOf(':');
  return colon === -1 ? { end: text } : { end: `${prefix}${rest.slice(0, colon)}`, port: rest.slice(colon + 1) };
};

/**
 * The ends that a text of the caller's stands for.
 * @throws UsageError where it is of no known form, or nothing in the cluster is called so
 */
export const resolveEnd = (source: PolicySource, flag: string, text: string): AskedEnd => {
  if (isIP(text) !== 0) return addressEnd(source, text);
  const { prefix = '', rest = '' } = PREFIXED.exec(text)?.groups ?? {};
  const parts = rest.split('/');
  if (prefix === 'node:' && rest !== '') return nodeEnd(source, flag, rest);
  if (!parts.includes('') && parts.length === 2) {
    return prefix === 'svc:' || prefix === 'service:'
      ? namedService(source, flag, rest)
      : podOrService(source, flag, rest);
  }
  if (!parts.includes('') && parts.length === 3 && prefix === '') return workloadOrService(source, flag, rest);
  throw new UsageError(`${flag}: expected ${FORMS}, found ${quoted(text)}`);
};
