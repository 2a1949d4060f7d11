import { describe, expect, it } from 'vitest';
import { calicoTraces } from '../../../shared/checks/links/calico.ts';
import { observed } from '../../../shared/model/fact.ts';
import { AT, node } from '../../support/cluster.ts';

const none = {
  'kubernetes.network-workloads': observed([], 'test', AT),
  'kubernetes.crds': observed([], 'test', AT),
  'kubernetes.api-services': observed([], 'test', AT),
  'kubernetes.nodes': observed([], 'test', AT),
} as const;

const shown = (traces: ReturnType<typeof calicoTraces>) => traces.map(({ kind, evidence }) => [kind, evidence.value]);

describe('calicoTraces', () => {
  it('finds nothing in an empty cluster', () => {
    expect(calicoTraces(none)).toEqual([]);
  });

  it('shows how many pods of a workload are ready', () => {
    const workload = {
      kind: 'DaemonSet',
      namespace: 'calico-system',
      name: 'calico-node',
      createdAt: AT,
      images: [],
      ready: 3,
    } as const;
    const workloads = observed([workload, { ...workload, name: 'calico-typha', ready: 0 }], 'test', AT);
    expect(shown(calicoTraces({ ...none, 'kubernetes.network-workloads': workloads }))).toEqual([
      ['running', '3'],
      ['left-over', '0'],
    ]);
  });

  it('shows when a CRD was made and the finalizers that would block its deletion', () => {
    const crd = {
      name: 'installations.operator.tigera.io',
      group: 'operator.tigera.io',
      createdAt: '2025-02-01T00:00:00Z',
      servedVersions: ['v1'],
      finalizers: ['tigera.io/operator-cleanup', 'customresourcecleanup.apiextensions.k8s.io'],
    };
    const crds = observed([crd, { ...crd, finalizers: [] }], 'test', AT);
    expect(shown(calicoTraces({ ...none, 'kubernetes.crds': crds }))).toEqual([
      [
        'left-over',
        'created 2025-02-01T00:00:00Z; finalizers tigera.io/operator-cleanup, customresourcecleanup.apiextensions.k8s.io',
      ],
      ['left-over', 'created 2025-02-01T00:00:00Z; finalizers none'],
    ]);
  });

  it('shows whether an API service is available', () => {
    const services = observed([{ name: 'v3.projectcalico.org', available: 'False' } as const], 'test', AT);
    expect(shown(calicoTraces({ ...none, 'kubernetes.api-services': services }))).toEqual([['left-over', 'False']]);
  });

  it('shows the annotation of a node before its condition, and the condition where there is no annotation', () => {
    const conditions = [{ type: 'NetworkUnavailable', status: 'False', reason: 'CalicoIsUp' }];
    const annotated = node({ annotations: { 'projectcalico.org/IPv4Address': '10.0.1.5/24' }, conditions });
    const nodes = observed([annotated, node({ name: 'ip-10-0-2-6', conditions })], 'test', AT);
    expect(shown(calicoTraces({ ...none, 'kubernetes.nodes': nodes }))).toEqual([
      ['node', '10.0.1.5/24'],
      ['node', 'CalicoIsUp'],
    ]);
  });
});
