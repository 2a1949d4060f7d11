import type { PodName, ResolvedAddress } from '../../model/denied-traffic.ts';
import type { FlowDirection } from '../../model/flow.ts';

export interface InferredDirection {
  /** Absent: it cannot be known. */
  readonly direction?: FlowDirection;
  /** For people. */
  readonly because: string;
}

/** Whether policies isolate a pod in a direction. */
export type IsIsolated = (pod: PodName, direction: FlowDirection) => boolean;

type Pods = readonly (PodName & { readonly node?: string })[];

const podsOf = ({ owners }: ResolvedAddress): Pods => owners.flatMap((owner) => (owner.kind === 'pod' ? [owner] : []));

/** `no`: policies never apply to it. */
const isPod = (end: ResolvedAddress): 'yes' | 'no' | 'perhaps' => {
  const pods = podsOf(end).length;
  if (pods > 0) return pods === end.owners.length ? 'yes' : 'perhaps';
  return end.certainty === 'unknown' ? 'perhaps' : 'no';
};

const isOn = (node: string | undefined, end: ResolvedAddress): 'yes' | 'no' | 'perhaps' => {
  const kind = isPod(end);
  if (kind !== 'yes' || node === undefined) return kind === 'no' ? 'no' : 'perhaps';
  const pods = podsOf(end);
  if (pods.every((pod) => pod.node === node)) return 'yes';
  return pods.every((pod) => pod.node !== undefined && pod.node !== node) ? 'no' : 'perhaps';
};

/**
 * Which end's agent wrote a line that does not say so. An agent reports the pods of its own node only: egress of the
 * source, before kube-proxy translates a ClusterIP, or ingress of the destination, after. So a Service as destination is
 * egress; an end that is no pod leaves the other one; then the one that is on the reporting node; and of two pods of that
 * node the only one that policies isolate.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-policies-troubleshooting.html
 */
export const inferDirection = (
  source: ResolvedAddress,
  destination: ResolvedAddress,
  node: string | undefined,
  isIsolated: IsIsolated,
): InferredDirection => {
  const [from, to] = [isPod(source), isPod(destination)];
  if (from === 'no' && to === 'no') return { because: 'no end is a pod' };
  if (destination.owners.length > 0 && destination.owners.every(({ kind }) => kind === 'service')) {
    return { direction: 'egress', because: 'a Service was dialled, and its address is seen on the client node only' };
  }
  if (to === 'no') return { direction: 'egress', because: 'only the source may be a pod' };
  if (from === 'no') return { direction: 'ingress', because: 'only the destination may be a pod' };
  const [fromHere, toHere] = [isOn(node, source), isOn(node, destination)];
  if (fromHere === 'yes' && toHere === 'no')
    return { direction: 'egress', because: 'the source is on the reporting node' };
  if (fromHere === 'no' && toHere === 'yes') {
    return { direction: 'ingress', because: 'the destination is on the reporting node' };
  }
  if (fromHere === 'no' && toHere === 'no') return { because: 'no end is on the reporting node' };
  if (from !== 'yes' || to !== 'yes') return { because: 'an end is not known' };
  const out = podsOf(source).some((pod) => isIsolated(pod, 'egress'));
  const into = podsOf(destination).some((pod) => isIsolated(pod, 'ingress'));
  if (out === into) {
    return { because: out ? 'both ends may be on the node, and both are isolated' : 'policies isolate neither end' };
  }
  return out
    ? { direction: 'egress', because: 'policies isolate the source only' }
    : { direction: 'ingress', because: 'policies isolate the destination only' };
};
