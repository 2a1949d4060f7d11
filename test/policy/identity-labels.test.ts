import { describe, expect, test } from 'vitest';

import type { Labels, Pod } from '../../shared/model/facts-kubernetes.ts';
import { namespaceSelector, workloadKey, workloadSelectors } from '../../shared/policy/identity-labels.ts';
import { pod, selector } from './cluster.ts';

const owned = (path: string, owner: string, labels: Labels, parts: Partial<Pod> = {}): Pod =>
  pod(path, { labels, owner: { kind: 'ReplicaSet', name: owner }, ...parts });

describe('workloadKey', () => {
  test('is the Deployment behind a ReplicaSet, so that a rollout does not split it', () => {
    const before = owned('x/web-1-a', 'web-1', { 'pod-template-hash': '1' });
    const after = owned('x/web-2-b', 'web-2', { 'pod-template-hash': '2' });
    expect(workloadKey(before)).toBe('x/Deployment/web');
    expect(workloadKey(after)).toBe('x/Deployment/web');
  });

  test('is the owner, or the pod itself', () => {
    expect(workloadKey(pod('x/db-0', { owner: { kind: 'StatefulSet', name: 'db' } }))).toBe('x/StatefulSet/db');
    expect(workloadKey(owned('x/a', 'web-1', {}))).toBe('x/ReplicaSet/web-1');
    const { owner: _, ...bare } = pod('x/alone');
    expect(workloadKey(bare)).toBe('x/Pod/alone');
  });
});

describe('workloadSelectors', () => {
  test('take the most telling label that sets the workload apart', () => {
    const target = owned('x/a', 'web', { tier: 'front', app: 'web', 'app.kubernetes.io/name': 'web', zone: 'q' });
    const selectors = workloadSelectors(target, [target, owned('x/b', 'api', { app: 'api' })]);
    expect(selectors.workload).toEqual(selector({ 'app.kubernetes.io/name': 'web' }));
    expect(selectors.exact).toEqual(
      selector({ 'app.kubernetes.io/name': 'web', app: 'web', tier: 'front', zone: 'q' }),
    );
  });

  test('add labels until no stranger is left', () => {
    const target = owned('x/a', 'web', { app: 'shop', component: 'web', part: 'one' });
    const stranger = owned('x/b', 'api', { app: 'shop', component: 'api', part: 'one' });
    expect(workloadSelectors(target, [target, stranger]).workload).toEqual(selector({ app: 'shop', component: 'web' }));
  });

  test('skip labels that set nothing apart', () => {
    const target = owned('x/a', 'web', { app: 'shop', component: 'all', role: 'web' });
    const stranger = owned('x/b', 'api', { app: 'shop', component: 'all', role: 'api' });
    expect(workloadSelectors(target, [target, stranger]).workload).toEqual(selector({ app: 'shop', role: 'web' }));
  });

  test.each<Labels>([
    { 'pod-template-hash': '7d9c5b8f6d' },
    { 'controller-revision-hash': 'web-5c9d' },
    { 'statefulset.kubernetes.io/pod-name': 'web-0' },
    { 'apps.kubernetes.io/pod-index': '0' },
    { 'batch.kubernetes.io/job-name': 'nightly' },
    { 'job-name': 'nightly' },
    { 'controller-uid': 'c0ffee' },
    { 'app.kubernetes.io/version': '1.2.3' },
    { 'helm.sh/chart': 'web-1.2.3' },
    { 'topology.kubernetes.io/zone': 'eu-west-1a' },
    { build: 'deadbeef01' },
    { release: 'v1.2.3' },
    { rolled: '2026-11-21T09-00' },
  ])('never use %j', (labels) => {
    const target = owned('x/a', 'web', labels);
    expect(workloadSelectors(target, [target])).toEqual({ workload: selector(), exact: selector() });
  });

  test('use only labels that every replica has', () => {
    const target = owned('x/a', 'web', { app: 'web', canary: 'yes' });
    const sibling = owned('x/b', 'web', { app: 'web' });
    expect(workloadSelectors(target, [target, sibling]).exact).toEqual(selector({ app: 'web' }));
  });

  test('leave finished, hostNetwork and other namespaces pods out of account', () => {
    const target = owned('x/a', 'web', { app: 'shop', role: 'web' });
    const others = [
      owned('y/b', 'api', { app: 'shop' }),
      owned('x/c', 'job', { app: 'shop' }, { phase: 'Succeeded' }),
      owned('x/d', 'agent', { app: 'shop' }, { hostNetwork: true }),
    ];
    expect(workloadSelectors(target, [target, ...others]).workload).toEqual(selector({ app: 'shop' }));
  });
});

describe('namespaceSelector', () => {
  const labels: { readonly [name: string]: Labels } = {
    a: { 'kubernetes.io/metadata.name': 'a', team: 'red' },
    b: { team: 'red', stage: 'prod' },
    c: { team: 'red', stage: 'test' },
    d: {},
  };
  const selectorOf = (name: string) =>
    namespaceSelector(name, (of) => labels[of] ?? {}, Object.keys(labels), 'kubernetes.io/metadata.name');

  test('prefers the automatic name label', () => {
    expect(selectorOf('a')).toEqual(selector({ 'kubernetes.io/metadata.name': 'a' }));
  });

  test('else takes the labels that tell it from the others', () => {
    expect(selectorOf('b')).toEqual(selector({ stage: 'prod' }));
  });

  test('is empty where there are none', () => {
    expect(selectorOf('d')).toEqual(selector());
  });
});
