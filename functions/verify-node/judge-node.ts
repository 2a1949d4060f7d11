import type { Evaluation, Outcome } from '../../shared/model/outcome.ts';
import type { Snapshot } from '../../shared/model/snapshot.ts';

/** What is known of one launched instance. */
export type NodeState =
  /** It does not run any more: there is nothing to verify. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'compliant' }
  /** It runs, and the cluster has no node of it. */
  | { readonly kind: 'not-joined' }
  /** Checks that its node fails. */
  | { readonly kind: 'failing'; readonly checks: readonly string[] }
  /** Could not look: neither a pass nor a fail. */
  | { readonly kind: 'unknown'; readonly why: string };

const PROVIDER_ID = /\/(i-[0-9a-f]{8,17})$/;

const ofInstance = (instanceId: string) => (outcome: Outcome) => outcome.resource.instanceId === instanceId;

const judgeJoined = (outcomes: readonly Outcome[]): NodeState => {
  const failing = outcomes.filter(({ status }) => status === 'fail').map(({ check }) => check);
  if (failing.length > 0) return { kind: 'failing', checks: failing };
  const unknown = outcomes.find(({ status }) => status === 'not-evaluated');
  if (unknown !== undefined) return { kind: 'unknown', why: unknown.message.text };
  return outcomes.some(({ status }) => status === 'pass')
    ? { kind: 'compliant' }
    : { kind: 'unknown', why: 'no check says anything of this node' };
};

/** By the checks that are about nodes. A node is found by the instance that its providerID names. */
export const judgeNode = (snapshot: Snapshot, evaluation: Evaluation, instanceId: string): NodeState => {
  const { 'ec2.instances': instances, 'kubernetes.nodes': nodes } = snapshot.facts;
  if (nodes.state !== 'observed') {
    return { kind: 'unknown', why: nodes.state === 'unobserved' ? nodes.detail : 'the cluster has no Kubernetes API' };
  }
  const joined = nodes.value.some(({ providerId = '' }) => PROVIDER_ID.exec(providerId)?.[1] === instanceId);
  if (joined) return judgeJoined(evaluation.outcomes.filter(ofInstance(instanceId)));
  if (instances.state !== 'observed') {
    return { kind: 'unknown', why: instances.state === 'unobserved' ? instances.detail : 'no instances' };
  }
  return instances.value.some((instance) => instance.instanceId === instanceId)
    ? { kind: 'not-joined' }
    : { kind: 'gone' };
};
