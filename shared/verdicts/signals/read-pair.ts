import type { AddressOwner, DeniedPair, DeniedParty, DenialClass, WorkloadRef } from '../../model/denied-traffic.ts';
import { singleLine } from '../../model/single-line.ts';
import { COUNTS, WRONG } from './observations.ts';
import type { Observation } from './observations.ts';
import { union } from './state.ts';
import type { Connection, Destined, PairMemory, Subject, Words } from './state.ts';

const NAME_LIMIT = 200;
const WORD_LIMIT = 120;
const POLICIES = 5;
const POLICIES_NAMED = 3;

const line = (text: string): string => singleLine(text, NAME_LIMIT);

export const workloadSubject = ({ kind, namespace, name }: WorkloadRef): Subject => ({
  type: 'workload',
  id: `${kind}/${namespace}/${name}`,
  name: line(`${namespace}/${name} (${kind})`),
});

const DNS_PORT = 53;

const answersDns = (owner: AddressOwner): boolean => {
  switch (owner.kind) {
    case 'pod':
    case 'service':
      return owner.role === 'cluster-dns';
    case 'well-known':
      return owner.service === 'node-local-dns' || owner.service === 'vpc-resolver';
    default:
      return false;
  }
};

/**
 * The node of the pod itself, which Kubernetes never lets a policy keep from its pods
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/). Attribution names it `node:own`.
 */
const isOwnNode = ({ source, destination }: DeniedPair): boolean =>
  source.owner?.kind === 'node' &&
  (source.id === 'node:own' || (destination.owner?.kind === 'pod' && destination.owner.node === source.owner.name));

const destinedOf = (pair: DeniedPair): Destined => {
  const { source, destination, destinationPort } = pair;
  if (destination.workload !== undefined && isOwnNode(pair)) return 'health-probe';
  const { owner } = destination;
  if (owner === undefined || source.workload === undefined) return 'pair';
  if (destinationPort === DNS_PORT && answersDns(owner)) return 'dns';
  if (owner.kind !== 'well-known') return 'pair';
  if (owner.service === 'imds') return 'imds';
  return owner.service === 'pod-identity-agent' ? 'credentials' : 'pair';
};

const portOf = ({ destinationPort, protocol }: DeniedPair): string => {
  const word = singleLine(protocol, WORD_LIMIT);
  if (destinationPort === undefined) return `many ports (${word})`;
  return destinationPort === 0 ? word : `${destinationPort}/${word}`;
};

/** A place that somebody can be asked about; the rest is noise or guesswork. */
const isKnown = ({ certainty, owner }: DeniedParty): boolean =>
  certainty !== 'ambiguous' && owner !== undefined && owner.kind !== 'vpc' && owner.kind !== 'special';

const WRONG_BECAUSE: { readonly [C in DenialClass]?: string } = {
  'enforcement-anomaly': 'although its policies allow it and nothing known explains the denial',
  'agent-defect': 'because the network policy agent failed',
  'vpc-cni-deviation': 'although Kubernetes allows it: the VPC CNI acts otherwise',
};

/** `nothing known explains it` is said only where nothing does. */
const becauseOf = (pair: DeniedPair): string | undefined =>
  pair.class === 'enforcement-anomaly' && pair.explanation.suspicions.length > 0
    ? 'although its policies allow it; the explanation names what may be behind it'
    : WRONG_BECAUSE[pair.class];

const marksOf = (pair: DeniedPair, destined: Destined): number => {
  const starting = pair.explanation.suspicions.some(({ kind }) => kind === 'start-up-window');
  if (pair.class === 'reply' || starting) return 0;
  if (destined === 'pair' && !(isKnown(pair.source) && isKnown(pair.destination))) return 0;
  return WRONG_BECAUSE[pair.class] === undefined || destined === 'health-probe' ? COUNTS : COUNTS | WRONG;
};

const isolation = ({ explanation }: DeniedPair): string => {
  const policies = [...new Set(explanation.isolatedBy.flatMap((each) => each.policies))];
  const named = union(policies, [], POLICIES_NAMED).map(line).join(', ');
  return named === '' ? '' : `, isolated by ${named}${policies.length > POLICIES_NAMED ? ' and others' : ''}`;
};

/** For ASFF and OCSF, which have fields for both ends of a connection. */
const connectionOf = ({ source, destination, destinationPort, protocol, direction }: DeniedPair): Connection => {
  const [from] = source.addresses;
  const [to] = destination.addresses;
  return {
    ...(from === undefined ? {} : { sourceAddress: line(from) }),
    ...(to === undefined ? {} : { destinationAddress: line(to) }),
    ...(destinationPort === undefined ? {} : { port: destinationPort }),
    protocol: line(protocol),
    ...(direction === undefined ? {} : { direction }),
  };
};

const wordsOf = (pair: DeniedPair, destined: Destined): Words => {
  const source = line(pair.source.label);
  const destination = line(pair.destination.label);
  const port = portOf(pair);
  const flow = line(`${source} → ${destination} ${port}`);
  switch (destined) {
    case 'dns':
      return { flow, who: source, deed: 'denied DNS', detail: `${destination} ${port}` };
    case 'imds':
      return { flow, who: source, deed: 'denied the instance metadata service (IMDS)', detail: port };
    case 'credentials':
      return { flow, who: source, deed: 'denied the EKS Pod Identity agent', detail: port };
    case 'health-probe':
      return { flow, who: destination, deed: 'kept from its own node, which sends the probes', detail: port };
    case 'pair':
      return {
        flow,
        who: source,
        deed: `denied to ${destination} on ${port}${isolation(pair)}`,
        detail: '',
        connection: connectionOf(pair),
      };
    default:
      return destined satisfies never;
  }
};

const subjectOf = (pair: DeniedPair, destined: Destined, words: Words): Subject => {
  const workload = destined === 'health-probe' ? pair.destination.workload : pair.source.workload;
  return destined === 'pair' || workload === undefined ? flowSubject(pair.key, words) : workloadSubject(workload);
};

export const flowSubject = (key: string, { flow }: Pick<Words, 'flow'>): Subject => ({
  type: 'flow',
  id: key,
  name: flow,
});

/** What a pair is for the signals, apart from its past. */
export type PairReading = Pick<
  PairMemory,
  'key' | 'destined' | 'subject' | 'source' | 'words' | 'wrong' | 'isolatedBy' | 'namespaces'
> & { readonly observation: Observation };

/** Undefined where its times are no times. Times beyond `now` are taken for `now`. */
export const readPair = (pair: DeniedPair, now: number): PairReading | undefined => {
  const times = [Date.parse(pair.firstSeenAt), Date.parse(pair.lastSeenAt)];
  const from = Math.min(now, ...times);
  const to = Math.min(now, Math.max(...times));
  if (!Number.isFinite(from) || !Number.isFinite(to)) return undefined;
  const destined = destinedOf(pair);
  const words = wordsOf(pair, destined);
  const marks = marksOf(pair, destined);
  const because = (marks & WRONG) === 0 ? undefined : becauseOf(pair);
  const ends = [pair.source.workload, pair.destination.workload].flatMap((each) => each?.namespace ?? []);
  return {
    key: pair.key,
    destined,
    subject: subjectOf(pair, destined, words),
    source: pair.source.id,
    words,
    ...(because === undefined ? {} : { wrong: { text: because, at: to } }),
    isolatedBy: union(
      pair.explanation.isolatedBy.flatMap(({ policies }) => policies),
      [],
      POLICIES,
    ),
    namespaces: union(ends, [], 2),
    observation: [from, to, Math.max(1, pair.count), marks],
  };
};
