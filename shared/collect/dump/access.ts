import type { Fact, UnobservedReason } from '../../model/fact.ts';
import type { KubernetesAccess } from '../../model/facts-kubernetes.ts';
import { normaliseServerVersion } from '../normalise/server-version.ts';
import { distinct, sortedBy } from '../normalise/order.ts';
import type { Look } from './dump-directory.ts';
import { answerOf, readFact, type Origin } from './fact-of.ts';

const FOLDER = 'kubernetes/';

/** Calls that ask for less than the list of a resource; every other file is named like the resource it lists. */
const NARROWER: ReadonlyMap<string, string> = new Map([
  ['aws-node', 'daemonsets/aws-node'],
  ['aws-node-pods', 'pods (k8s-app=aws-node)'],
  ['configmap-amazon-vpc-cni', 'configmaps/amazon-vpc-cni'],
  ['configmap-kube-proxy-config', 'configmaps/kube-proxy-config'],
  ['clusterrole-aws-node', 'clusterroles/aws-node'],
]);

const resourceOf = (name: string): string => {
  const file = name.slice(FOLDER.length);
  return NARROWER.get(file) ?? file;
};

/** How one call to the API server ended. */
export type Ending =
  | { readonly kind: 'answered' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'failed'; readonly reason: UnobservedReason; readonly detail: string };

/**
 * Remembers of each look at a Kubernetes call whether the server answered or refused it. "No such object" is an answer;
 * a call that nobody made, or whose answer cannot be read, is neither.
 */
export const endingOf = (look: Look): Ending | undefined => {
  if (look.kind === 'answered') return { kind: 'answered' };
  if (look.kind !== 'failed') return undefined;
  if (look.failure.kind === 'absent') return { kind: 'answered' };
  const { reason, detail } = look.failure;
  return reason === 'denied' ? { kind: 'refused', detail } : { kind: 'failed', reason, detail };
};

/** @param endings by the call's name in the dump, `kubernetes/nodes`. */
export const importAccess = (
  version: Look,
  endings: ReadonlyMap<string, Ending>,
  gatheredAt: string,
): Fact<KubernetesAccess> => {
  const origin: Origin = { source: 'GET /version', gatheredAt };
  const answer = answerOf(version, origin, 'api-error');
  if (answer.kind === 'fact') return answer.fact;
  const calls = [...endings]
    .filter(([name]) => name.startsWith(FOLDER))
    .map(([name, ending]) => ({ resource: resourceOf(name), ending }));
  return readFact(version.file, origin, () => ({
    serverVersion: normaliseServerVersion(answer.value),
    answered: distinct(calls.filter(({ ending }) => ending.kind === 'answered').map(({ resource }) => resource)),
    refused: sortedBy(
      calls.flatMap(({ resource, ending }) => (ending.kind === 'refused' ? [{ resource, detail: ending.detail }] : [])),
      ({ resource }) => [resource],
    ),
    failed: sortedBy(
      calls.flatMap(({ resource, ending }) =>
        ending.kind === 'failed' ? [{ resource, reason: ending.reason, detail: ending.detail }] : [],
      ),
      ({ resource }) => [resource],
    ),
  }));
};
