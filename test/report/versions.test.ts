import { describe, expect, it } from 'vitest';
import { absent, observed, unobserved } from '../../shared/model/fact.ts';
import type { DaemonSet } from '../../shared/model/facts-kubernetes.ts';
import type { Facts, Snapshot } from '../../shared/model/snapshot.ts';
import { versionsOf } from '../../shared/report/versions.ts';
import { clusterAt, sampleReport } from '../support/report-sample.ts';

const AT = '2026-11-20T09:00:00Z';
const LAB = { cluster: clusterAt('lab', 'us-west-2'), version: '1.33', nodes: ['enforced'] } as const;

const snapshot = (cni: string, facts: Partial<Facts> = {}): Snapshot => {
  const [first] = sampleReport([{ ...LAB, cni }], []).clusters;
  if (first === undefined) throw new Error('no cluster');
  return { ...first.snapshot, facts: { ...first.snapshot.facts, ...facts } };
};

const daemonSet = (image: string): Facts['kubernetes.aws-node'] => {
  const container = { name: 'aws-node', image, args: [], env: {}, hostPathMounts: [] };
  const value: DaemonSet = {
    namespace: 'kube-system',
    name: 'aws-node',
    createdAt: AT,
    generation: 1,
    observedGeneration: 1,
    labels: {},
    initContainers: [],
    containers: [container],
    updateStrategy: 'RollingUpdate',
    desired: 1,
    ready: 1,
    updated: 1,
  };
  return observed(value, 'GET daemonset', AT);
};
const DENIED = unobserved('denied', 'AccessDenied', 'eks:DescribeCluster', AT);
const NO_ADDON = absent('eks:DescribeAddon', AT);

describe('versionsOf', () => {
  it('takes the add-on, which names the build', () => {
    expect(versionsOf(snapshot('v1.20.4-eksbuild.1'))).toEqual({ kubernetes: '1.33', cni: 'v1.20.4-eksbuild.1' });
  });

  it('takes the image of a self-managed DaemonSet', () => {
    const facts = {
      'eks.vpc-cni-addon': NO_ADDON,
      'kubernetes.aws-node': daemonSet('repo.example/amazon-k8s-cni:v1.19.5'),
    };
    expect(versionsOf(snapshot('x', facts)).cni).toBe('v1.19.5 self-managed');
  });

  it('does not say who manages a DaemonSet while the add-on could not be read', () => {
    const facts = {
      'eks.vpc-cni-addon': DENIED,
      'kubernetes.aws-node': daemonSet('registry.example:5000/cni:1.21.1@sha256:0f'),
    };
    expect(versionsOf(snapshot('x', facts)).cni).toBe('1.21.1');
  });

  it('gives no version for an image that carries none', () => {
    const facts = { 'eks.vpc-cni-addon': NO_ADDON, 'kubernetes.aws-node': daemonSet('registry.example:5000/cni') };
    expect(versionsOf(snapshot('x', facts))).toEqual({ kubernetes: '1.33' });
  });

  it('names Auto Mode, which runs no aws-node', () => {
    expect(versionsOf(snapshot('auto-mode')).cni).toBe('EKS Auto Mode');
  });

  it('falls back to what the API server says of itself', () => {
    const access = observed(
      { serverVersion: 'v1.32.9-eks-113cf36', answered: [], refused: [], failed: [] },
      'GET /version',
      AT,
    );
    expect(versionsOf(snapshot('v1', { 'eks.cluster': DENIED, 'kubernetes.access': access })).kubernetes).toBe('1.32');
  });

  it('says nothing where nothing could be read', () => {
    const facts = {
      'eks.cluster': DENIED,
      'eks.vpc-cni-addon': DENIED,
      'kubernetes.access': DENIED,
      'kubernetes.aws-node': DENIED,
    };
    expect(versionsOf(snapshot('v1', facts))).toEqual({});
  });
});
