import { describe, expect, it } from 'vitest';
import { workloadOf } from '../../../shared/verdicts/resolve/workload.ts';
import { pod } from '../../support/cluster.ts';

const owned = (kind: string, name: string, labels = {}): ReturnType<typeof pod> =>
  pod({ namespace: 'shop', name: 'web-7d9f8c6b5-x2x4z', owner: { kind, name }, labels });

describe('the workload of a pod', () => {
  it('is the Deployment where the ReplicaSet ends in the hash of the pod template', () => {
    expect(workloadOf(owned('ReplicaSet', 'web-7d9f8c6b5', { 'pod-template-hash': '7d9f8c6b5' }))).toEqual({
      kind: 'Deployment',
      namespace: 'shop',
      name: 'web',
    });
  });

  it.each([
    ['the label is missing', {}],
    ['the label is of another template', { 'pod-template-hash': '5c4d3e2f1' }],
    ['the label is empty', { 'pod-template-hash': '' }],
  ])('stays the ReplicaSet where %s', (_, labels) => {
    expect(workloadOf(owned('ReplicaSet', 'web-7d9f8c6b5', labels))).toMatchObject({
      kind: 'ReplicaSet',
      name: 'web-7d9f8c6b5',
    });
  });

  it('is the Rollout of Argo by a label of its own', () => {
    const labels = { 'rollouts-pod-template-hash': '7d9f8c6b5' };
    expect(workloadOf(owned('ReplicaSet', 'web-7d9f8c6b5', labels))).toMatchObject({ kind: 'Rollout', name: 'web' });
  });

  it('is the CronJob where the Job is named after the minute of its schedule', () => {
    const minute = Date.parse('2026-11-20T02:00:00Z') / 60_000;
    const job = { ...owned('Job', `backup-${minute}`), createdAt: '2026-11-20T02:00:04Z' };
    expect(workloadOf(job)).toMatchObject({ kind: 'CronJob', name: 'backup' });
  });

  it.each(['backup-20261120', 'migrate-2', 'backup'])('is the Job itself where its name is %s', (name) => {
    expect(workloadOf(owned('Job', name))).toMatchObject({ kind: 'Job', name });
  });

  it.each(['StatefulSet', 'DaemonSet'])('is the %s that controls it', (kind) => {
    expect(workloadOf(owned(kind, 'db'))).toEqual({ kind, namespace: 'shop', name: 'db' });
  });

  it('is the pod itself for a static pod', () => {
    expect(workloadOf(owned('Node', 'ip-10-0-1-5'))).toMatchObject({ kind: 'Pod', name: 'web-7d9f8c6b5-x2x4z' });
  });

  it('is the pod itself where nothing controls it', () => {
    const { owner: _, ...bare } = pod({ namespace: 'shop', name: 'debug' });
    expect(workloadOf(bare)).toEqual({ kind: 'Pod', namespace: 'shop', name: 'debug' });
  });
});
