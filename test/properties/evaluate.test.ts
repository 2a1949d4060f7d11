import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Check } from '../../shared/model/check.ts';
import type { Fact } from '../../shared/model/fact.ts';
import { resourceKey } from '../../shared/model/outcome.ts';
import type { Facts, Snapshot } from '../../shared/model/snapshot.ts';
import { nodeNamed, nodesReady, SYNTHETIC_CATALOGUE } from '../evaluate/synthetic-checks.ts';
import { addon, AT, CLUSTER, eksCluster, facts, node, snapshot } from '../support/cluster.ts';
import { needsLaw, orderLaw } from '../support/laws.ts';

const observedAt = fc.constantFrom(
  AT,
  '2026-11-20T08:51:00Z',
  '2026-11-20T07:00:00Z',
  '2026-11-18T09:00:00Z',
  '2026-11-20T09:04:00Z',
  '2026-11-20T10:00:00Z',
  'never',
);

const factOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Fact<T>> => {
  const source = fc.constant('test');
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ state: fc.constant('observed' as const), value, source, observedAt }) },
    fc.record({ state: fc.constant('absent' as const), source, observedAt }),
    fc.record({
      state: fc.constant('unobserved' as const),
      reason: fc.constantFrom('denied' as const, 'throttled' as const, 'not-collected' as const),
      detail: fc.string(),
      source,
      observedAt,
    }),
  );
};

const nodeNames = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'broken', 'é', '__proto__', ''));
const nodes = fc
  .tuple(nodeNames, fc.infiniteStream(fc.constantFrom('True' as const, 'False' as const, 'Unknown' as const)))
  .map(([names, ready]) => names.map((name) => node({ name, ready: ready.next().value })));
const namespaces = fc
  .uniqueArray(fc.constantFrom('default', 'kube-system', 'shop'))
  .map((names) => names.map((name) => ({ name, labels: name === 'shop' ? {} : { team: name }, phase: 'Active' })));

const anyFacts: fc.Arbitrary<Facts> = fc
  .record({
    'kubernetes.nodes': factOf(nodes),
    'kubernetes.namespaces': factOf(namespaces),
    'kubernetes.pods': factOf(fc.constant([])),
    'eks.cluster': factOf(fc.constant(eksCluster())),
    'eks.vpc-cni-addon': factOf(fc.constantFrom('ACTIVE', 'DEGRADED').map((status) => addon({ status }))),
  })
  .map((given) => ({ ...facts({}), ...given }));

const anySnapshot: fc.Arbitrary<Snapshot> = anyFacts.map((given) => ({ cluster: CLUSTER, takenAt: AT, facts: given }));

const WHOLE = snapshot({
  'kubernetes.nodes': [node({ name: 'a' }), node({ name: 'b', ready: 'False' })],
  'kubernetes.namespaces': [{ name: 'default', labels: {}, phase: 'Active' }],
  'kubernetes.pods': [],
  'eks.cluster': eksCluster(),
  'eks.vpc-cni-addon': addon(),
});

describe('of any catalogue and any snapshot', () => {
  it('a missing fact makes what needs it not-evaluated, and changes nothing else', () => {
    fc.assert(
      fc.property(anySnapshot, (each) => {
        expect(() => needsLaw(SYNTHETIC_CATALOGUE, [each])).not.toThrow();
      }),
    );
  });

  it('the order of checks and of lists decides nothing', () => {
    fc.assert(
      fc.property(anySnapshot, (each) => {
        expect(() => orderLaw(SYNTHETIC_CATALOGUE, [each])).not.toThrow();
      }),
    );
  });

  it('a check depends on no other check', () => {
    const subset = fc.shuffledSubarray([...SYNTHETIC_CATALOGUE]);
    fc.assert(
      fc.property(anySnapshot, subset, (each, checks) => {
        const chosen = new Set(checks.map(({ id }) => id));
        const whole = evaluate(each, SYNTHETIC_CATALOGUE);
        const part = evaluate(each, checks);

        expect(part.outcomes).toEqual(whole.outcomes.filter(({ check }) => chosen.has(check)));
        expect(part.scope).toEqual(whole.scope.filter(({ check }) => chosen.has(check)));
      }),
    );
  });

  it('every check has a scope and at least one outcome, and the scope lists exactly the resources of its outcomes', () => {
    fc.assert(
      fc.property(anySnapshot, (each) => {
        const { outcomes, scope } = evaluate(each, SYNTHETIC_CATALOGUE);

        expect(scope.map(({ check }) => check)).toEqual(SYNTHETIC_CATALOGUE.map(({ id }) => id).toSorted());
        for (const { check, resources, population } of scope) {
          const own = outcomes.filter((outcome) => outcome.check === check);
          expect(resources.length).toBeGreaterThan(0);
          expect(own.map(({ resource }) => resourceKey(resource))).toEqual(resources);
          expect(new Set(resources).size).toBe(resources.length);
          expect(population === 'complete' || own.every(({ status }) => status === 'not-evaluated')).toBe(true);
        }
      }),
    );
  });
});

describe('the laws can be broken', () => {
  const cheat: Check = {
    ...nodesReady,
    id: 'network-policy/cheat',
    messages: { seen: '{state}' },
    evaluate: (given) => [
      {
        resource: nodeNamed('a'),
        status: 'not-applicable',
        message: 'seen',
        values: { state: given['eks.cluster'].state },
      },
    ],
  };

  it('by a check that reads a fact which it does not declare', () => {
    expect(() => needsLaw([cheat], [WHOLE])).toThrow(
      'network-policy/cheat without eks.cluster: it does not declare it, and has other outcomes',
    );
    expect(() => needsLaw([{ ...cheat, uses: ['eks.cluster'] }], [WHOLE])).not.toThrow();
  });

  it('by a check that cannot do without a fact which it merely uses', () => {
    const demanding: Check = {
      ...cheat,
      uses: ['eks.cluster'],
      evaluate: (given, cluster) => {
        if (given['eks.cluster'].state === 'unobserved') throw new Error('no cluster');
        return cheat.evaluate(given, cluster);
      },
    };

    expect(() => needsLaw([demanding], [WHOLE])).toThrow(
      'network-policy/cheat without eks.cluster: it merely uses it, and fails to run',
    );
  });

  it('by a check that judges by position', () => {
    const first: Check = {
      ...nodesReady,
      evaluate: (given, cluster) => nodesReady.evaluate(given, cluster).slice(0, 1),
    };

    expect(() => orderLaw([first], [WHOLE])).toThrow(
      'network-policy/nodes-ready: the order of a list changes what it judges',
    );
  });
});
