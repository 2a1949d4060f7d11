import { describe, expect, test } from 'vitest';
import { isNetworkWorkload } from '../../../shared/collect/normalise/network-workload-names.ts';
import {
  mergeNetworkWorkloads,
  normaliseNetworkWorkload,
  normaliseNetworkWorkloads,
} from '../../../shared/collect/normalise/network-workloads.ts';
import { refusal } from './malformed.ts';

const workload = (kind: string, namespace: string, name: string, rest: object = {}): object => ({
  kind,
  metadata: { namespace, name, creationTimestamp: '2026-01-01T00:00:00Z' },
  ...rest,
});

const running = (status: object): object => ({
  spec: {
    template: {
      spec: {
        containers: [
          { name: 'b', image: 'quay.io/b:1' },
          { name: 'a', image: 'quay.io/a:1' },
          { name: 'c', image: 'quay.io/b:1' },
        ],
      },
    },
  },
  status,
});

describe('names of network products', () => {
  test.each([
    ['DaemonSet', 'calico-node'],
    ['DaemonSet', 'canal'],
    ['DaemonSet', 'cilium'],
    ['DaemonSet', 'kube-flannel-ds'],
    ['DaemonSet', 'kube-flannel-ds-amd64'],
    ['DaemonSet', 'weave-net'],
    ['DaemonSet', 'kube-router'],
    ['DaemonSet', 'antrea-agent'],
    ['DaemonSet', 'kube-multus-ds'],
    ['Deployment', 'calico-typha'],
    ['Deployment', 'calico-kube-controllers'],
    ['Deployment', 'tigera-operator'],
    ['Deployment', 'cilium-operator'],
    ['ConfigMap', 'calico-config'],
    ['ConfigMap', 'canal-config'],
    ['ConfigMap', 'cilium-config'],
    ['ConfigMap', 'kube-flannel-cfg'],
    ['ConfigMap', 'weave-net'],
  ] as const)('%s %s is one', (kind, name) => {
    expect(isNetworkWorkload(kind, name)).toBe(true);
  });

  test.each([
    ['DaemonSet', 'aws-node'],
    ['DaemonSet', 'calico-node-exporter'],
    ['DaemonSet', 'kube-flannel-ds-'],
    ['DaemonSet', 'constructor'],
    ['Deployment', 'calico-node'],
    ['ConfigMap', 'cilium'],
  ] as const)('%s %s is none', (kind, name) => {
    expect(isNetworkWorkload(kind, name)).toBe(false);
  });
});

describe('network workloads', () => {
  test('a DaemonSet with its images, each once', () => {
    const item = workload('DaemonSet', 'calico-system', 'calico-node', running({ numberReady: 3 }));
    expect(normaliseNetworkWorkload('DaemonSet', item)).toEqual({
      kind: 'DaemonSet',
      namespace: 'calico-system',
      name: 'calico-node',
      createdAt: '2026-01-01T00:00:00Z',
      images: ['quay.io/a:1', 'quay.io/b:1'],
      ready: 3,
    });
  });

  test('a Deployment that has no ready pod leaves the number out', () => {
    const item = workload('Deployment', 'kube-system', 'cilium-operator', running({}));
    expect(normaliseNetworkWorkload('Deployment', item)).toMatchObject({ ready: 0 });
  });

  test('of anything else only the name is read', () => {
    expect(
      normaliseNetworkWorkload('DaemonSet', { kind: 'DaemonSet', metadata: { name: 'aws-node' } }),
    ).toBeUndefined();
  });

  test('three kinds become one sorted list', () => {
    const configMaps = normaliseNetworkWorkloads('ConfigMap', {
      kind: 'List',
      items: [workload('ConfigMap', 'kube-system', 'coredns'), workload('ConfigMap', 'kube-system', 'calico-config')],
    });
    const daemonSets = normaliseNetworkWorkloads('DaemonSet', {
      kind: 'DaemonSetList',
      items: [
        workload('DaemonSet', 'z', 'cilium', running({ numberReady: 0 })),
        workload('DaemonSet', 'a', 'cilium', running({ numberReady: 1 })),
      ],
    });
    expect(mergeNetworkWorkloads(daemonSets, configMaps).map(({ kind, namespace }) => `${kind} ${namespace}`)).toEqual([
      'ConfigMap kube-system',
      'DaemonSet a',
      'DaemonSet z',
    ]);
  });

  test('a fault in one that matters is named', () => {
    const raw = {
      kind: 'List',
      items: [workload('DaemonSet', 'a', 'x'), workload('DaemonSet', 'a', 'cilium', running({}))],
    };
    expect(refusal(() => normaliseNetworkWorkloads('DaemonSet', raw))).toEqual({
      path: 'items[1].status.numberReady',
      expected: 'number',
      found: 'nothing',
    });
  });
});
