import type { Evidence } from '../model/outcome.ts';

/** Fact and path as one: `kubernetes.nodes[name=a].kernelVersion`, `kubernetes.aws-node.containers[0]`. Hostile as the path. */
export const evidencePath = ({ fact, path }: Pick<Evidence, 'fact' | 'path'>): string =>
  `${fact}${path === '' || path.startsWith('[') ? '' : '.'}${path}`;
