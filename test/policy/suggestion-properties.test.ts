import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { NetworkPolicy } from '../../shared/model/facts-kubernetes.ts';
import { buildPolicyIndex } from '../../shared/policy/build-policy-index.ts';
import { decide } from '../../shared/policy/decide.ts';
import { explain } from '../../shared/policy/explain.ts';
import { endpointText } from '../../shared/policy/flow.ts';
import type { Endpoint, Flow } from '../../shared/policy/flow.ts';
import type { PolicyInputs } from '../../shared/policy/policy-index.ts';
import { applyChanges, changedPolicies } from './apply-changes.ts';
import { anyCluster, everyFlow, plainCluster } from './arbitraries.ts';
import { oracle } from './oracle.ts';

type Reach = Pick<Flow, 'from' | 'to' | 'port' | 'protocol'>;

const text = ({ from, to, port, protocol }: Reach): string =>
  `${endpointText(from)} > ${endpointText(to)} ${protocol}/${port}`;

/** The documented universe of a blast radius, spelled out pair by pair. */
const universe = (inputs: PolicyInputs, flow: Flow, changed: readonly NetworkPolicy[]): readonly Reach[] => {
  const pods = inputs.pods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed');
  const ends: readonly { readonly end: Endpoint; readonly declared: readonly string[] }[] = [
    ...pods.map(({ namespace, name, ports }) => ({
      end: { kind: 'pod', namespace, name } as const,
      declared: ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol}`),
    })),
    ...[flow.from, flow.to].filter(({ kind }) => kind !== 'pod').map((end) => ({ end, declared: [] })),
  ];
  const mentioned = changed
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ ports }) => ports)
    .flatMap(({ protocol, port, endPort }) =>
      typeof port === 'number' ? [`${port}/${protocol}`, `${endPort ?? port}/${protocol}`] : [],
    );
  return ends.flatMap(({ end: from }) =>
    ends.flatMap(({ end: to, declared }) =>
      [...new Set([`${flow.port}/${flow.protocol}`, ...mentioned, ...declared])].map((probe): Reach => {
        const [port, protocol = ''] = probe.split('/');
        return { from, to, port: Number(port), protocol };
      }),
    ),
  );
};

const difference = (inputs: PolicyInputs, after: PolicyInputs, flow: Flow, changed: readonly NetworkPolicy[]) => {
  const opens: string[] = [];
  const closes: string[] = [];
  for (const reach of universe(inputs, flow, changed)) {
    if (text(reach) === text(flow)) continue;
    const was = oracle(inputs, reach);
    const is = oracle(after, reach);
    if (was !== 'allowed' && is === 'allowed') opens.push(text(reach));
    if (was === 'allowed' && is !== 'allowed') closes.push(text(reach));
  }
  return { opens: opens.toSorted(), closes: closes.toSorted() };
};

const deniedFlow = (inputs: PolicyInputs, pick: number): Flow | undefined => {
  const index = buildPolicyIndex(inputs);
  const denied = everyFlow(inputs).filter((flow) => decide(index, flow).allowed === 'denied');
  return denied[pick % Math.max(1, denied.length)];
};

const checkSuggestions = (inputs: PolicyInputs, pick: number): number => {
  const flow = deniedFlow(inputs, pick);
  if (flow === undefined) return 0;
  const { suggestions } = explain(buildPolicyIndex(inputs), flow, { listed: 1_000_000 });
  for (const { changes, opens, closes } of suggestions) {
    const changed = changedPolicies(inputs, changes);
    const after = applyChanges(inputs, changes);
    expect(oracle(after, flow)).toBe('allowed');
    const expected = difference(inputs, after, flow, changed);
    expect(opens.listed.map(text).toSorted()).toEqual(expected.opens);
    expect(closes.listed.map(text).toSorted()).toEqual(expected.closes);
    expect(opens.count).toBe(expected.opens.length);
    expect(closes.count).toBe(expected.closes.length);
  }
  return suggestions.length;
};

describe('a suggestion', () => {
  test('allows the flow in the oracle too, and its blast radius is the difference that the oracle sees', () => {
    let checked = 0;
    fc.assert(
      fc.property(plainCluster, fc.nat(10_000), (inputs, pick) => {
        checked += checkSuggestions(inputs, pick);
      }),
      { numRuns: 80 },
    );
    expect(checked).toBeGreaterThan(50);
  });

  test('the same holds among cluster policies, application policies and strict mode', () => {
    let checked = 0;
    fc.assert(
      fc.property(anyCluster, fc.nat(10_000), (inputs, pick) => {
        checked += checkSuggestions(inputs, pick);
      }),
      { numRuns: 80 },
    );
    expect(checked).toBeGreaterThan(30);
  });

  test('is never made where an Admin rule denies, and always for a denial by NetworkPolicies between addressed pods', () => {
    fc.assert(
      fc.property(anyCluster, fc.nat(10_000), (inputs, pick) => {
        const flow = deniedFlow(inputs, pick);
        if (flow === undefined) return;
        const { decision, denied, forbiddenBy, suggestions } = explain(buildPolicyIndex(inputs), flow);
        const tiers = [decision.egress, decision.ingress].map(({ tier, verdict }) => `${tier} ${verdict}`);
        expect(forbiddenBy.length > 0).toBe(tiers.includes('Admin denied'));
        const byRules = denied.every(({ side }) => side.because.kind === 'no-rule');
        const betweenPods = flow.from.kind === 'pod' && flow.to.kind === 'pod';
        const expected = forbiddenBy.length > 0 ? 'none' : byRules && betweenPods ? 'some' : 'either';
        expect(['either', suggestions.length > 0 ? 'some' : 'none']).toContain(expected);
      }),
      { numRuns: 50 },
    );
  });
});
