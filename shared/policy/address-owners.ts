import type { IndexedNode, PolicyInputs } from './policy-index.ts';
import { parseAddress } from './address.ts';
import type { Endpoint } from './flow.ts';
import { isFinished } from './pod-facts.ts';

const keyOf = (ip: string, path: string): string => {
  const { family, value } = parseAddress(ip, path);
  return `${family}:${value}`;
};

const ownersByAddress = (
  inputs: PolicyInputs,
  nodes: ReadonlyMap<string, IndexedNode>,
): ReadonlyMap<string, readonly Endpoint[]> => {
  const owners = new Map<string, Endpoint[]>();
  const add = (key: string, endpoint: Endpoint): void => {
    const known = owners.get(key);
    if (known === undefined) owners.set(key, [endpoint]);
    else known.push(endpoint);
  };
  for (const { name, internalIPs } of nodes.values()) {
    for (const [index, ip] of internalIPs.entries()) {
      add(keyOf(ip, `nodes[${name}].internalIPs[${index}]`), { kind: 'node', name });
    }
  }
  for (const pod of inputs.pods) {
    // A hostNetwork pod's address is its node's, and a finished pod's may be somebody else's by now.
    if (pod.hostNetwork || isFinished(pod)) continue;
    for (const [index, ip] of pod.podIPs.entries()) {
      const path = `pods[${pod.namespace}/${pod.name}].podIPs[${index}]`;
      add(keyOf(ip, path), { kind: 'pod', namespace: pod.namespace, name: pod.name });
    }
  }
  return owners;
};

/** Who owns an address. Built at the first question: not every use of an index has addresses without names. */
export const addressOwners = (
  inputs: PolicyInputs,
  nodes: ReadonlyMap<string, IndexedNode>,
): ((ip: string) => readonly Endpoint[]) => {
  let owners: ReadonlyMap<string, readonly Endpoint[]> | undefined;
  return (ip) => {
    owners ??= ownersByAddress(inputs, nodes);
    return owners.get(keyOf(ip, 'ip')) ?? [{ kind: 'external', ip }];
  };
};
