import { expect, test } from 'vitest';

import type { ClusterNetworkPolicy } from '../../../shared/model/cluster-policy.ts';
import type { Labels, Namespace, NetworkPolicy, Pod } from '../../../shared/model/facts-kubernetes.ts';
import { buildPolicyIndex } from '../../../shared/policy/build-policy-index.ts';
import { connectivityMatrix } from '../../../shared/policy/connectivity-matrix.ts';
import { endpointText } from '../../../shared/policy/flow.ts';
import { cluster, namespace, pod } from '../cluster.ts';

/**
 * The model of the Kubernetes NetworkPolicy e2e suite: namespaces x, y and z, in each the pods a, b and c, every pod serving
 * 80 and 81 on TCP, UDP and SCTP under the names `serve-80-tcp` and so on. A namespace carries `ns`, a pod `pod`.
 * The situations are the published ones, restated; the tables were written by hand, never read off the engine.
 */

export const E2E = 'https://github.com/kubernetes/kubernetes/blob/master/test/e2e/network/netpol/network_policy.go';
export const DOCS = 'https://kubernetes.io/docs/concepts/services-networking/network-policies/';

const NAMESPACES = ['x', 'y', 'z'] as const;
const PODS = ['a', 'b', 'c'] as const;
const ENDS: readonly string[] = NAMESPACES.flatMap((of) => PODS.map((name) => `${of}/${name}`));

/** x/a is 192.168.0.1, x/b 192.168.0.2, …, y/a 192.168.1.1, …, z/c 192.168.2.3. */
export const addressOf = (of: number, name: number): string => `192.168.${of}.${name + 1}`;

const servedPorts: Pod['ports'] = [80, 81].flatMap((number) =>
  ['TCP', 'UDP', 'SCTP'].map((protocol) => ({
    name: `serve-${number}-${protocol.toLowerCase()}`,
    containerPort: number,
    protocol,
  })),
);

export const xyzNamespaces = (extra: { readonly [name: string]: Labels } = {}): readonly Namespace[] =>
  NAMESPACES.map((name) => namespace(name, { ns: name, ...extra[name] }));

export const xyzPods = (extra: { readonly [path: string]: Labels } = {}): readonly Pod[] =>
  NAMESPACES.flatMap((of, row) =>
    PODS.map((name, column) =>
      pod(`${of}/${name}`, {
        labels: { pod: name, ...extra[`${of}/${name}`] },
        podIPs: [addressOf(row, column)],
        nodeName: `node-${name}`,
        ports: servedPorts,
      }),
    ),
  );

export interface Scenario {
  readonly name: string;
  /** Where the case is published. */
  readonly source: string;
  readonly policies?: readonly NetworkPolicy[];
  readonly clusterPolicies?: readonly ClusterNetworkPolicy[];
  readonly namespaceLabels?: { readonly [name: string]: Labels };
  readonly podLabels?: { readonly [path: string]: Labels };
  /**
   * By `port/protocol`: one row per source in the order x/a … z/c, one column per destination in the same order.
   * `.` connects, `X` does not, `#` is the pod itself, which the suite leaves out.
   */
  readonly expected: { readonly [probe: string]: string };
}

const readRows = (text: string): readonly string[] => text.match(/[.X#]{3} [.X#]{3} [.X#]{3}/g) ?? [];

const SIGNS = { allowed: '.', denied: 'X', unknown: '?' } as const;

const reachability = (scenario: Scenario, probe: string): readonly string[] => {
  const [port, protocol = ''] = probe.split('/');
  const index = buildPolicyIndex(
    cluster({
      namespaces: xyzNamespaces(scenario.namespaceLabels),
      pods: xyzPods(scenario.podLabels),
      networkPolicies: scenario.policies ?? [],
      clusterPolicies: scenario.clusterPolicies ?? [],
    }),
  );
  const rows = connectivityMatrix(index, { ports: [{ port: Number(port), protocol }], external: [] });
  const signs = new Map(
    rows.map(({ from, to, allowed }) => [`${endpointText(from)}>${endpointText(to)}`, SIGNS[allowed]]),
  );
  return ENDS.map((from) => {
    const row = ENDS.map((to) => (from === to ? '#' : (signs.get(`${from}>${to}`) ?? '?'))).join('');
    return `${row.slice(0, 3)} ${row.slice(3, 6)} ${row.slice(6)}`;
  });
};

/** One test per scenario and probe. */
export const conforms = (scenarios: readonly Scenario[]): void => {
  for (const scenario of scenarios) {
    for (const [probe, text] of Object.entries(scenario.expected)) {
      test(`${scenario.name} (${probe})`, () => {
        const expected = readRows(text);
        expect(expected).toHaveLength(9);
        const { source } = scenario;
        expect({ source, rows: reachability(scenario, probe) }).toEqual({ source, rows: expected });
      });
    }
  }
};

export const OPEN = `
  #.. ... ...   .#. ... ...   ..# ... ...
  ... #.. ...   ... .#. ...   ... ..# ...
  ... ... #..   ... ... .#.   ... ... ..#`;

export const TO_XA_CLOSED = `
  #.. ... ...   X#. ... ...   X.# ... ...
  X.. #.. ...   X.. .#. ...   X.. ..# ...
  X.. ... #..   X.. ... .#.   X.. ... ..#`;
