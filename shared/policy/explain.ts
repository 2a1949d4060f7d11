import { describe } from './describe.ts';
import { GENERAL_LIMITS } from './caveats.ts';
import type { DeniedSide } from './candidate-changes.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Explanation, SideExplanation } from './explanation.ts';
import type { Direction, Flow } from './flow.ts';
import { rulesByNearness } from './nearest-rule.ts';
import type { NamedEnd } from './nearest-rule.ts';
import type { PolicyIndex } from './policy-index.ts';
import { resolveEndpoint } from './resolve-endpoint.ts';
import type { FoundEnd } from './resolve-endpoint.ts';
import { suggest } from './suggest.ts';

export interface ExplainOptions {
  /** How many opened and closed connections a suggestion lists; all are counted. */
  readonly listed?: number;
}

const LISTED = 20;

const namedEnd = (index: PolicyIndex, end: FoundEnd): NamedEnd => {
  if (end.kind === 'pod') {
    const { pod } = end.indexed;
    const ip = pod.podIPs[0] ?? (pod.hostNetwork ? pod.hostIP : undefined);
    const address = ip === undefined ? {} : { ip };
    if (pod.hostNetwork) return { group: end.group, ...address };
    const namespaceLabels = index.namespaceLabels(pod.namespace);
    return { group: end.group, pod: { namespace: pod.namespace, labels: pod.labels, namespaceLabels }, ...address };
  }
  const { endpoint, group } = end;
  const ip = endpoint.kind === 'external' ? endpoint.ip : index.nodes.get(endpoint.name)?.internalIPs[0];
  return ip === undefined ? { group } : { group, ip };
};

const deniedSide = (
  index: PolicyIndex,
  flow: Flow,
  direction: Direction,
  decision: Decision,
): DeniedSide | undefined => {
  const side = decision[direction];
  if (side.verdict !== 'denied') return undefined;
  const [own, other] = direction === 'ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
  const subject = resolveEndpoint(index, own);
  const peer = resolveEndpoint(index, other);
  if (subject.kind !== 'pod' || subject.group.kind !== 'pod' || peer.kind === 'missing') return undefined;
  const { group } = subject;
  const end = namedEnd(index, peer);
  const target = direction === 'ingress' ? group : peer.group;
  return {
    direction,
    subject: { ...subject.indexed, group },
    ...(peer.kind === 'pod' && peer.group.kind === 'pod' ? { peerPod: peer.indexed.pod } : {}),
    peer: end,
    side,
    nearest: rulesByNearness(group.isolating[direction], direction, end, { ...flow, target }),
  };
};

/**
 * Why a flow is denied, and the smallest change that allows it. For an allowed flow or an unknown one nothing is explained
 * and nothing is suggested: an allowed flow that was denied in fact is a defect of enforcement, not of policy.
 * @throws PolicyInputError where the port or an external address is none
 */
export const explain = (index: PolicyIndex, flow: Flow, options: ExplainOptions = {}): Explanation => {
  const decision = decide(index, flow);
  const denied = (['egress', 'ingress'] as const).flatMap(
    (direction) => deniedSide(index, flow, direction, decision) ?? [],
  );
  const forbiddenBy = denied.flatMap(({ side }) =>
    side.because.kind === 'cluster-rule' && side.because.rule.tier === 'Admin' ? [side.because.rule] : [],
  );
  const explained = {
    flow,
    decision,
    denied: denied.map(({ direction, side, subject: { pod }, nearest: [nearest] }): SideExplanation => ({
      direction,
      subject: { kind: 'pod', namespace: pod.namespace, name: pod.name },
      side,
      ...(nearest === undefined ? {} : { nearest }),
    })),
    forbiddenBy,
    suggestions: forbiddenBy.length > 0 ? [] : suggest(index, flow, denied, options.listed ?? LISTED),
    limits: GENERAL_LIMITS,
  };
  return { ...explained, summary: describe(explained) };
};
