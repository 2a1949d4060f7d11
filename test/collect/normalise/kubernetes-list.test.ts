import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kubernetesItems } from '../../../shared/collect/normalise/kubernetes-list.ts';
import { normaliseNamespaces } from '../../../shared/collect/normalise/namespaces.ts';
import { refusal } from './malformed.ts';

const namespace = (name: string, kind?: string): object => ({
  ...(kind === undefined ? {} : { apiVersion: 'v1', kind }),
  metadata: { name },
  status: { phase: 'Active' },
});

describe('forms of a list', () => {
  test.each([
    {
      form: 'kubectl’s List',
      raw: { kind: 'List', items: [namespace('b', 'Namespace'), namespace('a', 'Namespace')] },
    },
    { form: 'the API’s NamespaceList', raw: { kind: 'NamespaceList', items: [namespace('b'), namespace('a')] } },
    { form: 'the items of a page', raw: [namespace('b'), namespace('a')] },
  ])('$form', ({ raw }) => {
    expect(normaliseNamespaces(raw).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('null items are Go’s empty list', () => {
    expect(normaliseNamespaces({ kind: 'NamespaceList', items: null })).toEqual([]);
  });

  test('an object without items is no list', () => {
    expect(refusal(() => kubernetesItems(namespace('a', 'Namespace'), 'Namespace'))).toEqual({
      path: 'items',
      expected: 'array',
      found: 'nothing',
    });
  });

  test('a list of another kind is refused', () => {
    expect(refusal(() => normaliseNamespaces({ kind: 'PodList', items: [] }))).toEqual({
      path: 'kind',
      expected: '"List" or "NamespaceList"',
      found: '"PodList"',
    });
  });

  test('an item of another kind is refused', () => {
    const raw = { kind: 'List', items: [namespace('a', 'Namespace'), namespace('b', 'Pod')] };
    expect(refusal(() => normaliseNamespaces(raw))).toEqual({
      path: 'items[1].kind',
      expected: '"Namespace"',
      found: '"Pod"',
    });
  });

  test('in kubectl’s List every item must name its kind: the list does not', () => {
    expect(refusal(() => normaliseNamespaces({ kind: 'List', items: [namespace('a')] }))).toEqual({
      path: 'items[0].kind',
      expected: '"Namespace"',
      found: 'nothing',
    });
  });

  test('a page’s item of another kind is refused too', () => {
    expect(refusal(() => normaliseNamespaces([namespace('a', 'Node')]))).toEqual({
      path: 'items[0].kind',
      expected: '"Namespace"',
      found: '"Node"',
    });
  });

  test('the result does not depend on the order of the items', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 12 });
    const shuffled = names.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        const of = (order: readonly string[]): unknown => normaliseNamespaces(order.map((name) => namespace(name)));
        expect(of(other)).toEqual(of(list));
      }),
    );
  });
});
