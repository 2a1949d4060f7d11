import type { Endpoint, Flow } from './flow.ts';
import type { Cell, Ground, Member, MemberProbe, Probe } from './ground.ts';

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
export class ReachTally {
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

  add(source: Cell, target: Cell, probe: MemberProbe): void {
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
