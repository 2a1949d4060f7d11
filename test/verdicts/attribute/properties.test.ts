import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { AddressOwner, ResolvedAddress } from '../../../shared/model/denied-traffic.ts';
import type { FlowAggregate } from '../../../shared/model/flow.ts';
import { buildPolicyIndex } from '../../../shared/policy/build-policy-index.ts';
import { decide } from '../../../shared/policy/decide.ts';
import { endpointText } from '../../../shared/policy/flow.ts';
import type { Endpoint, Flow } from '../../../shared/policy/flow.ts';
import type { PolicyInputs } from '../../../shared/policy/policy-index.ts';
import { attributeDenials } from '../../../shared/verdicts/attribute/index.ts';
import type { Attribution } from '../../../shared/verdicts/attribute/index.ts';
import { workloadOf } from '../../../shared/verdicts/resolve/workload.ts';
import { applyChanges } from '../../policy/apply-changes.ts';
import { anyCluster, everyFlow, plainCluster } from '../../policy/arbitraries.ts';
import { oracle } from '../../policy/oracle.ts';
import { AT, cniContainer, daemonSet, facts, node } from '../../support/cluster.ts';
import { changesFrom } from './read-changes.ts';
import { denial, summaryOf } from './world.ts';

/** Random clusters of the policy engine's own tests. Each end has an address of its own, whatever its pod says. */

const addressOf = (end: Endpoint, known: Map<string, Endpoint>): string => {
  if (end.kind === 'external') return end.ip;
  const text = endpointText(end);
  const at = [...known.values()].findIndex((one) => endpointText(one) === text);
  const address = `192.168.0.${at < 0 ? known.size : at}`;
  known.set(address, end);
  return address;
};

const ownerOf = (end: Endpoint, inputs: PolicyInputs): AddressOwner => {
  if (end.kind === 'node') return { kind: 'node', name: end.name, hostNetworkPods: [] };
  const pod =
    end.kind === 'pod'
      ? inputs.pods.find(({ namespace, name }) => namespace === end.namespace && name === end.name)
      : undefined;
  if (pod === undefined) return { kind: 'network-interface', id: 'eni-1', interfaceType: 'interface', description: '' };
  return { kind: 'pod', namespace: pod.namespace, name: pod.name, workload: workloadOf(pod) };
};

interface Denials {
  readonly aggregates: readonly FlowAggregate[];
  readonly ends: ReadonlyMap<string, Endpoint>;
}

const denialsOf = (inputs: PolicyInputs, picks: readonly number[]): Denials => {
  const index = buildPolicyIndex(inputs);
  const denied = everyFlow(inputs).filter((flow) => decide(index, flow).allowed === 'denied');
  const ends = new Map<string, Endpoint>();
  const aggregates = picks.flatMap((pick, at) => {
    const flow = denied[pick % Math.max(1, denied.length)];
    if (flow === undefined) return [];
    const { from, to, port, protocol } = flow;
    const flows = { protocol, count: 1 + (pick % 7), windowStart: at, tiers: ['NETWORK_POLICY'] };
    return [denial(addressOf(from, ends), addressOf(to, ends), port, flows)];
  });
  return { aggregates, ends };
};

const attribute = (inputs: PolicyInputs, { aggregates, ends }: Denials): Attribution =>
  attributeDenials(summaryOf(aggregates), {
    takenAt: AT,
    facts: facts({
      'kubernetes.pods': inputs.pods,
      'kubernetes.namespaces': inputs.namespaces,
      'kubernetes.network-policies': inputs.networkPolicies,
      'kubernetes.cluster-network-policies': inputs.clusterPolicies ?? [],
      'kubernetes.application-network-policies': inputs.applicationPolicies ?? [],
      'kubernetes.nodes': (inputs.nodes ?? []).map((one) => node(one)),
      'kubernetes.nodeclasses': 'absent',
      'kubernetes.aws-node': daemonSet({
        containers: [cniContainer({ env: { NETWORK_POLICY_ENFORCING_MODE: inputs.mode } })],
      }),
    }),
    resolve: (address): ResolvedAddress => {
      const end = ends.get(address) ?? { kind: 'external', ip: address };
      return { address, certainty: 'exact', owners: [ownerOf(end, inputs)], because: '' };
    },
  });

const picks = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 12 });

/** The flows behind a pair, as the engine names them. */
const flowsOf = ({ aggregates, ends }: Denials, pair: Attribution['pairs'][number]): readonly Flow[] =>
  aggregates
    .filter(
      ({ source, destination, destinationPort, protocol }) =>
        pair.source.addresses.includes(source) &&
        pair.destination.addresses.includes(destination) &&
        pair.destinationPort === destinationPort &&
        pair.protocol === protocol,
    )
    .map(({ source, destination, destinationPort, protocol }) => ({
      from: ends.get(source) ?? { kind: 'external', ip: source },
      to: ends.get(destination) ?? { kind: 'external', ip: destination },
      port: destinationPort,
      protocol,
    }));

/** How many suggestions were put in force, as they are written. */
const putInForce = (inputs: PolicyInputs, denials: Denials): number => {
  let checked = 0;
  for (const pair of attribute(inputs, denials).pairs) {
    const { suggestions, noSuggestion } = pair.explanation;
    expect(suggestions.length === 0).toBe(noSuggestion !== undefined);
    for (const suggestion of suggestions) {
      const after = applyChanges(inputs, changesFrom(suggestion));
      const verdicts = flowsOf(denials, pair).map((flow) => oracle(after, flow));
      expect(verdicts).toContain('allowed');
      checked += 1;
    }
  }
  return checked;
};

describe('every suggestion', () => {
  it('read from its text and put in force makes a flow of its pair allowed, as an independent reading sees it', () => {
    let checked = 0;
    const run = (inputs: PolicyInputs, some: readonly number[]): void => {
      checked += putInForce(inputs, denialsOf(inputs, some));
    };
    fc.assert(fc.property(plainCluster, picks, run), { numRuns: 25 });
    expect(checked).toBeGreaterThan(50);
    checked = 0;
    fc.assert(fc.property(anyCluster, picks, run), { numRuns: 25 });
    expect(checked).toBeGreaterThan(20);
  });
});

describe('the answer', () => {
  it('does not depend on the order of the log, nor on that of the lists of the cluster', () => {
    fc.assert(
      fc.property(anyCluster, picks, (inputs, some) => {
        const denials = denialsOf(inputs, some);
        const turned = {
          ...inputs,
          pods: inputs.pods.toReversed(),
          networkPolicies: inputs.networkPolicies.toReversed(),
          namespaces: inputs.namespaces.toReversed(),
        };
        const reversed = { ...denials, aggregates: denials.aggregates.toReversed() };
        expect(attribute(turned, reversed)).toEqual(attribute(inputs, denials));
      }),
      { numRuns: 25 },
    );
  });

  it('counts every denied line once', () => {
    fc.assert(
      fc.property(plainCluster, picks, (inputs, some) => {
        const denials = denialsOf(inputs, some);
        const { pairs, omitted } = attribute(inputs, denials);
        const lines = denials.aggregates.reduce((sum, { count }) => sum + count, 0);
        expect(pairs.reduce((sum, { count }) => sum + count, omitted.lines)).toBe(lines);
        expect(new Set(pairs.map(({ key }) => key)).size).toBe(pairs.length);
      }),
      { numRuns: 25 },
    );
  });
});
