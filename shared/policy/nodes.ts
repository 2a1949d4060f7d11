import type { IndexedNode, PolicyInputs } from './policy-index.ts';

/** The nodes listed, and those known only through a pod that runs on them. */
export const nodesOf = ({ nodes = [], pods }: PolicyInputs): ReadonlyMap<string, IndexedNode> => {
  const found = new Map<string, IndexedNode>(nodes.map((node) => [node.name, node]));
  for (const { nodeName, hostIP } of pods) {
    if (nodeName === undefined || hostIP === undefined || found.has(nodeName)) continue;
    found.set(nodeName, { name: nodeName, internalIPs: [hostIP], operatingSystem: '' });
  }
  return found;
};
