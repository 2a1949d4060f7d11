import { describe, expect, it } from 'vitest';

import type { Suspicion } from '../../../shared/model/denied-traffic.ts';
import type { PolicyEndpoint } from '../../../shared/model/facts-kubernetes.ts';
import type { FlowAggregate } from '../../../shared/model/flow.ts';
import { inNamespace, policy, port, selector } from '../../policy/cluster.ts';
import { addon, agentContainer, AT, awsNodePod } from '../../support/cluster.ts';
import { answer, app, denial, N1, N2, only, ORDERS, ORDERS_IP, PODS, service, THEN, WEB } from './world.ts';
import type { World } from './world.ts';

const toDatabase = denial(WEB, ORDERS, 5432, { nodes: [N2] });
const fromShop = policy('payments/from-shop', {
  ingress: [{ peers: [{ kind: 'selectors', namespaceSelector: inNamespace('shop') }], ports: [] }],
});

const endpoint = (change: Partial<PolicyEndpoint> = {}): PolicyEndpoint => ({
  namespace: 'payments',
  name: 'from-shop-x7',
  createdAt: '2026-01-01T00:00:00Z',
  policy: { namespace: 'payments', name: 'from-shop' },
  podSelector: selector(),
  podIsolation: ['Ingress'],
  pods: ['orders-1', 'ledger-1'].map((name) => ({
    namespace: 'payments',
    name,
    podIP: name === 'orders-1' ? ORDERS : '10.0.1.31',
    hostIP: '10.0.2.5',
  })),
  ...change,
});

const suspect = (world: World, ...flows: readonly FlowAggregate[]): readonly Suspicion[] =>
  only(world, ...flows).explanation.suspicions;
const kinds = (world: World, ...flows: readonly FlowAggregate[]) => suspect(world, ...flows).map(({ kind }) => kind);

describe('a stale PolicyEndpoint is suspected', () => {
  const withEndpoints = (...endpoints: readonly PolicyEndpoint[]): World => ({
    policies: [fromShop],
    given: { 'kubernetes.policy-endpoints': endpoints },
  });

  it.each([
    ['that does not exist', [], 'payments/from-shop has no PolicyEndpoint.'],
    [
      'that does not list the pod',
      [endpoint({ pods: [] })],
      'payments/from-shop has no PolicyEndpoint that lists payments/orders-1.',
    ],
    [
      'that has another address for it',
      [endpoint({ pods: [{ namespace: 'payments', name: 'orders-1', podIP: '10.0.2.99', hostIP: '10.0.2.5' }] })],
      'payments/from-shop lists payments/orders-1 with the address 10.0.2.99.',
    ],
    [
      'that is older than its policy',
      [endpoint({ createdAt: '2025-12-31T00:00:00Z' })],
      'payments/from-shop has only older PolicyEndpoints.',
    ],
  ])('%s', (_, endpoints, text) => {
    expect(suspect(withEndpoints(...endpoints), toDatabase)).toEqual([
      {
        kind: 'stale-policy-endpoint',
        text,
        url: 'https://github.com/aws/amazon-network-policy-controller-k8s',
      },
    ]);
  });

  it('but not where one of several lists the pod, nor where nobody could look', () => {
    expect(kinds(withEndpoints(endpoint({ pods: [] }), endpoint()), toDatabase)).toEqual([]);
    expect(kinds({ policies: [fromShop], given: { 'kubernetes.policy-endpoints': 'denied' } }, toDatabase)).toEqual([]);
  });
});

describe('the start of a pod is suspected', () => {
  const started = (secondsBefore: number): World => ({
    pods: PODS.map((one) =>
      one.name === 'web-1' ? { ...one, createdAt: new Date(THEN - secondsBefore * 1000).toISOString() } : one,
    ),
  });

  it.each([
    [-1, []],
    [0, ['start-up-window']],
    [120, ['start-up-window']],
    [121, []],
  ])('%i seconds before the denial: %j', (seconds, expected) => {
    expect(kinds(started(seconds), toDatabase)).toEqual(expected);
  });

  it('where most of the denials came then', () => {
    const later = { ...toDatabase, windowStart: 1, firstSeenAt: THEN + 600_000, lastSeenAt: THEN + 600_000 };
    expect(suspect(started(30), { ...toDatabase, count: 3 }, { ...later, count: 3 })[0]?.text).toBe(
      '3 of 6 denials came within two minutes of the start of a pod: its policies may not have been attached yet.',
    );
    expect(kinds(started(30), { ...toDatabase, count: 3 }, { ...later, count: 4 })).toEqual([]);
  });
});

describe('a known defect of the agent is suspected', () => {
  const defects = (world: World, flow: FlowAggregate) =>
    suspect(world, flow)
      .filter(({ kind }) => kind === 'agent-version-defect')
      .map(({ url }) => Number(url?.split('/').at(-1)));

  it.each([
    ['v1.3.0', toDatabase, [462, 576, 563]],
    ['v1.3.7', toDatabase, [462, 576]],
    ['v1.4.1', toDatabase, [462]],
    ['v1.4.2', toDatabase, []],
    ['v1.4.0', { ...toDatabase, direction: 'egress' as const }, [462, 591]],
    ['v1.1.6', answer(ORDERS, 5432, WEB), [462, 345]],
    ['v1.0.2', denial('10.0.1.5', WEB, 8080), [65]],
    ['v1.0.4', denial('10.0.1.5', WEB, 8080), []],
  ])('%s', (agent, flow, expected) => {
    expect(defects({ agent }, flow)).toEqual(expected);
  });

  it('in words that say where it is mended', () => {
    expect(suspect({ agent: 'v1.4.1' }, toDatabase)).toEqual([
      {
        kind: 'agent-version-defect',
        text: 'Agent 1.4.1 has a known defect (fixed in 1.4.2): Clean-up of connection tracking collides with the reuse of source ports: connections stall for up to a minute.',
        url: 'https://github.com/aws/aws-network-policy-agent/issues/462',
      },
    ]);
  });

  it('by what the reporting nodes really run, not by what others run or the DaemonSet will', () => {
    const running = (nodeName: string, agent: string) =>
      awsNodePod({ nodeName, name: nodeName, containers: [agentContainer({ image: `r/agent:${agent}` })] });
    const given = { 'kubernetes.aws-node-pods': [running(N1, 'v1.0.1'), running(N2, 'v1.4.1')] };
    expect(defects({ given }, toDatabase)).toEqual([462]);
    const other = { 'kubernetes.aws-node-pods': [running(N1, 'v1.0.1'), running(N2, 'v1.4.2')] };
    expect(defects({ given: other, agent: 'v1.0.1' }, toDatabase)).toEqual([]);
  });

  it('by the version of the add-on where no image tells, and by none after the last known', () => {
    const of = (version: string): World => ({
      given: {
        'kubernetes.aws-node': 'absent',
        'kubernetes.nodeclasses': 'absent',
        'eks.vpc-cni-addon': addon({ version }),
      },
    });
    expect(defects(of('v1.22.4-eksbuild.1'), toDatabase)).toEqual([462]);
    expect(defects(of('v1.21.0-eksbuild.2'), toDatabase)).toEqual([462, 576, 563]);
    expect(defects(of('v1.24.0-eksbuild.1'), toDatabase)).toEqual([]);
  });
});

describe('the node of a pod', () => {
  it('is a probe in strict mode', () => {
    const pair = only({ mode: 'strict', agent: 'v1.3.5' }, denial('10.0.1.5', WEB, 8080));
    expect(pair).toMatchObject({ class: 'agent-defect', source: { id: 'node:own' } });
    expect(pair.explanation.suspicions.map(({ kind }) => kind)).toEqual([
      'probe-in-strict-mode',
      'agent-version-defect',
    ]);
    expect(pair.explanation.suspicions[1]?.url).toMatch(/636$/);
  });

  it('is no probe in standard mode, and another node is none of its own', () => {
    expect(kinds({}, denial('10.0.1.5', WEB, 8080))).toEqual([]);
    const policies = [policy('shop/deny', {})];
    expect(only({ policies }, denial('10.0.2.5', WEB, 8080))).toMatchObject({
      class: 'policy-denied',
      source: { id: 'node:cluster' },
    });
  });
});

describe('time is suspected', () => {
  it('where a policy came after the denials', () => {
    const createdAt = '2026-11-20T08:30:00Z';
    expect(suspect({ policies: [policy('payments/deny', { createdAt })] }, toDatabase)).toEqual([
      { kind: 'policy-changed-since', text: 'Created after the last of these denials: payments/deny.' },
    ]);
    const both = [policy('payments/deny', { createdAt }), policy('payments/old', {})];
    expect(only({ policies: both }, toDatabase).class).toBe('policy-denied');
  });

  it('where the policies were read before the denials', () => {
    const late = Date.parse(AT) + 1000;
    expect(suspect({}, { ...toDatabase, firstSeenAt: late, lastSeenAt: late })).toEqual([
      {
        kind: 'policy-changed-since',
        text: 'The policies were read at 2026-11-20T09:00:00Z, before the last of these denials.',
      },
    ]);
  });
});

describe('a known deviation of the VPC CNI is suspected', () => {
  it('where the Service port is not the port of its pods', () => {
    const toOrders = policy('shop/to-orders', {
      policyTypes: ['Egress'],
      egress: [
        {
          peers: [{ kind: 'selectors', podSelector: app('orders'), namespaceSelector: inNamespace('payments') }],
          ports: [port(5432)],
        },
      ],
    });
    const services = [
      service('payments/orders', ORDERS_IP, { ports: [{ port: 5000, targetPort: 'main', protocol: 'TCP' }] }),
    ];
    const pair = only({ policies: [toOrders], services }, denial(WEB, ORDERS_IP, 5000));
    expect(pair.class).toBe('vpc-cni-deviation');
    expect(pair.explanation.suspicions).toEqual([
      {
        kind: 'vpc-cni-deviation',
        text: 'The Service port differs from the container port; the VPC CNI supports policies only where they are equal.',
        url: 'https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html',
      },
    ]);
    expect(pair.explanation.noSuggestion).toMatch(/^The policies allow this already; the way they are written/);
  });

  it('only on the side that the denial is about', () => {
    const except = policy('payments/except', {
      ingress: [
        { peers: [{ kind: 'ip-block', cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] }], ports: [] },
        { peers: [{ kind: 'ip-block', cidr: '10.0.0.0/7', except: [] }], ports: [] },
      ],
    });
    expect(only({ policies: [except] }, { ...toDatabase, direction: 'ingress' }).class).toBe('vpc-cni-deviation');
    expect(only({ policies: [except] }, { ...toDatabase, direction: 'egress' }).class).toBe('enforcement-anomaly');
  });
});

describe("the agent's own error is suspected", () => {
  it('wherever one of the tiers is ERROR', () => {
    const policies = [policy('payments/deny', {})];
    const mixed = { ...toDatabase, tiers: ['ERROR', 'NETWORK_POLICY'] };
    expect(only({ policies }, mixed)).toMatchObject({
      class: 'policy-denied',
      explanation: { suspicions: [{ kind: 'agent-error' }] },
    });
    expect(kinds({ policies }, { ...toDatabase, tiers: ['ERROR'] })).toEqual(['agent-error']);
    expect(kinds({ policies }, toDatabase)).toEqual([]);
  });

  it('even of packets that nobody can place', () => {
    const owners = { 'ff02::16': { owners: [{ kind: 'special' as const, range: 'multicast' as const }] } };
    const flow = denial(WEB, 'ff02::16', 0, { protocol: 'UNKNOWN', tiers: ['ERROR'] });
    expect(only({ owners }, flow)).toMatchObject({ class: 'agent-defect', destination: { id: 'special:multicast' } });
  });
});
