import { decide } from './decide.ts';
import type { Because, Decision, PolicyRef, Side, Verdict } from './decision.ts';
import type { Direction, Endpoint, PodRef } from './flow.ts';
import type { PolicyIndex } from './policy-index.ts';

export interface MatrixOptions {
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
  /** Addresses outside the cluster, asked in both directions. */
  readonly external: readonly string[];
  /** Only these pods; every live pod where absent. The number of rows grows with its square. */
  readonly pods?: readonly PodRef[];
}

export interface MatrixRow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly port: number;
  readonly protocol: string;
  readonly allowed: Verdict;
  /** The side that decided: the first denied one, else the first unknown one, else the one that a rule admits. */
  readonly because: { readonly direction: Direction } & Because;
  /** The policies that isolate the side that decided. */
  readonly isolatedBy: readonly PolicyRef[];
}

/** How much a side says of why a flow is allowed: nothing where it is no pod's, little where nothing isolates the pod. */
const telling = ({ kind }: Because): number => {
  if (kind === 'not-a-pod' || kind === 'host-network') return 0;
  return kind === 'no-policy' || kind === 'not-isolated' ? 1 : 2;
};

/** The side that decided: the first denied one, else the first unknown one, else the one that a rule admits. */
export const decidingSide = ({ allowed, egress, ingress }: Decision): readonly [Direction, Side] => {
  const ingressDecides =
    egress.verdict !== allowed ||
    (ingress.verdict === allowed && allowed === 'allowed' && telling(ingress.because) > telling(egress.because));
  return ingressDecides ? ['ingress', ingress] : ['egress', egress];
};

const rowOf = (index: PolicyIndex, flow: Pick<MatrixRow, 'from' | 'to' | 'port' | 'protocol'>): MatrixRow => {
  const decision = decide(index, flow);
  const [direction, { because, isolatedBy }] = decidingSide(decision);
  return { ...flow, allowed: decision.allowed, because: { direction, ...because }, isolatedBy };
};

/**
 * Who reaches whom, for every ordered pair of different ends: pod to pod, pod to outside, outside to pod.
 * @throws PolicyInputError where a port or an external address is none
 */
export const connectivityMatrix = (index: PolicyIndex, options: MatrixOptions): readonly MatrixRow[] => {
  const pods = (options.pods ?? index.pods.map(({ pod }) => pod)).map(({ namespace, name }): Endpoint => ({
    kind: 'pod',
    namespace,
    name,
  }));
  const outside = options.external.map((ip): Endpoint => ({ kind: 'external', ip }));
  const rows: MatrixRow[] = [];
  for (const from of [...pods, ...outside]) {
    for (const to of from.kind === 'pod' ? [...pods, ...outside] : pods) {
      if (from === to) continue;
      for (const { port, protocol } of options.ports) rows.push(rowOf(index, { from, to, port, protocol }));
    }
  }
  return rows;
};
