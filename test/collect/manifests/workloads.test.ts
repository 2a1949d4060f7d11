import { describe, expect, it } from 'vitest';
import { manifests } from './manifest.ts';

const workload = (kind: string, group: string, name: string, extra = ''): string => `apiVersion: ${group}/v1
kind: ${kind}
metadata: {name: ${name}, namespace: shop${extra}}
spec:
  ${kind === 'Job' ? '' : 'selector: {matchLabels: {app: web}}'}
  template:
    metadata: {labels: {app: web}}
    spec:
      hostNetwork: false
      containers: [{name: main, ports: [{name: http, containerPort: 8080}]}]
`;

const CRON_JOB = `apiVersion: batch/v1
kind: CronJob
metadata: {name: web, namespace: shop}
spec:
  jobTemplate: {spec: {template: {metadata: {labels: {job: web}}, spec: {containers: []}}}}
`;

const podOf = (owner: string, labels: string): string => `apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop, labels: ${labels}, ownerReferences: [{kind: ${owner.split('/')[0]}, name: ${owner.split('/')[1]}, controller: true}]}
spec: {containers: []}
`;

describe('a workload without a listed pod', () => {
  it.each([
    ['Deployment', 'apps'],
    ['StatefulSet', 'apps'],
    ['DaemonSet', 'apps'],
    ['ReplicaSet', 'apps'],
    ['Job', 'batch'],
  ])('%s stands among the pods under its own name, without an address', (kind, group) => {
    const { pods, templatePods } = manifests(workload(kind, group, 'web'));

    expect(pods).toMatchObject([
      {
        namespace: 'shop',
        name: 'web',
        podIPs: [],
        labels: { app: 'web' },
        owner: { kind, name: 'web' },
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      },
    ]);
    expect(templatePods).toEqual([`shop/web (${kind})`]);
  });

  it('CronJob has its template one level deeper', () => {
    const { pods } = manifests(CRON_JOB);
    expect(pods).toMatchObject([{ name: 'web', labels: { job: 'web' }, owner: { kind: 'CronJob', name: 'web' } }]);
  });

  it('takes its kind behind its name where the name is taken', () => {
    const { templatePods } = manifests(workload('Deployment', 'apps', 'web'), CRON_JOB);
    expect(templatePods).toEqual(['shop/web (Deployment)', 'shop/web.cronjob (CronJob)']);
  });

  it('names the field of its template that is wrong', () => {
    expect(() => manifests(workload('Deployment', 'apps', 'web').replace('8080', 'http'))).toThrow(
      'a.yaml: document 1: spec.template.spec.containers[0].ports[0].containerPort: expected number, found "http"',
    );
  });
});

describe('a workload with a listed pod', () => {
  it.each([
    [
      'by the labels that it selects',
      workload('Deployment', 'apps', 'web'),
      podOf('ReplicaSet/other-abc', '{app: web}'),
    ],
    ['by its ReplicaSet', workload('Deployment', 'apps', 'web'), podOf('ReplicaSet/web-5d9', '{app: old}')],
    ['by itself', workload('StatefulSet', 'apps', 'web'), podOf('StatefulSet/web', '{app: old}')],
    ['by its Job', CRON_JOB, podOf('Job/web-28391', '{}')],
  ])('%s is left to the pod', (_, text, pod) => {
    const { pods, templatePods } = manifests(text, pod);
    expect(pods.map(({ name }) => name)).toEqual(['p']);
    expect(templatePods).toEqual([]);
  });

  it('in another namespace still stands for itself', () => {
    const { pods } = manifests(
      workload('Deployment', 'apps', 'web'),
      podOf('ReplicaSet/web-5d9', '{app: web}').replace('shop', 'staging'),
    );
    expect(pods.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['shop/web', 'staging/p']);
  });
});

describe('a workload that another one controls', () => {
  it('is left to its controller', () => {
    const { pods } = manifests(
      workload('ReplicaSet', 'apps', 'web-5d9', ', ownerReferences: [{kind: Deployment, name: web, controller: true}]'),
    );
    expect(pods).toEqual([]);
  });
});
