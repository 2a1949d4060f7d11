import { describe, expect, it } from 'vitest';
import type { AddressOwner, ResolvedAddress } from '../../../shared/model/denied-traffic.ts';
import { inferDirection } from '../../../shared/verdicts/resolve/index.ts';

const end = (owners: readonly AddressOwner[], certainty: ResolvedAddress['certainty'] = 'exact'): ResolvedAddress => ({
  address: '10.0.1.20',
  certainty,
  owners,
  because: '',
});
const podOwner = (name: string, node: string): AddressOwner => ({
  kind: 'pod',
  namespace: 'shop',
  name,
  node,
  workload: { kind: 'Pod', namespace: 'shop', name },
});
const pod = (name: string, node: string): ResolvedAddress => end([podOwner(name, node)]);
const outside = end([{ kind: 'external', network: '203.0.113.0/24' }]);
const service = end([{ kind: 'service', namespace: 'shop', name: 'db', backends: [] }]);
const unknown = end([{ kind: 'vpc' }], 'unknown');
const either = end([podOwner('a', 'node-a'), podOwner('b', 'node-b')], 'ambiguous');
const nobody = (): boolean => false;

describe('the direction of a denied flow', () => {
  it.each([
    ['egress', 'only the source is on the node', pod('a', 'node-a'), pod('b', 'node-b')],
    ['ingress', 'only the destination is on the node', pod('b', 'node-b'), pod('a', 'node-a')],
    ['egress', 'a Service was dialled', pod('b', 'node-b'), service],
    ['egress', 'the destination is outside', unknown, outside],
    ['ingress', 'the source is outside', outside, unknown],
    ['ingress', 'a Service answers', service, pod('a', 'node-a')],
    [undefined, 'no end is a pod', outside, service],
    [undefined, 'both are on the node and nobody is isolated', pod('a', 'node-a'), pod('b', 'node-a')],
    [undefined, 'both are on other nodes', pod('a', 'node-b'), pod('b', 'node-b')],
    [undefined, 'the destination is unknown', pod('a', 'node-a'), unknown],
    [undefined, 'the source may be on the node or not', either, pod('b', 'node-b')],
  ])('is %s where %s', (direction, _, source, destination) => {
    expect(inferDirection(source, destination, 'node-a', nobody).direction).toBe(direction);
  });

  const isolated =
    (name: string, way: string) =>
    (of: { readonly name: string }, direction: string): boolean =>
      of.name === name && direction === way;

  it.each([
    ['egress', 'node-a', isolated('a', 'egress')],
    ['ingress', 'node-a', isolated('b', 'ingress')],
    ['egress', undefined, isolated('a', 'egress')],
    [undefined, 'node-a', isolated('a', 'ingress')],
    [undefined, 'node-a', (): boolean => true],
  ])('between two pods of one node is that of the only isolated end: %s', (direction, node, isIsolated) => {
    const inferred = inferDirection(pod('a', 'node-a'), pod('b', 'node-a'), node, isIsolated);
    expect(inferred.direction).toBe(direction);
    expect(inferred.because).not.toBe('');
  });
});
