import { describe, expect, it } from 'vitest';
import type { Pod } from '../../../shared/model/facts-kubernetes.ts';
import type { NetworkInterface } from '../../../shared/model/facts-aws-network.ts';
import {
  addressBook,
  DEFAULT_LOOK_UP_LIMITS,
  EMPTY_HISTORY,
  observeAll,
  planLookUps,
} from '../../../shared/verdicts/resolve/index.ts';
import type { AddressUse, LookUpKnowledge, Sighting } from '../../../shared/verdicts/resolve/index.ts';
import { facts, node, pod } from '../../support/cluster.ts';

const NOW = Date.parse('2026-11-20T09:00:00Z');
const MINUTE = 60_000;
const NOTHING = { nodes: [], fullList: false, interfaces: [] };

const web = (change: Partial<Pod> = {}): Pod =>
  pod({ nodeName: 'node-a', podIPs: ['10.0.1.20'], hostIP: '', ...change });

const known = (
  sightings: readonly Sighting[],
  change: Partial<LookUpKnowledge> = {},
  given: Parameters<typeof facts>[0] = {},
): LookUpKnowledge => {
  const history = observeAll(EMPTY_HISTORY, sightings);
  return {
    book: addressBook({ facts: facts(given), history }),
    history,
    interfaceAskedAt: new Map(),
    now: NOW,
    ...change,
  };
};

const nodeList = (observedAt: number, pods: readonly Pod[], name = 'node-a'): Sighting => ({
  observedAt,
  pods,
  complete: {},
  podsOfNodes: [name],
});
const fullList = (observedAt: number, pods: readonly Pod[]): Sighting => ({
  observedAt,
  pods,
  complete: { pods: true },
});

const use = (change: Partial<AddressUse> = {}): AddressUse => ({
  address: '10.0.1.20',
  at: NOW,
  node: 'node-a',
  ...change,
});

describe('what to look up', () => {
  it('is the pods of the reporting nodes first, each node once', () => {
    const uses = [use(), use({ address: '10.0.1.21' }), use({ address: '10.0.1.22', node: 'node-b' })];
    expect(planLookUps(uses, known([]))).toEqual({ ...NOTHING, nodes: ['node-a', 'node-b'] });
  });

  it('is nothing for a pod that a recent list shows', () => {
    expect(planLookUps([use()], known([nodeList(NOW - 2 * MINUTE, [web()])]))).toEqual(NOTHING);
  });

  it('is the node of a pod whose list is old, which need not be the reporting one', () => {
    const old = known([nodeList(NOW - 3 * MINUTE, [web()])]);
    expect(planLookUps([use({ node: 'node-b' })], old)).toEqual({ ...NOTHING, nodes: ['node-a'] });
  });

  it('is the node of a pod that was seen too long before the flow to be sure of', () => {
    const addresses = known([fullList(NOW - 20 * MINUTE, [web()]), nodeList(NOW, [], 'node-b')]);
    const plan = planLookUps([use({ node: 'node-b' })], addresses);
    expect(addresses.book.resolve('10.0.1.20', NOW, { node: 'node-b' }).certainty).not.toBe('exact');
    expect(plan).toEqual({ ...NOTHING, nodes: ['node-a'] });
  });

  it.each(['169.254.169.254', '203.0.113.7', 'garbage', '224.0.0.1'])('is nothing for %s', (address) => {
    expect(planLookUps([use({ address })], known([]))).toEqual(NOTHING);
  });

  it('is the interface of an address that the node’s list taken later does not show', () => {
    const listed = known([nodeList(NOW, [web()])]);
    expect(planLookUps([use({ address: '10.0.2.9' })], listed)).toEqual({ ...NOTHING, interfaces: ['10.0.2.9'] });
  });

  it('is the interface where the line names no node', () => {
    expect(planLookUps([{ address: '10.0.2.9', at: NOW }], known([]))).toEqual({
      ...NOTHING,
      interfaces: ['10.0.2.9'],
    });
  });

  it('is the interface once, and again only after a while', () => {
    const asked = (minutes: number): LookUpKnowledge =>
      known([nodeList(NOW, [])], { interfaceAskedAt: new Map([['10.0.2.9', NOW - minutes * MINUTE]]) });
    expect(planLookUps([use({ address: '10.0.2.9' })], asked(9))).toEqual(NOTHING);
    expect(planLookUps([use({ address: '10.0.2.9' })], asked(10)).interfaces).toEqual(['10.0.2.9']);
  });

  it('is the pods of the node that an interface is on', () => {
    const eni: NetworkInterface = {
      id: 'eni-1',
      type: 'interface',
      status: 'in-use',
      description: '',
      subnetId: 'subnet-a',
      vpcId: 'vpc-1',
      availabilityZone: 'us-west-2a',
      instanceId: 'i-0aaaaaaaaaaaaaaa1',
      privateIps: ['10.0.2.9'],
      ipv6s: [],
      ipv4Prefixes: [],
      ipv6Prefixes: [],
      securityGroupIds: [],
      tags: {},
    };
    const given = { 'kubernetes.nodes': [node()], 'ec2.network-interfaces': [eni] };
    const uses = [use({ address: '10.0.2.9' })];
    expect(planLookUps(uses, known([nodeList(NOW, [])], {}, given))).toEqual({ ...NOTHING, nodes: [node().name] });
    expect(planLookUps(uses, known([nodeList(NOW, []), nodeList(NOW, [], node().name)], {}, given))).toEqual(NOTHING);
  });

  it('is nothing more once everything was listed after the flow', () => {
    expect(planLookUps([use({ address: '10.0.2.9' })], known([fullList(NOW, [])]))).toEqual(NOTHING);
  });

  const many = (count: number): readonly AddressUse[] =>
    Array.from({ length: count }, (_, index) => use({ address: `10.0.3.${index}`, node: `node-${index}` }));

  it('is everything at once past the limit of nodes', () => {
    expect(planLookUps(many(20), known([])).fullList).toBe(false);
    expect(planLookUps(many(21), known([]))).toEqual({ nodes: [], fullList: true, interfaces: [] });
  });

  it('is everything at once past the limit of addresses', () => {
    const uses = many(101).map(({ address, at }) => ({ address, at }));
    expect(planLookUps(uses, known([]))).toEqual({ nodes: [], fullList: true, interfaces: [] });
  });

  it('is as much as the limits allow while the last list of everything is young', () => {
    const limits = { ...DEFAULT_LOOK_UP_LIMITS, maxNodes: 2 };
    const young = known([fullList(NOW - MINUTE, [])]);
    expect(planLookUps(many(3), young, limits)).toEqual({ ...NOTHING, nodes: ['node-0', 'node-1'] });
    const old = known([fullList(NOW - 5 * MINUTE, [])]);
    expect(planLookUps(many(3), old, limits).fullList).toBe(true);
  });
});
