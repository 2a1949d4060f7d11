import { expect, test } from 'vitest';

import { diffPolicies } from '../../shared/policy/diff-policies.ts';
import { applicationPolicy, flow, index, namespace, pod, policy, port } from './cluster.ts';

const parts = { namespaces: [namespace('x')], pods: [pod('x/a'), pod('x/b')] };
const probes = [flow('x/a', 'x/b', 80), flow('x/a', 'x/b', 443), flow('x/b', '203.0.113.9', 443)];

test('tells what opens, what closes and how much stays', () => {
  const before = index({ ...parts, networkPolicies: [policy('x/p', { ingress: [{ peers: [], ports: [port(80)] }] })] });
  const after = index({ ...parts, networkPolicies: [policy('x/p', { ingress: [{ peers: [], ports: [port(443)] }] })] });
  const { opens, closes, uncertain, unchanged } = diffPolicies(before, after, probes);
  expect(opens.map((change) => change.flow)).toEqual([probes[1]]);
  expect(closes.map((change) => change.flow)).toEqual([probes[0]]);
  expect(closes[0]).toMatchObject({
    before: { ingress: { because: { kind: 'rule' } } },
    after: { ingress: { because: { kind: 'no-rule' } } },
  });
  expect(uncertain).toEqual([]);
  expect(unchanged).toBe(1);
});

test('what becomes or was unknown neither opens nor closes', () => {
  const open = index(parts);
  const byName = index({
    ...parts,
    applicationPolicies: [
      applicationPolicy('x/names', {
        egress: [{ peers: [{ kind: 'domain-names', names: ['example.com'] }], ports: [] }],
      }),
    ],
  });
  expect(diffPolicies(open, byName, [flow('x/b', '203.0.113.9', 443)])).toMatchObject({
    opens: [],
    closes: [],
    uncertain: [{ before: { allowed: 'allowed' }, after: { allowed: 'unknown' } }],
    unchanged: 0,
  });
});

test('the same policies change nothing', () => {
  const on = index(parts);
  expect(diffPolicies(on, index(parts), probes)).toEqual({ opens: [], closes: [], uncertain: [], unchanged: 3 });
});
