import { describe, expect, it } from 'vitest';
import {
  indexPolicies,
  policyEndpointsFresh,
  policyEndpointsServed,
} from '../../../shared/checks/links/policy-endpoints.ts';
import { absent, observed } from '../../../shared/model/fact.ts';
import type { NetworkPolicy, Pod, PolicyEndpoint } from '../../../shared/model/facts-kubernetes.ts';
import { AT, node, pod } from '../../support/cluster.ts';

const everyPod = { matchLabels: {}, matchExpressions: [] } as const;

const policy: NetworkPolicy = {
  namespace: 'payments',
  name: 'default-deny',
  uid: '6f1f0a52-0000-4000-8000-0000000000c1',
  createdAt: '2026-11-01T00:00:00Z',
  generation: 1,
  podSelector: everyPod,
  policyTypes: ['Ingress'],
  ingress: [],
  egress: [],
};

const endpointOf = (...names: readonly string[]): PolicyEndpoint => ({
  namespace: 'payments',
  name: 'default-deny-x8k2p',
  createdAt: '2026-11-01T00:00:01Z',
  policy: { namespace: 'payments', name: 'default-deny' },
  podSelector: everyPod,
  podIsolation: ['Ingress'],
  pods: names.map((name) => ({ namespace: 'payments', name, podIP: '10.0.1.20', hostIP: '10.0.1.5' })),
});

const fresh = (
  policies: readonly NetworkPolicy[],
  endpoints: readonly PolicyEndpoint[],
  pods: readonly Pod[],
): ReturnType<typeof policyEndpointsFresh> =>
  policyEndpointsFresh(node(), indexPolicies(policies, endpoints, pods), {
    policies: observed(policies, 'test', AT),
    endpoints: observed(endpoints, 'test', AT),
    pods: observed(pods, 'test', AT),
  });

const values = (link: { readonly evidence?: readonly { readonly value: string }[] }) =>
  link.evidence?.map(({ value }) => value);

describe('policyEndpointsServed', () => {
  const crd = {
    name: 'policyendpoints.networking.k8s.aws',
    group: 'networking.k8s.aws',
    createdAt: AT,
    servedVersions: ['v1alpha1', 'v1'],
    finalizers: [],
  };

  it('shows the versions that are served', () => {
    expect(values(policyEndpointsServed(observed([crd], 'test', AT)))).toEqual(['v1alpha1, v1']);
  });

  it('shows none where none is served or there is no such CRD', () => {
    expect(values(policyEndpointsServed(observed([{ ...crd, servedVersions: [] }], 'test', AT)))).toEqual(['none']);
    expect(values(policyEndpointsServed(absent('test', AT)))).toEqual(['none']);
  });
});

describe('policyEndpointsFresh', () => {
  it('counts pods and policies once each, and shows at most five pods in order', () => {
    const pods = [
      pod({ name: 'f' }),
      pod({ name: 'e' }),
      pod({ name: 'd' }),
      pod({ name: 'c' }),
      pod({ name: 'b' }),
      pod({ name: 'a' }),
    ];
    const link = fresh([policy], [endpointOf('a', 'b', 'c', 'd', 'e', 'f')], pods);
    expect(link).toMatchObject({ state: 'holds', message: 'endpoints-fresh', values: { pods: 6, policies: 1 } });
    expect(values(link)).toEqual(['lists payments/a, payments/b, payments/c, payments/d, payments/e']);
  });

  it('counts every pair that is missing and names the first', () => {
    const link = fresh(
      [policy, { ...policy, name: 'allow-dns' }],
      [endpointOf('a')],
      [pod({ name: 'a' }), pod({ name: 'b' })],
    );
    expect(link).toMatchObject({
      state: 'broken',
      message: 'endpoints-missing',
      values: { policy: 'payments/allow-dns', pod: 'payments/a', count: 3 },
    });
    expect(values(link)).toEqual(['does not list payments/a']);
  });

  it('says how many policies were looked at where none selects a pod of the node', () => {
    const link = fresh([{ ...policy, namespace: 'billing' }], [], [pod()]);
    expect(link).toMatchObject({ state: 'holds', message: 'no-policed-pods', values: { policies: 1 } });
    expect(values(link)).toEqual(['1 policies, none selects a pod of ip-10-0-1-5.us-west-2.compute.internal']);
  });

  it('keeps names with separators in them apart: namespace a/b and policy c is not namespace a and policy b/c', () => {
    const odd = endpointOf('x');
    const link = fresh(
      [{ ...policy, namespace: 'a', name: 'b","c' }],
      [{ ...odd, policy: { namespace: 'a","b', name: 'c' } }],
      [pod({ namespace: 'a', name: 'x' })],
    );
    expect(link).toMatchObject({ state: 'broken', message: 'endpoints-missing' });
  });
});
