import type { Endpoint, Flow } from '../shared/policy/flow.ts';
import type { PolicyIndex, PolicyInputs } from '../shared/policy/policy-index.ts';
import { UsageError } from './io.ts';
import { matrixEnds, type MatrixEnd } from './simulate-matrix.ts';
import type { NumberedPort } from './simulate-ports.ts';

export interface Probes {
  readonly ports: readonly NumberedPort[];
  readonly flows: () => Generator<Flow>;
  /** How many there are. */
  readonly count: number;
  /** Pods that live on one side only, about which nothing can have changed by policy: `shop/web`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** Where nothing speaks of a port, any one shows whether pods reach each other at all. */
const ANY_PORT: NumberedPort = { port: 80, protocol: 'TCP' };

/** Both ends of a range stand for it. */
const mentioned = ({ networkPolicies, applicationPolicies = [], clusterPolicies = [] }: PolicyInputs) => [
  ...[...networkPolicies, ...applicationPolicies].flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ ports }) =>
      ports.flatMap(({ protocol, port, endPort }) =>
        typeof port === 'number' ? [port, endPort ?? port].map((number) => ({ port: number, protocol })) : [],
      ),
    ),
  ),
  ...clusterPolicies.flatMap(({ ingress, egress }) =>
    [...ingress, ...egress].flatMap(({ ports }) =>
      ports.flatMap((port) => {
        if (port.kind === 'name') return [];
        const numbers = port.kind === 'number' ? [port.port] : [port.start, port.end];
        return numbers.map((number) => ({ port: number, protocol: port.protocol }));
      }),
    ),
  ),
];

const declared = ({ pods }: PolicyInputs): readonly NumberedPort[] =>
  pods.flatMap(({ ports }) => ports.map(({ containerPort, protocol }) => ({ port: containerPort, protocol })));

/** Every port that a pod of either side declares or a rule mentions, sorted. */
export const portsInPlay = (sides: readonly PolicyIndex[]): readonly NumberedPort[] => {
  const found = new Map<string, NumberedPort>();
  for (const { inputs } of sides) {
    for (const { port, protocol } of [...mentioned(inputs), ...declared(inputs)]) {
      found.set(`${port}/${protocol}`, { port, protocol });
    }
  }
  const ports = [...found.values()].toSorted(
    (a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : Number(a.protocol > b.protocol)),
  );
  return ports.length === 0 ? [ANY_PORT] : ports;
};

/** A difference is counted in pairs, and read by people. */
const MAX_PROBES = 20_000_000;

const missingFrom = (ends: readonly MatrixEnd[], other: readonly MatrixEnd[]): readonly string[] => {
  const labels = new Set(other.map(({ label }) => label));
  return ends.flatMap(({ label }) => (labels.has(label) ? [] : [label]));
};

function* everyPair(ends: readonly MatrixEnd[], ports: readonly NumberedPort[]): Generator<Flow> {
  for (const from of ends) {
    for (const to of ends) {
      if (from === to || (!from.isPod && !to.isPod)) continue;
      for (const port of ports) yield { from: from.endpoint, to: to.endpoint, ...port };
    }
  }
}

const plain = (end: MatrixEnd): Endpoint => (end.isPod ? end.endpoint : { kind: 'external', ip: end.label });

/**
 * What a comparison asks of both sides: pods that live on both, and addresses outside.
 * @throws UsageError where there is nothing to ask, or too much
 */
export const probesFor = (
  before: PolicyIndex,
  after: PolicyIndex,
  external: readonly string[],
  asked: readonly NumberedPort[],
): Probes => {
  const ports = asked.length > 0 ? asked : portsInPlay([before, after]);
  const beforeEnds = matrixEnds(before, external);
  const afterEnds = matrixEnds(after, external);
  const onlyBefore = missingFrom(beforeEnds, afterEnds);
  const gone = new Set(onlyBefore);
  const ends = beforeEnds
    .filter(({ label }) => !gone.has(label))
    .map((end): MatrixEnd => ({ ...end, endpoint: plain(end) }));
  const outside = ends.filter(({ isPod }) => !isPod).length;
  const count = (ends.length * (ends.length - 1) - outside * Math.max(outside - 1, 0)) * ports.length;
  if (count > MAX_PROBES) {
    throw new UsageError(
      `expected at most ${MAX_PROBES} connections to compare, found ${count}; ask about fewer with --ports`,
    );
  }
  return {
    ports,
    flows: () => everyPair(ends, ports),
    count,
    onlyBefore,
    onlyAfter: missingFrom(afterEnds, beforeEnds),
  };
};
