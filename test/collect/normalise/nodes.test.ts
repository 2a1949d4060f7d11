import { describe, expect, test } from 'vitest';
import { normaliseNode, normaliseNodes } from '../../../shared/collect/normalise/nodes.ts';
import { refusal, HOSTILE_MAP } from './malformed.ts';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name: 'ip-10-0-1-5.us-west-2.compute.internal',
    uid: '6f1f0a52-0000-4000-8000-000000000001',
    creationTimestamp: '2026-11-01T00:00:00Z',
    labels: { 'kubernetes.io/os': 'linux' },
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{}',
      'csi.volume.kubernetes.io/nodeid': 'i'.repeat(300),
    },
    resourceVersion: '123',
  },
  spec: {
    providerID: 'aws:///us-west-2a/i-0a',
    taints: [
      { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule', timeAdded: '2026-11-01T00:00:00Z' },
      { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
    ],
  },
  status: {
    allocatable: { cpu: '1930m', 'vpc.amazonaws.com/pod-eni': '9' },
    addresses: [
      { type: 'InternalIP', address: '10.0.1.5' },
      { type: 'InternalIP', address: '10.0.1.6' },
      { type: 'Hostname', address: 'ip-10-0-1-5' },
    ],
    conditions: [
      { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
      { type: 'DiskPressure', status: 'False' },
    ],
    nodeInfo: {
      operatingSystem: 'linux',
      architecture: 'amd64',
      osImage: 'Amazon Linux 2023.9.20251110',
      kernelVersion: '6.12.53-69.119.amzn2023.x86_64',
      kubeletVersion: 'v1.33.5-eks-113cf36',
      machineID: 'ec2',
    },
  },
};

describe('Node', () => {
  test('a node as the API gives it', () => {
    expect(normaliseNode(node)).toEqual({
      name: 'ip-10-0-1-5.us-west-2.compute.internal',
      uid: '6f1f0a52-0000-4000-8000-000000000001',
      createdAt: '2026-11-01T00:00:00Z',
      providerId: 'aws:///us-west-2a/i-0a',
      labels: { 'kubernetes.io/os': 'linux' },
      annotations: { 'csi.volume.kubernetes.io/nodeid': `${'i'.repeat(255)}…` },
      operatingSystem: 'linux',
      architecture: 'amd64',
      osImage: 'Amazon Linux 2023.9.20251110',
      kernelVersion: '6.12.53-69.119.amzn2023.x86_64',
      kubeletVersion: 'v1.33.5-eks-113cf36',
      ready: 'True',
      conditions: [
        { type: 'DiskPressure', status: 'False', reason: '' },
        { type: 'Ready', status: 'True', reason: 'KubeletReady' },
      ],
      allocatable: { cpu: '1930m', 'vpc.amazonaws.com/pod-eni': '9' },
      internalIPs: ['10.0.1.5', '10.0.1.6'],
      taints: [
        { key: 'dedicated', effect: 'NoSchedule' },
        { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' },
      ],
    });
  });

  test('a node that has reported nothing yet is neither ready nor unready', () => {
    const { nodeInfo } = node.status;
    const silent = normaliseNode({ ...node, spec: {}, status: { nodeInfo: { ...nodeInfo, kernelVersion: '' } } });
    expect(silent).toMatchObject({ ready: 'Unknown', kernelVersion: '', conditions: [], internalIPs: [], taints: [] });
    expect(silent).not.toHaveProperty('providerId');
    expect(Object.keys(silent.allocatable)).toEqual([]);
  });

  test('hostile label keys are carried', () => {
    const read = normaliseNode({ ...node, metadata: { ...node.metadata, labels: HOSTILE_MAP } });
    expect(Object.entries(read.labels)[0]).toEqual(['__proto__', 'polluted']);
  });

  test('a fault is named with its place in the list', () => {
    const faulty = { ...node, status: { ...node.status, nodeInfo: { ...node.status.nodeInfo, kernelVersion: 6 } } };
    expect(refusal(() => normaliseNodes({ kind: 'List', items: [node, node, node, faulty] }))).toEqual({
      path: 'items[3].status.nodeInfo.kernelVersion',
      expected: 'string',
      found: 'number 6',
    });
  });

  test.each([
    { change: { status: undefined }, path: 'status', expected: 'object', found: 'nothing' },
    { change: { spec: null }, path: 'spec', expected: 'object', found: 'null' },
    {
      change: { status: { ...node.status, conditions: [{ type: 'Ready', status: 'true' }] } },
      path: 'status.conditions[0].status',
      expected: '"True" or "False" or "Unknown"',
      found: '"true"',
    },
    {
      change: { metadata: { ...node.metadata, creationTimestamp: null } },
      path: 'metadata.creationTimestamp',
      expected: 'string',
      found: 'null',
    },
  ])('$path must be $expected', ({ change, path, expected, found }) => {
    expect(refusal(() => normaliseNode({ ...node, ...change }))).toEqual({ path, expected, found });
  });
});
