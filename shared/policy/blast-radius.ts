import type { NetworkPolicy, Pod } from '../model/facts-kubernetes.ts';
import { matchesLabels } from '../model/label-selector.ts';
import { verdictBetween } from './decide.ts';
import type { Endpoint, Flow } from './flow.ts';
import { workloadKey } from './identity-labels.ts';
import type { Group, PolicyIndex } from './policy-index.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';

/** A connection between two ends of the snapshot. */
export type Reach = Pick<Flow, 'from' | 'to' | 'port' | 'protocol'>;

/** What a change does to the rest of the cluster. */
export interface ReachSet {
  /** Exact number of (from, to, port, protocol) whose verdict changed, the explained flow itself not counted. */
  readonly count: number;
  /** Those of them that are between the same two workloads on the same port: the other replicas. */
  readonly sameWorkloads: number;
  /** The first ones, at most as many as were asked for. */
  readonly listed: readonly Reach[];
}

export interface BlastRadius {
  readonly opens: ReachSet;
  readonly closes: ReachSet;
}

/** The ends of one snapshot that changes are measured on, prepared once for any number of them. */
export interface Ground {
  readonly before: PolicyIndex;
  readonly flow: Flow;
  readonly cells: readonly Cell[];
}

export interface BlastRequest {
  readonly ground: Ground;
  /** The ground's index with the policies changed (see `withPolicies`): its pods are the same, in the same order. */
  readonly after: PolicyIndex;
  readonly changed: readonly NetworkPolicy[];
  /** How many changed connections to list. */
  readonly limit: number;
}

interface Probe {
  readonly port: number;
  readonly protocol: string;
}

interface Member {
  readonly endpoint: Endpoint;
  /** The node it runs on or is. */
  readonly node?: string;
  readonly workload: string;
  readonly ports: readonly Probe[];
}

/** Ends that the index before the change cannot tell apart; nor can the one after, for it splits no group. */
interface Cell {
  readonly group: Group;
  /** The first pod of the cell; absent for an end outside the pods. */
  readonly sample?: { readonly pod: Pod; readonly order: number };
  readonly members: readonly Member[];
  /** Declared ports, and the members that declare each. */
  readonly declared: ReadonlyMap<string, Probe & { readonly of: readonly Member[] }>;
}

const probeKey = ({ port, protocol }: Probe): string => `${port}/${protocol}`;

const memberOf = (pod: Pod): Member => ({
  endpoint: { kind: 'pod', namespace: pod.namespace, name: pod.name },
  ...(pod.nodeName === undefined ? {} : { node: pod.nodeName }),
  workload: workloadKey(pod),
  ports: pod.ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })),
});

const declaredBy = (members: readonly Member[]): Cell['declared'] => {
  const declared = new Map<string, Probe & { readonly of: Member[] }>();
  for (const member of members) {
    for (const probe of member.ports) {
      const known = declared.get(probeKey(probe));
      if (known === undefined) declared.set(probeKey(probe), { ...probe, of: [member] });
      else if (known.of.at(-1) !== member) known.of.push(member);
    }
  }
  return declared;
};

const podCells = ({ pods }: PolicyIndex): readonly Cell[] =>
  [...Map.groupBy(pods, ({ group }) => group)].map(([group, indexed]): Cell => {
    const members = indexed.map(({ pod }) => memberOf(pod));
    const [sample] = indexed;
    return { group, ...(sample === undefined ? {} : { sample }), members, declared: declaredBy(members) };
  });

/** The flow's own end outside the pods, so that its reach to other pods is counted too. */
const outsideCells = (before: PolicyIndex, { from, to }: Flow): readonly Cell[] =>
  [from, to].flatMap((endpoint): readonly Cell[] => {
    if (endpoint.kind === 'pod') return [];
    const end = resolveEndpoint(before, endpoint);
    if (end.kind === 'missing') return [];
    const owner = endpoint.kind === 'node' ? endpoint : before.endpointsAt(endpoint.ip)[0];
    const node = owner?.kind === 'node' ? { node: owner.name } : {};
    const member: Member = { endpoint, ...node, workload: JSON.stringify(endpoint), ports: [] };
    return [{ group: end.group, members: [member], declared: new Map() }];
  });

export const prepareGround = (before: PolicyIndex, flow: Flow): Ground => ({
  before,
  flow,
  cells: [...podCells(before), ...outsideCells(before, flow)],
});

/** Ports that the changed rules speak of, whether or not a pod declares them. Both ends of a range stand for it. */
const mentionedPorts = ({ changed, ground: { flow } }: BlastRequest): ReadonlyMap<string, Probe> => {
  const probes: readonly Probe[] = changed.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ ports }) =>
      ports.flatMap(({ protocol, port, endPort }): readonly Probe[] => {
        if (typeof port !== 'number') return [];
        return endPort === undefined
          ? [{ port, protocol }]
          : [
              { port, protocol },
              { port: endPort, protocol },
            ];
      }),
    ),
  );
  return new Map([{ port: flow.port, protocol: flow.protocol }, ...probes].map((probe) => [probeKey(probe), probe]));
};

/** Which members of a destination cell each port is asked of. */
const probesOf = (
  { members, declared }: Cell,
  mentioned: ReadonlyMap<string, Probe>,
): readonly (Probe & { readonly of: readonly Member[] })[] => [
  ...[...mentioned.values()].map((probe) => ({ ...probe, of: members })),
  ...[...declared].flatMap(([key, probe]) => (mentioned.has(key) ? [] : [probe])),
];

const sameEnd = (a: Endpoint, b: Endpoint): boolean => {
  if (a.kind === 'pod') return b.kind === 'pod' && a.namespace === b.namespace && a.name === b.name;
  return JSON.stringify(a) === JSON.stringify(b);
};

interface Pairs {
  readonly source: Cell;
  readonly target: Cell;
  readonly from: readonly Member[];
  readonly to: readonly Member[];
}

/** Pairs whose verdict no policy changes: a pod with itself, and a pod with its own node or a hostNetwork process there. */
const isExempt = ({ source, target }: Pairs, from: Member, to: Member): boolean =>
  from === to || (source.group.kind !== target.group.kind && from.node !== undefined && from.node === to.node);

/** How many of the pairs are not exempt, without walking through them. */
const countPairs = ({ source, target, from, to }: Pairs): number => {
  const all = from.length * to.length;
  if (source === target) {
    const sources = new Set(from);
    return all - to.filter((member) => sources.has(member)).length;
  }
  if (source.group.kind === target.group.kind) return all;
  const onNode = Map.groupBy(from, ({ node }) => node);
  return all - to.reduce((sum, { node }) => sum + (node === undefined ? 0 : (onNode.get(node)?.length ?? 0)), 0);
};

const withoutFlow = (pairs: Pairs, { from, to }: Flow): number =>
  countPairs(pairs) -
  Number(
    pairs.from.some(({ endpoint }) => sameEnd(endpoint, from)) &&
      pairs.to.some(({ endpoint }) => sameEnd(endpoint, to)),
  );

function* listPairs(pairs: Pairs, { port, protocol }: Probe): Generator<Reach> {
  for (const from of pairs.from) {
    for (const to of pairs.to) {
      if (!isExempt(pairs, from, to)) yield { from: from.endpoint, to: to.endpoint, port, protocol };
    }
  }
}

/** Counts changed connections and keeps the first ones. */
class Tally {
  #count = 0;
  #sameWorkloads = 0;
  readonly #listed: Reach[] = [];
  readonly #flow: Flow;
  readonly #limit: number;
  readonly #workloads: readonly [string, string];

  constructor({ flow, cells }: Ground, limit: number) {
    this.#flow = flow;
    this.#limit = limit;
    const members = cells.flatMap((cell) => cell.members);
    const workloadOf = (endpoint: Endpoint): string =>
      members.find((member) => sameEnd(member.endpoint, endpoint))?.workload ?? '';
    this.#workloads = [workloadOf(flow.from), workloadOf(flow.to)];
  }

  add(source: Cell, target: Cell, probe: Probe & { readonly of: readonly Member[] }): void {
    const flow = this.#flow;
    const pairs: Pairs = { source, target, from: source.members, to: probe.of };
    const asFlow = probe.port === flow.port && probe.protocol === flow.protocol;
    this.#count += asFlow ? withoutFlow(pairs, flow) : countPairs(pairs);
    if (asFlow) {
      const [fromWorkload, toWorkload] = this.#workloads;
      const replicas = {
        ...pairs,
        from: pairs.from.filter(({ workload }) => workload === fromWorkload),
        to: pairs.to.filter(({ workload }) => workload === toWorkload),
      };
      this.#sameWorkloads += withoutFlow(replicas, flow);
    }
    for (const reach of listPairs(pairs, probe)) {
      if (this.#listed.length >= this.#limit) return;
      if (!(asFlow && sameEnd(reach.from, flow.from) && sameEnd(reach.to, flow.to))) this.#listed.push(reach);
    }
  }

  get result(): ReachSet {
    return { count: this.#count, sameWorkloads: this.#sameWorkloads, listed: this.#listed };
  }
}

/**
 * Exactly which connections a change opens and closes. Asked of every live pod to every other, and of the flow's end outside
 * the cluster, on the flow's port, the ports that the changed rules mention and the ports that the destination declares.
 * Only pairs with a pod that a changed policy selects can change, and pods of one group change together.
 */
export const blastRadius = (request: BlastRequest): BlastRadius => {
  const { ground, after, changed, limit } = request;
  const { before, cells } = ground;
  const mentioned = mentionedPorts(request);
  const affected = new Set(
    cells.filter(({ group, sample }) =>
      changed.some(
        ({ namespace, podSelector }) =>
          group.kind === 'pod' &&
          sample !== undefined &&
          namespace === group.namespace &&
          matchesLabels(podSelector, sample.pod.labels),
      ),
    ),
  );
  const groupAfter = ({ group, sample }: Cell): Group =>
    sample === undefined ? group : (after.pods[sample.order]?.group ?? group);
  const opens = new Tally(ground, limit);
  const closes = new Tally(ground, limit);
  for (const target of cells) {
    const sources = affected.has(target) ? cells : affected;
    const probes = probesOf(target, mentioned);
    for (const source of sources) {
      for (const probe of probes) {
        const was = verdictBetween(before, source.group, target.group, probe);
        const is = verdictBetween(after, groupAfter(source), groupAfter(target), probe);
        if (was !== 'allowed' && is === 'allowed') opens.add(source, target, probe);
        if (was === 'allowed' && is !== 'allowed') closes.add(source, target, probe);
      }
    }
  }
  return { opens: opens.result, closes: closes.result };
};
