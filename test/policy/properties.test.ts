import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { buildPolicyIndex } from '../../shared/policy/build-policy-index.ts';
import { decide } from '../../shared/policy/decide.ts';
import { endpointText } from '../../shared/policy/flow.ts';
import type { Flow } from '../../shared/policy/flow.ts';
import type { PolicyIndex, PolicyInputs } from '../../shared/policy/policy-index.ts';
import { indexKnowing, withPolicies } from '../../shared/policy/with-policies.ts';
import { anyCluster, everyFlow, networkPolicy, plainCluster, policyRule } from './arbitraries.ts';
import { oracle, selectingPolicies, selects } from './oracle.ts';

const text = ({ from, to, port, protocol }: Flow): string =>
  `${endpointText(from)} > ${endpointText(to)} ${protocol}/${port}`;

const verdicts = (inputs: PolicyInputs): ReadonlyMap<string, string> => {
  const index = buildPolicyIndex(inputs);
  return new Map(everyFlow(inputs).map((flow) => [text(flow), decide(index, flow).allowed]));
};

describe('decide', () => {
  test('agrees with the oracle on every flow of every cluster', () => {
    fc.assert(
      fc.property(anyCluster, (inputs) => {
        const index = buildPolicyIndex(inputs);
        const flows = everyFlow(inputs);
        expect(flows.map((flow) => `${text(flow)} ${decide(index, flow).allowed}`)).toEqual(
          flows.map((flow) => `${text(flow)} ${oracle(inputs, flow)}`),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('names exactly the policies that isolate each end', () => {
    fc.assert(
      fc.property(anyCluster, (inputs) => {
        const index = buildPolicyIndex(inputs);
        const outside = { kind: 'external', ip: '192.0.2.99' } as const;
        const live = inputs.pods.filter(({ phase, hostNetwork }) => phase !== 'Succeeded' && !hostNetwork);
        for (const pod of live) {
          const own = { kind: 'pod', namespace: pod.namespace, name: pod.name } as const;
          const told = {
            egress: decide(index, { from: own, to: outside, port: 80, protocol: 'TCP' }).egress,
            ingress: decide(index, { from: outside, to: own, port: 80, protocol: 'TCP' }).ingress,
          };
          for (const way of ['egress', 'ingress'] as const) {
            const expected = selectingPolicies(inputs, pod)
              .filter(({ isolates }) => isolates(way))
              .map(({ policy }) => `${policy.namespace}/${policy.name}`);
            const named = told[way].isolatedBy.map(({ namespace, name }) => `${namespace}/${name}`);
            expect(named.toSorted()).toEqual(expected.toSorted());
            expect(told[way].isolated).toBe(expected.length > 0);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test('does not depend on the order in which objects are listed', () => {
    fc.assert(
      fc.property(anyCluster, (inputs) => {
        const reversed = {
          ...inputs,
          namespaces: inputs.namespaces.toReversed(),
          pods: inputs.pods.toReversed(),
          networkPolicies: inputs.networkPolicies.toReversed(),
          clusterPolicies: (inputs.clusterPolicies ?? []).toReversed(),
          applicationPolicies: (inputs.applicationPolicies ?? []).toReversed(),
        };
        const index = buildPolicyIndex(inputs);
        const mirror = buildPolicyIndex(reversed);
        const flows = everyFlow(inputs);
        const sides = (on: PolicyIndex) =>
          flows.map((flow) => {
            const { allowed, egress, ingress } = decide(on, flow);
            return JSON.stringify([text(flow), allowed, egress, ingress]);
          });
        expect(sides(mirror)).toEqual(sides(index));
      }),
      { numRuns: 15 },
    );
  });
});

describe('policies', () => {
  test('an allow rule added to a policy never removes reachability', () => {
    fc.assert(
      fc.property(anyCluster, policyRule, fc.nat(), fc.boolean(), (inputs, rule, pick, ingress) => {
        const grown = inputs.networkPolicies.map((policy, order) => {
          if (order !== pick % Math.max(1, inputs.networkPolicies.length)) return policy;
          return ingress
            ? { ...policy, ingress: [...policy.ingress, rule] }
            : { ...policy, egress: [...policy.egress, rule] };
        });
        const before = verdicts(inputs);
        const after = verdicts({ ...inputs, networkPolicies: grown });
        const lost = [...before].filter(([flow, verdict]) => verdict === 'allowed' && after.get(flow) !== 'allowed');
        expect(lost).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('a policy changes nothing for flows whose ends it does not select', () => {
    fc.assert(
      fc.property(anyCluster, networkPolicy, (inputs, extra) => {
        const added = { ...extra, name: 'extra' };
        const selected = new Set(
          inputs.pods
            .filter((pod) => pod.namespace === added.namespace && selects(added.podSelector, pod.labels))
            .map(({ namespace, name }) => `${namespace}/${name}`),
        );
        const before = verdicts(inputs);
        const after = verdicts({ ...inputs, networkPolicies: [...inputs.networkPolicies, added] });
        const strangers = everyFlow(inputs).filter(
          ({ from, to }) => !selected.has(endpointText(from)) && !selected.has(endpointText(to)),
        );
        const changed = strangers.filter((flow) => after.get(text(flow)) !== before.get(text(flow)));
        expect(changed).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('put in force on an index or built anew, policies mean the same', () => {
    fc.assert(
      fc.property(plainCluster, networkPolicy, fc.nat(), (inputs, extra, pick) => {
        const replaced = inputs.networkPolicies[pick % Math.max(1, inputs.networkPolicies.length)];
        const changed =
          replaced === undefined || pick % 2 === 0
            ? { ...extra, name: 'extra' }
            : { ...replaced, ingress: extra.ingress, egress: extra.egress };
        const patched = withPolicies(indexKnowing(buildPolicyIndex(inputs), [changed]), [changed]);
        const others = inputs.networkPolicies.filter((policy) => policy !== replaced || pick % 2 === 0);
        const anew = buildPolicyIndex({ ...inputs, networkPolicies: [...others, changed] });
        const answers = (on: PolicyIndex) =>
          everyFlow(inputs).map((flow) => JSON.stringify([text(flow), decide(on, flow)]));
        expect(answers(patched)).toEqual(answers(anew));
      }),
      { numRuns: 20 },
    );
  });
});
