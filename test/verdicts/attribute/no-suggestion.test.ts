import { describe, expect, it } from 'vitest';

import type { FlowAggregate } from '../../../shared/model/flow.ts';
import { clusterPolicy, inNamespace, policy, selector } from '../../policy/cluster.ts';
import { attribute, denial, N2, only, ORDERS, PODS, replica, WEB } from './world.ts';
import type { World } from './world.ts';

const egressDeny = policy('shop/default-deny', { policyTypes: ['Egress'] });
const toDatabase = denial(WEB, ORDERS, 5432, { nodes: [N2] });

const reasons = (world: World, flows: readonly FlowAggregate[]) =>
  attribute(world, flows).pairs.map(({ explanation }) => explanation.noSuggestion);

describe('nothing is suggested', () => {
  const OUTSIDE = '203.0.113.9';

  it('for instance metadata, and a rule is for the Pod Identity agent', () => {
    const owners = {
      '169.254.169.254': { owners: [{ kind: 'well-known', service: 'imds' } as const] },
      '169.254.170.23': { owners: [{ kind: 'well-known', service: 'pod-identity-agent' } as const] },
    };
    const world = { policies: [egressDeny], owners };
    const imds = only(world, denial(WEB, '169.254.169.254', 80));
    expect(imds).toMatchObject({ class: 'policy-denied', explanation: { suggestions: [] } });
    expect(imds.explanation.noSuggestion).toMatch(/^Pods should get credentials through EKS Pod Identity or IRSA/);
    const [agent] = only(world, denial(WEB, '169.254.170.23', 80)).explanation.suggestions;
    expect(agent?.manifest).toContain('cidr: 169.254.170.23/32');
  });

  it('for one outside address, and the /24 is for three', () => {
    const world = { policies: [egressDeny] };
    const one = only(world, denial(WEB, OUTSIDE, 443), denial(WEB, '203.0.113.10', 443)).explanation;
    expect(one.suggestions).toEqual([]);
    expect(one.noSuggestion).toMatch(/^A rule for one outside address is out of date/);
    const three = ['9', '10', '11'].map((last) => denial(WEB, `203.0.113.${last}`, 443));
    const { suggestions } = only(world, ...three).explanation;
    expect(suggestions.map(({ scope }) => scope)).toEqual(['wider']);
    expect(suggestions[0]?.manifest).toContain('cidr: 203.0.113.0/24');
  });

  it('for public addresses of AWS, and multicast', () => {
    const owners = {
      [OUTSIDE]: { owners: [{ kind: 'aws-service', service: 'S3', region: 'eu-west-1' } as const] },
      '224.0.0.251': { owners: [{ kind: 'special', range: 'multicast' } as const] },
    };
    const world = { policies: [egressDeny], owners };
    expect(only(world, denial(WEB, OUTSIDE, 443)).explanation.noSuggestion).toMatch(/VPC endpoint/);
    expect(only(world, denial(WEB, '224.0.0.251', 5353, { protocol: 'UDP' })).explanation.noSuggestion).toBe(
      'Traffic to multicast addresses is noise of the network, not of the workload.',
    );
  });

  it('where an Admin rule denies', () => {
    const guard = clusterPolicy('guard', {
      ingress: [
        { name: '', action: 'Deny', peers: [{ kind: 'namespaces', namespaceSelector: selector() }], ports: [] },
      ],
    });
    const given = { 'kubernetes.cluster-network-policies': [guard] };
    expect(only({ given }, toDatabase).explanation.noSuggestion).toBe(
      'A ClusterNetworkPolicy of tier Admin denies this before any NetworkPolicy is looked at.',
    );
  });

  it('where a Baseline rule denies and a policy would isolate the pod from everybody else', () => {
    const baseline = clusterPolicy('baseline', {
      tier: 'Baseline',
      ingress: [
        {
          name: '',
          action: 'Deny',
          peers: [{ kind: 'namespaces', namespaceSelector: inNamespace('shop') }],
          ports: [],
        },
      ],
    });
    const given = { 'kubernetes.cluster-network-policies': [baseline] };
    const pair = only({ given }, toDatabase);
    expect(pair.class).toBe('cluster-policy-denied');
    expect(pair.explanation.suggestions).toEqual([]);
    expect(pair.explanation.noSuggestion).toMatch(/^Every change that would allow this cuts \d+ other connections\.$/);
  });

  it('for who tries fifteen workloads on one port, and fourteen are no scan', () => {
    const world = (count: number): World => ({
      policies: [egressDeny],
      pods: [
        ...PODS,
        ...Array.from({ length: count }, (_, at) => replica(`payments/x${at}-1`, `x${at}`, { ip: `10.0.9.${at}` })),
      ],
    });
    const flows = (count: number) => Array.from({ length: count }, (_, at) => denial(WEB, `10.0.9.${at}`, 8080));
    expect(only(world(15), ...flows(1)).explanation.noSuggestion).toBeUndefined();
    const scan = reasons(world(15), flows(15));
    expect(new Set(scan)).toEqual(
      new Set(['The source tries many ports or many destinations: find out what it is before anything is allowed.']),
    );
    expect(new Set(reasons(world(14), flows(14)))).toEqual(new Set([undefined]));
  });
});
