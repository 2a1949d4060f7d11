import { describe, expect, it } from 'vitest';
import { ENGINE_MESSAGES, evaluate } from '../../shared/evaluate/evaluate.ts';
import type { Check, Result } from '../../shared/model/check.ts';
import { observed, unobserved } from '../../shared/model/fact.ts';
import { addon, AT, CLUSTER, eksCluster, facts, node, snapshot } from '../support/cluster.ts';
import { addonActive, clusterNamed, evidenceOf, nodeNamed, nodesReady, throwsOnBroken } from './synthetic-checks.ts';

const NODES = snapshot({ 'kubernetes.nodes': [node({ name: 'b' }), node({ name: 'a', ready: 'False' })] });

/** A check over nodes whose body gives these results, whatever their types say. */
const giving = (results: unknown, change: Partial<Check> = {}): Check => ({
  ...nodesReady,
  id: 'network-policy/giving',
  messages: { said: 'Said {what}' },
  // What a body written without types could return; the engine must not trust it.
  evaluate: () => results as readonly Result<string>[],
  ...change,
});

const EVIDENCE = evidenceOf('kubernetes.nodes', observed([], 'test:kubernetes.nodes', AT), 'seen');
const pass = (resource: Result<string>['resource']): Result<string> => ({
  resource,
  status: 'pass',
  message: 'said',
  evidence: [EVIDENCE],
});
const notEvaluated = (resource: Result<string>['resource']): Result<string> => ({
  resource,
  status: 'not-evaluated',
  message: 'said',
  missing: [{ fact: 'nodes.probes', reason: 'denied', detail: 'refused', source: 'test' }],
});
const notApplicable = (resource: Result<string>['resource']): Result<string> => ({
  resource,
  status: 'not-applicable',
  message: 'said',
});

const briefly = (check: Check): readonly string[] =>
  evaluate(NODES, [check]).outcomes.map(
    ({ resource, status, message }) => `${resource.type}:${resource.id} ${status} ${message.key} | ${message.text}`,
  );

describe('a check that can look', () => {
  it('has one outcome per resource, with evidence and a rendered message, ordered by resource', () => {
    const { outcomes, scope, cluster, takenAt } = evaluate(NODES, [nodesReady]);

    expect(outcomes).toEqual([
      {
        check: 'network-policy/nodes-ready',
        resource: { type: 'node', id: 'a', name: 'a' },
        status: 'fail',
        message: { key: 'not-ready', values: { node: 'a' }, text: 'a is not ready' },
        evidence: [
          {
            fact: 'kubernetes.nodes',
            path: 'value',
            value: 'False',
            grade: 'observed',
            source: 'test:kubernetes.nodes',
            observedAt: AT,
          },
        ],
      },
      {
        check: 'network-policy/nodes-ready',
        resource: { type: 'node', id: 'b', name: 'b' },
        status: 'pass',
        message: { key: 'ready', values: { node: 'b' }, text: 'b is ready' },
        evidence: [
          {
            fact: 'kubernetes.nodes',
            path: 'value',
            value: 'True',
            grade: 'observed',
            source: 'test:kubernetes.nodes',
            observedAt: AT,
          },
        ],
      },
    ]);
    expect(scope).toEqual([
      { check: 'network-policy/nodes-ready', population: 'complete', resources: ['node:a', 'node:b'] },
    ]);
    expect({ cluster, takenAt }).toEqual({ cluster: CLUSTER, takenAt: AT });
  });

  it('is not-applicable on the cluster when there is nothing to examine', () => {
    const { outcomes, scope } = evaluate(snapshot({ 'kubernetes.nodes': [] }), [nodesReady]);

    expect(outcomes).toEqual([
      {
        check: 'network-policy/nodes-ready',
        resource: { type: 'cluster', id: 'shop-prod', name: 'shop-prod' },
        status: 'not-applicable',
        message: { key: 'nothing-to-examine', values: {}, text: 'The cluster has nothing that this check examines' },
        evidence: [],
      },
    ]);
    expect(scope).toEqual([
      { check: 'network-policy/nodes-ready', population: 'complete', resources: ['cluster:shop-prod'] },
    ]);
  });

  it('keeps not-evaluated on the resource that it is about; the population is still complete', () => {
    const { outcomes, scope } = evaluate(NODES, [giving([pass(nodeNamed('a')), notEvaluated(nodeNamed('b'))])]);

    expect(outcomes.map(({ resource, status }) => [resource.id, status])).toEqual([
      ['a', 'pass'],
      ['b', 'not-evaluated'],
    ]);
    expect(outcomes[1]).toMatchObject({ missing: [{ fact: 'nodes.probes', reason: 'denied' }], evidence: [] });
    expect(scope[0]?.population).toBe('complete');
  });

  it('may say not-applicable for the whole cluster, which is a look', () => {
    const { outcomes, scope } = evaluate(NODES, [giving([notApplicable(clusterNamed('shop-prod'))])]);

    expect(outcomes.map(({ status, evidence }) => [status, evidence])).toEqual([['not-applicable', []]]);
    expect(scope[0]?.population).toBe('complete');
  });

  it('may say not-evaluated for the whole cluster, which is no look', () => {
    const { scope } = evaluate(NODES, [giving([notEvaluated(clusterNamed('shop-prod'))])]);

    expect(scope).toEqual([{ check: 'network-policy/giving', population: 'none', resources: ['cluster:shop-prod'] }]);
  });

  it('of the cluster itself could not look either when it says not-evaluated', () => {
    const check = giving([notEvaluated(clusterNamed('shop-prod'))], { resource: 'cluster' });

    expect(evaluate(NODES, [check]).scope[0]?.population).toBe('none');
  });
});

describe('a check that lacks facts', () => {
  const check: Check = {
    ...addonActive,
    evaluate: () => {
      throw new Error('the body was called');
    },
  };

  it('is one not-evaluated on the cluster that lists every missing need; the body is not called', () => {
    const { outcomes, scope } = evaluate(snapshot({ 'eks.cluster': 'denied', 'eks.vpc-cni-addon': 'throttled' }), [
      check,
    ]);

    expect(outcomes).toEqual([
      {
        check: 'fleet/addon-active',
        resource: { type: 'cluster', id: 'shop-prod', name: 'shop-prod' },
        status: 'not-evaluated',
        message: {
          key: 'facts-missing',
          values: { facts: 'eks.cluster (denied), eks.vpc-cni-addon (throttled)' },
          text: 'Could not be evaluated, facts are missing: eks.cluster (denied), eks.vpc-cni-addon (throttled)',
        },
        missing: [
          { fact: 'eks.cluster', reason: 'denied', detail: 'eks.cluster was not read', source: 'test:eks.cluster' },
          {
            fact: 'eks.vpc-cni-addon',
            reason: 'throttled',
            detail: 'eks.vpc-cni-addon was not read',
            source: 'test:eks.vpc-cni-addon',
          },
        ],
        evidence: [],
      },
    ]);
    expect(scope).toEqual([{ check: 'fleet/addon-active', population: 'none', resources: ['cluster:shop-prod'] }]);
  });

  it('lists only what is missing', () => {
    const { outcomes } = evaluate(snapshot({ 'eks.cluster': eksCluster(), 'eks.vpc-cni-addon': 'partial' }), [check]);

    expect(outcomes[0]?.message.values).toEqual({ facts: 'eks.vpc-cni-addon (partial)' });
  });

  it('runs when a need was looked at and is absent', () => {
    const { outcomes } = evaluate(snapshot({ 'eks.cluster': eksCluster(), 'eks.vpc-cni-addon': 'absent' }), [
      addonActive,
    ]);

    expect(outcomes.map(({ status, message }) => [status, message.key])).toEqual([['not-applicable', 'no-addon']]);
  });

  it('rests on no fact with an impossible time, not even one that it merely uses', () => {
    const used = giving([pass(nodeNamed('a'))], {
      uses: ['eks.cluster'],
      evaluate: (given) => [{ ...pass(nodeNamed('a')), values: { what: given['eks.cluster'].state } }],
    });
    const given = facts({ 'kubernetes.nodes': [] });
    const late = observed(eksCluster(), 'test:eks.cluster', '2026-11-20T09:15:01Z');
    const { outcomes } = evaluate({ cluster: CLUSTER, takenAt: AT, facts: { ...given, 'eks.cluster': late } }, [used]);

    expect(outcomes.map(({ message }) => message.text)).toEqual(['Said unobserved']);
  });
});

describe('a check that fails to run', () => {
  it('is one not-evaluated with the bounded, escaped error, and the others proceed', () => {
    const broken = snapshot({ 'kubernetes.nodes': [node({ name: 'a' }), node({ name: 'broken' })] });
    const { outcomes, scope } = evaluate(broken, [throwsOnBroken, nodesReady]);

    expect(outcomes.map(({ check, status }) => [check, status])).toEqual([
      ['network-policy/nodes-ready', 'pass'],
      ['network-policy/nodes-ready', 'pass'],
      ['network-policy/throws-on-broken', 'not-evaluated'],
    ]);
    expect(outcomes[2]).toEqual({
      check: 'network-policy/throws-on-broken',
      resource: { type: 'cluster', id: 'shop-prod', name: 'shop-prod' },
      status: 'not-evaluated',
      message: {
        key: 'check-error',
        values: { check: 'network-policy/throws-on-broken', error: 'cannot read\\u{1b}[31m this\\u{a}node' },
        text: 'Could not be evaluated, the check network-policy/throws-on-broken failed to run: cannot read\\u{1b}[31m this\\u{a}node',
      },
      missing: [],
      evidence: [],
    });
    expect(scope.map(({ population }) => population)).toEqual(['complete', 'none']);
  });

  it('has its error cut at 200 characters', () => {
    const check = giving([], {
      evaluate: () => {
        throw new Error('x'.repeat(5000));
      },
    });

    expect(evaluate(NODES, [check]).outcomes[0]?.message.values['error']).toBe(`${'x'.repeat(199)}…`);
  });

  it.each([
    ['a string', 'no', "'no'"],
    ['nothing', undefined, 'undefined'],
    ['an object without a prototype', Object.create(null), '[Object: null prototype] {}'],
  ])('may throw %s', (_, thrown, shown) => {
    const check = giving([], {
      evaluate: () => {
        throw thrown;
      },
    });

    expect(evaluate(NODES, [check]).outcomes[0]?.message.values['error']).toBe(shown);
  });
});

describe('results that contradict themselves are a check-error', () => {
  const said = (error: string): readonly string[] => [
    `cluster:shop-prod not-evaluated check-error | Could not be evaluated, the check network-policy/giving failed to run: ${error}`,
  ];

  it('two results for one resource', () => {
    expect(briefly(giving([pass(nodeNamed('a')), notApplicable(nodeNamed('a'))]))).toEqual(
      said('two results for node:a'),
    );
  });

  it('a resource of a type that the check does not examine', () => {
    const daemonset = { type: 'daemonset', id: 'a', name: 'a' } as const;
    expect(briefly(giving([pass(daemonset)]))).toEqual(said('a result for a daemonset; it examines a node'));
  });

  it('a pass for the whole cluster of a check that examines nodes', () => {
    expect(briefly(giving([pass(clusterNamed('shop-prod'))]))).toEqual(
      said('pass for the cluster; it examines a node'),
    );
  });

  it('another cluster', () => {
    expect(briefly(giving([notApplicable(clusterNamed('shop-test'))]))).toEqual(
      said('a result for another cluster, shop-test'),
    );
    expect(briefly(giving([pass(clusterNamed('shop-test'))], { resource: 'cluster' }))).toEqual(
      said('a result for another cluster, shop-test'),
    );
  });

  it('a statement about the whole cluster beside one about a node', () => {
    expect(briefly(giving([notEvaluated(clusterNamed('shop-prod')), pass(nodeNamed('a'))]))).toEqual(
      said('a result for the whole cluster beside others'),
    );
  });

  it('no list', () => {
    expect(briefly(giving(Promise.resolve([])))).toEqual(said('it returned no list'));
  });

  it('a list with a hole', () => {
    expect(briefly(giving([undefined]))[0]).toContain('check-error');
  });
});

describe('order', () => {
  it('is by check id, then resource, whatever the order of the checks and of the fact', () => {
    const turned = snapshot({
      'kubernetes.nodes': [node({ name: 'a', ready: 'False' }), node({ name: 'b' })],
      'eks.cluster': eksCluster(),
      'eks.vpc-cni-addon': addon(),
    });
    const { outcomes } = evaluate(turned, [throwsOnBroken, nodesReady, addonActive]);

    expect(outcomes.map(({ check, resource }) => `${check} ${resource.id}`)).toEqual([
      'fleet/addon-active shop-prod',
      'network-policy/nodes-ready a',
      'network-policy/nodes-ready b',
      'network-policy/throws-on-broken a',
      'network-policy/throws-on-broken b',
    ]);
    expect(evaluate(NODES, [nodesReady])).toEqual(evaluate(turned, [nodesReady]));
  });

  it('is by UTF-16 unit, not by locale', () => {
    const { outcomes } = evaluate(NODES, [giving(['b', 'a', 'B', 'Z', 'é'].map((name) => pass(nodeNamed(name))))]);

    expect(outcomes.map(({ resource }) => resource.id)).toEqual(['B', 'Z', 'a', 'b', 'é']);
  });
});

it('gives no message keys beyond the three that are known', () => {
  expect(Object.keys(ENGINE_MESSAGES)).toEqual(['facts-missing', 'check-error', 'nothing-to-examine']);
});

it('does not run a check on a snapshot whose time is no time', () => {
  const { outcomes } = evaluate({ ...NODES, takenAt: 'yesterday' }, [nodesReady]);

  expect(outcomes.map(({ status, message }) => [status, message.values])).toEqual([
    ['not-evaluated', { facts: 'kubernetes.nodes (malformed)' }],
  ]);
});

it('keeps the reason of a fact that was not observed, whatever its time', () => {
  const given = facts({});
  const refused = unobserved('denied', 'refused', 'GET /api/v1/nodes', 'never');
  const { outcomes } = evaluate({ cluster: CLUSTER, takenAt: AT, facts: { ...given, 'kubernetes.nodes': refused } }, [
    nodesReady,
  ]);

  expect(outcomes.map(({ message }) => message.values)).toEqual([{ facts: 'kubernetes.nodes (denied)' }]);
});
