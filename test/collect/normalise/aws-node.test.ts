import { describe, expect, test } from 'vitest';
import { normaliseAwsNodePod, normaliseAwsNodePods } from '../../../shared/collect/normalise/aws-node-pods.ts';
import { normaliseDaemonSet } from '../../../shared/collect/normalise/daemonset.ts';
import { refusal } from './malformed.ts';

const podSpec = {
  initContainers: [{ name: 'aws-vpc-cni-init', image: 'r/amazon-k8s-cni-init:v1.21.1-eksbuild.1' }],
  containers: [
    {
      name: 'aws-node',
      image: 'r/amazon-k8s-cni:v1.21.1-eksbuild.1',
      env: [
        { name: 'NETWORK_POLICY_ENFORCING_MODE', value: 'standard' },
        { name: 'MY_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        { name: 'EMPTY' },
        { name: 'TWICE', value: 'first' },
        { name: 'TWICE', value: 'last' },
        { name: '__proto__', value: 'x' },
        { name: 'REPLACED', value: 'literal' },
        { name: 'REPLACED', valueFrom: { configMapKeyRef: { name: 'a', key: 'b' } } },
        { name: 'LITERAL_AFTER_ALL', valueFrom: { secretKeyRef: { name: 'a', key: 'b' } } },
        { name: 'LITERAL_AFTER_ALL', value: 'yes', valueFrom: null },
      ],
    },
    {
      name: 'aws-eks-nodeagent',
      image: 'r/amazon/aws-network-policy-agent:v1.3.1-eksbuild.1',
      command: ['/controller'],
      args: ['--enable-network-policy=true', '--enable-ipv6=false'],
      volumeMounts: [
        { name: 'log-dir', mountPath: '/var/log/aws-routed-eni' },
        { name: 'bpf-pin-path', mountPath: '/sys/fs/bpf' },
        { name: 'token', mountPath: '/var/run/secrets' },
      ],
    },
  ],
  volumes: [
    { name: 'bpf-pin-path', hostPath: { path: '/sys/fs/bpf', type: '' } },
    { name: 'log-dir', hostPath: { path: '/var/log/aws-routed-eni' } },
    { name: 'token', projected: {} },
  ],
};

const containers = {
  initContainers: [
    {
      name: 'aws-vpc-cni-init',
      image: 'r/amazon-k8s-cni-init:v1.21.1-eksbuild.1',
      args: [],
      env: {},
      hostPathMounts: [],
    },
  ],
  containers: [
    expect.objectContaining({ name: 'aws-node', args: [], hostPathMounts: [] }),
    {
      name: 'aws-eks-nodeagent',
      image: 'r/amazon/aws-network-policy-agent:v1.3.1-eksbuild.1',
      args: ['/controller', '--enable-network-policy=true', '--enable-ipv6=false'],
      env: {},
      hostPathMounts: ['/sys/fs/bpf', '/var/log/aws-routed-eni'],
    },
  ],
};

const daemonSet = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {
    name: 'aws-node',
    namespace: 'kube-system',
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 4,
    labels: { 'k8s-app': 'aws-node' },
  },
  spec: { template: { spec: podSpec }, updateStrategy: { type: 'OnDelete' } },
  status: { desiredNumberScheduled: 3, numberReady: 2, observedGeneration: 4, updatedNumberScheduled: 1 },
};

describe('DaemonSet aws-node', () => {
  test('the object as kubectl prints it', () => {
    expect(normaliseDaemonSet(daemonSet)).toEqual({
      namespace: 'kube-system',
      name: 'aws-node',
      createdAt: '2026-01-01T00:00:00Z',
      generation: 4,
      observedGeneration: 4,
      labels: { 'k8s-app': 'aws-node' },
      ...containers,
      updateStrategy: 'OnDelete',
      desired: 3,
      ready: 2,
      updated: 1,
    });
  });

  test('an environment holds literal values: the last of a name, empty where none is written, none from elsewhere', () => {
    const [awsNode] = normaliseDaemonSet(daemonSet).containers;
    expect(Object.entries(awsNode?.env ?? {})).toEqual([
      ['NETWORK_POLICY_ENFORCING_MODE', 'standard'],
      ['EMPTY', ''],
      ['TWICE', 'last'],
      ['__proto__', 'x'],
      ['LITERAL_AFTER_ALL', 'yes'],
    ]);
  });

  test('names what is set from elsewhere, also over a literal of the same name', () => {
    const [awsNode, agent] = normaliseDaemonSet(daemonSet).containers;
    expect(awsNode?.unresolvedEnv).toEqual(['MY_NODE_NAME', 'REPLACED']);
    expect(agent).not.toHaveProperty('unresolvedEnv');
  });

  test('does not know which variables a whole ConfigMap sets', () => {
    const [awsNode] = podSpec.containers;
    const taken = { ...podSpec, containers: [{ ...awsNode, envFrom: [{ configMapRef: { name: 'a' } }] }] };
    const [read] = normaliseDaemonSet({ ...daemonSet, spec: { template: { spec: taken } } }).containers;
    expect(read?.unresolvedEnv).toBe('any');
    expect(read?.env).toMatchObject({ NETWORK_POLICY_ENFORCING_MODE: 'standard' });
  });

  test('counts that Go leaves out are 0, and the default strategy is rolling', () => {
    const status = { desiredNumberScheduled: 0, numberReady: 0 };
    const spec = { template: { spec: podSpec } };
    expect(normaliseDaemonSet({ ...daemonSet, spec, status })).toMatchObject({
      observedGeneration: 0,
      updated: 0,
      updateStrategy: 'RollingUpdate',
    });
  });

  test('a list is no DaemonSet', () => {
    expect(refusal(() => normaliseDaemonSet({ kind: 'List', items: [] }))).toEqual({
      path: 'kind',
      expected: '"DaemonSet"',
      found: '"List"',
    });
  });

  test('the number of ready pods is promised', () => {
    expect(refusal(() => normaliseDaemonSet({ ...daemonSet, status: { desiredNumberScheduled: 1 } }))).toEqual({
      path: 'status.numberReady',
      expected: 'number',
      found: 'nothing',
    });
  });
});

const pod = {
  kind: 'Pod',
  metadata: {
    name: 'aws-node-x7k2p',
    uid: '6f1f0a52-0000-4000-8000-0000000000a1',
    creationTimestamp: '2026-11-01T00:01:00Z',
    labels: { 'k8s-app': 'aws-node', 'controller-revision-hash': '7d9c6b5f4' },
  },
  spec: { ...podSpec, nodeName: 'node-a' },
  status: {
    phase: 'Running',
    initContainerStatuses: [
      {
        name: 'aws-vpc-cni-init',
        ready: true,
        restartCount: 0,
        state: { terminated: { reason: 'Completed', exitCode: 0 } },
      },
    ],
    containerStatuses: [
      { name: 'aws-node', ready: true, restartCount: 1, state: { running: { startedAt: '2026-11-01T00:01:10Z' } } },
      { name: 'aws-eks-nodeagent', ready: false, restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } },
      { name: 'empty', ready: false, restartCount: 0, state: {} },
      { name: 'silent', ready: false, restartCount: 0 },
    ],
  },
};

describe('pods of aws-node', () => {
  test('a pod with what it really runs', () => {
    expect(normaliseAwsNodePod(pod)).toEqual({
      name: 'aws-node-x7k2p',
      uid: '6f1f0a52-0000-4000-8000-0000000000a1',
      nodeName: 'node-a',
      createdAt: '2026-11-01T00:01:00Z',
      phase: 'Running',
      revision: '7d9c6b5f4',
      ...containers,
      statuses: [
        { name: 'aws-vpc-cni-init', ready: true, restartCount: 0, state: 'terminated', reason: 'Completed' },
        { name: 'aws-node', ready: true, restartCount: 1, state: 'running', reason: '' },
        { name: 'aws-eks-nodeagent', ready: false, restartCount: 7, state: 'waiting', reason: 'CrashLoopBackOff' },
        { name: 'empty', ready: false, restartCount: 0, state: 'waiting', reason: '' },
        { name: 'silent', ready: false, restartCount: 0, state: 'unknown', reason: '' },
      ],
    });
  });

  test('a pod that waits for its place names the node it is meant for', () => {
    const affinity = {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-b'] }] }],
        },
      },
    };
    const pending = { ...pod, spec: { ...podSpec, affinity }, status: { phase: 'Pending' } };
    expect(normaliseAwsNodePod(pending)).toMatchObject({ nodeName: 'node-b', phase: 'Pending', statuses: [] });
  });

  test('a pod without the controller’s label has no revision', () => {
    expect(normaliseAwsNodePod({ ...pod, metadata: { ...pod.metadata, labels: {} } }).revision).toBe('');
  });

  test('pods are sorted by their node', () => {
    const on = (nodeName: string): object => ({ ...pod, spec: { ...podSpec, nodeName } });
    expect(normaliseAwsNodePods([on('b'), on('a')]).map(({ nodeName }) => nodeName)).toEqual(['a', 'b']);
  });

  test('a status that is no status is named', () => {
    const status = { phase: 'Running', containerStatuses: [{ name: 'aws-node', ready: 'yes', restartCount: 0 }] };
    expect(refusal(() => normaliseAwsNodePods({ kind: 'PodList', items: [{ ...pod, status }] }))).toEqual({
      path: 'items[0].status.containerStatuses[0].ready',
      expected: 'boolean',
      found: '"yes"',
    });
  });
});
