import { decide } from './decide.ts';
import type { Because, Decision, Verdict } from './decision.ts';
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
  /** The side that decided: the first denied one, else the first unknown one, else the first that policies judged. */
  readonly because: { readonly direction: Direction } & Because;
}

const UNJUDGED: ReadonlySet<Because['kind']> = new Set(['not-a-pod', 'host-network']);

const decidingSide = ({ allowed, egress, ingress }: Decision): MatrixRow['because'] => {
  const ingressDecides =
    egress.verdict !== allowed || (ingress.verdict === allowed && UNJUDGED.has(egress.because.kind));
  return ingressDecides ? { direction: 'ingress', ...ingress.because } : { direction: 'egress', ...egress.because };
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
      for (const { port, protocol } of options.ports) {
        const decision = decide(index, { from, to, port, protocol });
        rows.push({ from, to, port, protocol, allowed: decision.allowed, because: decidingSide(decision) });
      }
    }
  }
  return rows;
};
