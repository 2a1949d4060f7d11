import { verdictOf } from './decision.ts';
import type { Caveat, Decision, Side } from './decision.ts';
import type { Flow } from './flow.ts';
import { exempt, judgeSide } from './judge-side.ts';
import type { SideQuestion } from './judge-side.ts';
import type { Destination } from './match.ts';
import type { Group, PolicyIndex } from './policy-index.ts';
import { PolicyInputError } from './policy-input-error.ts';
import { isOwnNode, isPodAddress, isSamePod, resolveEndpoint } from './resolve-endpoint.ts';
import type { FoundEnd, ResolvedEnd } from './resolve-endpoint.ts';
import { serviceCaveats } from './service-caveats.ts';
import { deviationsOf } from './vpc-cni-deviations.ts';

/** Decisions kept for reuse; past it the cache starts anew, so that a long stream of flows stays within its memory. */
const MAX_DECIDED = 200_000;
const LAST_PORT = 65_535;

const NO_SUCH_POD: Side = {
  verdict: 'unknown',
  tier: 'None',
  because: { kind: 'no-such-pod' },
  isolated: false,
  isolatedBy: [],
};

const judgeGroups = (index: PolicyIndex, from: Group, to: Group, destination: Destination): Decision => {
  const { mode } = index;
  const caveats: Caveat[] = [
    ...from.doubts,
    ...to.doubts.filter(({ kind }) => !from.doubts.some((doubt) => doubt.kind === kind)),
  ];
  const judge = (question: SideQuestion): Side => {
    const side = judgeSide(question);
    const { subject, direction } = question;
    if (subject.kind === 'pod') {
      for (const kind of deviationsOf({ ...question, subject }, side, index.groupsOf)) {
        caveats.push({ kind, on: direction });
      }
    }
    return side;
  };
  const egress = judge({ subject: from, direction: 'egress', peer: to, destination, mode });
  const ingress = judge({ subject: to, direction: 'ingress', peer: from, destination, mode });
  return { allowed: verdictOf(egress.verdict, ingress.verdict), egress, ingress, caveats };
};

/** Judges a pair of groups without looking at which pods they stand for: neither own node nor same pod is seen here. */
export const decideGroups = (
  index: PolicyIndex,
  from: Group,
  to: Group,
  { port, protocol }: Pick<Flow, 'port' | 'protocol'>,
): Decision => {
  const key = `${from.id}>${to.id}:${port}/${protocol}`;
  const known = index.decided.get(key);
  if (known !== undefined) return known;
  const decision = judgeGroups(index, from, to, { target: to, port, protocol });
  if (index.decided.size >= MAX_DECIDED) index.decided.clear();
  index.decided.set(key, decision);
  return decision;
};

const exempted = ({ group: from }: FoundEnd, { group: to }: FoundEnd, kind: 'own-node' | 'same-pod'): Decision => ({
  allowed: 'allowed',
  egress: exempt(from, 'egress', kind),
  ingress: exempt(to, 'ingress', kind),
  caveats: kind === 'same-pod' ? [{ kind, on: 'flow' }] : [],
});

const missing = (...ends: readonly ResolvedEnd[]): Decision => ({
  allowed: 'unknown',
  egress: NO_SUCH_POD,
  ingress: NO_SUCH_POD,
  caveats: ends.flatMap((end): readonly Caveat[] => (end.kind === 'missing' ? [{ kind: end.caveat, on: 'flow' }] : [])),
});

const requirePort = (port: number, path: string): void => {
  if (!Number.isInteger(port) || port < 0 || port > LAST_PORT) {
    throw new PolicyInputError(path, String(port), 'an integer from 0 to 65535');
  }
};

const decideEnds = (index: PolicyIndex, from: FoundEnd, to: FoundEnd, flow: Pick<Flow, 'port' | 'protocol'>) => {
  if (isSamePod(from, to)) return exempted(from, to, 'same-pod');
  if (isOwnNode(index, from, to)) return exempted(from, to, 'own-node');
  return decideGroups(index, from.group, to.group, flow);
};

/** What is to be said of this flow beyond what holds for every flow between its groups. */
const flowCaveats = (
  index: PolicyIndex,
  flow: Flow,
  from: FoundEnd,
  to: FoundEnd,
  decision: Decision,
): readonly Caveat[] => {
  const found: Caveat[] = [];
  if (isPodAddress(index, from) || isPodAddress(index, to)) found.push({ kind: 'address-of-pod', on: 'flow' });
  const { service, sourcePort, port, protocol } = flow;
  if (service !== undefined) {
    for (const kind of serviceCaveats(service, from.group, { target: to.group, port, protocol }, decision.egress)) {
      found.push({ kind, on: 'egress' });
    }
  }
  if (sourcePort !== undefined && decision.allowed === 'denied') {
    const reverse = decideEnds(index, to, from, { port: sourcePort, protocol });
    if (reverse.allowed === 'allowed') found.push({ kind: 'possible-reply', on: 'flow' });
  }
  return found;
};

/**
 * Whether a new connection may be made, and why. The verdict is Kubernetes' own meaning of the policies, with the tiers of
 * Amazon EKS around it; where the VPC CNI is known to differ, a caveat says so.
 * Decisions of equal groups are one object: compare and keep them, never change them.
 * @throws PolicyInputError where the port or an external address is none
 */
export const decide = (index: PolicyIndex, flow: Flow): Decision => {
  requirePort(flow.port, 'flow.port');
  if (flow.sourcePort !== undefined) requirePort(flow.sourcePort, 'flow.sourcePort');
  const from = resolveEndpoint(index, flow.from);
  const to = resolveEndpoint(index, flow.to);
  if (from.kind === 'missing' || to.kind === 'missing') return missing(from, to);
  const decision = decideEnds(index, from, to, flow);
  const caveats = flowCaveats(index, flow, from, to, decision);
  return caveats.length === 0 ? decision : { ...decision, caveats: [...decision.caveats, ...caveats] };
};
