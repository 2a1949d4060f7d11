import { describe, expect, test } from 'vitest';
import { normalisePod, normalisePods } from '../../../shared/collect/normalise/pods.ts';
import { refusal } from './malformed.ts';

const pod = {
  kind: 'Pod',
  metadata: {
    namespace: 'payments',
    name: 'payments-6c9d-abcde',
    uid: '6f1f0a52-0000-4000-8000-0000000000b1',
    creationTimestamp: '2026-11-10T00:00:00Z',
    labels: { app: 'payments' },
    annotations: { 'vpc.amazonaws.com/pod-eni': '[{"eniId":"eni-0a"}]', secret: 'hunter2' },
    ownerReferences: [
      { apiVersion: 'v1', kind: 'ConfigMap', name: 'not-the-controller' },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'payments-6c9d', controller: true },
    ],
  },
  spec: {
    nodeName: 'node-a',
    containers: [
      {
        name: 'app',
        ports: [
          { name: 'https', containerPort: 8443, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
      { name: 'metrics', ports: [{ containerPort: 9090 }] },
    ],
  },
  status: {
    phase: 'Running',
    hostIP: '10.0.1.5',
    podIP: '10.0.1.20',
    podIPs: [{ ip: '10.0.1.20' }, { ip: 'fd00::14' }],
  },
};

describe('Pod', () => {
  test('a pod with what policies and addresses need', () => {
    expect(normalisePod(pod)).toEqual({
      namespace: 'payments',
      name: 'payments-6c9d-abcde',
      uid: '6f1f0a52-0000-4000-8000-0000000000b1',
      createdAt: '2026-11-10T00:00:00Z',
      nodeName: 'node-a',
      phase: 'Running',
      hostNetwork: false,
      podIPs: ['10.0.1.20', 'fd00::14'],
      hostIP: '10.0.1.5',
      labels: { app: 'payments' },
      owner: { kind: 'ReplicaSet', name: 'payments-6c9d' },
      ports: [
        { containerPort: 53, protocol: 'UDP' },
        { name: 'https', containerPort: 8443, protocol: 'TCP' },
        { containerPort: 9090, protocol: 'TCP' },
      ],
      branchEni: 'attached',
    });
  });

  test('annotations are not kept', () => {
    expect(JSON.stringify(normalisePod(pod))).not.toContain('hunter2');
  });

  test('a pending pod of nobody has no node, no address and no owner', () => {
    const { nodeName: _, ...spec } = pod.spec;
    const metadata = { ...pod.metadata, ownerReferences: undefined, annotations: undefined };
    const read = normalisePod({ ...pod, metadata, spec, status: { phase: 'Pending' } });
    expect(read).toMatchObject({ phase: 'Pending', podIPs: [], branchEni: 'none' });
    for (const key of ['nodeName', 'hostIP', 'owner']) expect(read).not.toHaveProperty(key);
  });

  test('an empty pod-eni annotation is no branch interface', () => {
    const metadata = { ...pod.metadata, annotations: { 'vpc.amazonaws.com/pod-eni': '' } };
    expect(normalisePod({ ...pod, metadata }).branchEni).toBe('none');
  });

  test('podIP alone is the pod’s address', () => {
    expect(normalisePod({ ...pod, status: { phase: 'Running', podIP: '10.0.1.20' } }).podIPs).toEqual(['10.0.1.20']);
  });

  test('the host network is said, never guessed', () => {
    expect(normalisePod({ ...pod, spec: { ...pod.spec, hostNetwork: true } }).hostNetwork).toBe(true);
  });

  test('pods are sorted by namespace, then name', () => {
    const named = (namespace: string, name: string): object => ({
      ...pod,
      metadata: { ...pod.metadata, namespace, name },
    });
    expect(
      normalisePods([named('b', 'a'), named('a', 'z'), named('a-b', 'c')]).map(({ namespace }) => namespace),
    ).toEqual(['a', 'a-b', 'b']);
  });

  test('a port that is no number is named', () => {
    const spec = { containers: [{ name: 'app', ports: [{ containerPort: 'http' }] }] };
    expect(refusal(() => normalisePods({ kind: 'PodList', items: [{ ...pod, spec }] }))).toEqual({
      path: 'items[0].spec.containers[0].ports[0].containerPort',
      expected: 'number',
      found: '"http"',
    });
  });
});
