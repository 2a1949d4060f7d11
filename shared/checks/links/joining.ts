import type { Node } from '../../model/facts-kubernetes.ts';

/**
 * How long a new node is given before what it lacks is held against it. Kubernetes itself bears a node that is not ready
 * for as long before it acts on its pods:
 * https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions
 */
export const JOINING_SECONDS = 300;

/** Whole seconds that the node had existed when it was looked at, while it is still joining; undefined once settled. */
export const joiningFor = (node: Pick<Node, 'createdAt'>, observedAt: string): number | undefined => {
  const seconds = Math.round((Date.parse(observedAt) - Date.parse(node.createdAt)) / 1000);
  // Below zero where this machine's clock is behind the API server's: the node is no older for that.
  return seconds <= JOINING_SECONDS ? Math.max(0, seconds) : undefined;
};
