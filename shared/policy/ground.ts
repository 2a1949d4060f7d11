import type { NetworkPolicy, Pod } from '../model/facts-kubernetes.ts';
import type { Endpoint, Flow } from './flow.ts';
import { workloadKey } from './identity-labels.ts';
import type { Group, PolicyIndex } from './policy-index.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';

/** The ends of one snapshot that changes are measured on, prepared once for any number of them. */
export interface Ground {
  readonly before: PolicyIndex;
  readonly flow: Flow;
  readonly cells: readonly Cell[];
}

export interface Probe {
  readonly port: number;
  readonly protocol: string;
}

/** A port, and the ends it is asked of. */
export interface MemberProbe extends Probe {
  readonly of: readonly Member[];
}

export interface Member {
  readonly endpoint: Endpoint;
  /** The node it runs on or is. */
  readonly node?: string;
  readonly workload: string;
  readonly ports: readonly Probe[];
}

/** Ends that the index before the change cannot tell apart; nor can the one after, for it splits no group. */
export interface Cell {
  readonly group: Group;
  /** The first pod of the cell; absent for an end outside the pods. */
  readonly sample?: { readonly pod: Pod; readonly order: number };
  readonly members: readonly Member[];
  /** Declared ports, and the members that declare each. */
  readonly declared: ReadonlyMap<string, MemberProbe>;
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
export const mentionedPorts = (flow: Flow, changed: readonly NetworkPolicy[]): ReadonlyMap<string, Probe> => {
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
export const probesOf = (
  { members, declared }: Cell,
  mentioned: ReadonlyMap<string, Probe>,
): readonly MemberProbe[] => [
  ...[...mentioned.values()].map((probe) => ({ ...probe, of: members })),
  ...[...declared].flatMap(([key, probe]) => (mentioned.has(key) ? [] : [probe])),
];
