import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { importDump } from '../shared/collect/dump/import-dump.ts';
import { withVerdictsOf } from '../shared/compose-verdicts.ts';
import type { DeniedPair, DeniedTraffic } from '../shared/model/denied-traffic.ts';
import { COMMITTED, filesIn } from './support/fleet/read.ts';

const trafficOf = async (cluster: string): Promise<DeniedTraffic> => {
  const dump = join(COMMITTED, cluster);
  const { facts } = await withVerdictsOf(await importDump(dump), dump);
  const fact = facts['verdicts.denied-traffic'];
  if (fact.state !== 'observed') throw new Error(`${cluster}: ${fact.state}`);
  return fact.value;
};

const traffic = {
  'shop-prod': await trafficOf('shop-prod'),
  'payments-eu': await trafficOf('payments-eu'),
  'platform-al2023': await trafficOf('platform-al2023'),
};
type Cluster = keyof typeof traffic;

const portOf = ({ destinationPort, portCount }: DeniedPair): string =>
  destinationPort === undefined ? `${portCount} ports` : String(destinationPort);

const nameOf = (pair: DeniedPair): string => `${pair.source.label} → ${pair.destination.label}:${portOf(pair)}`;

const pairOf = (cluster: Cluster, name: string): DeniedPair => {
  const found = traffic[cluster].pairs.find((pair) => nameOf(pair) === name);
  if (found === undefined) throw new Error(`${cluster}: ${traffic[cluster].pairs.map(nameOf).join('; ')}`);
  return found;
};

/** Class, direction, and what the first suggestion would do. */
const stories: readonly (readonly [
  cluster: Cluster,
  pair: string,
  denial: DeniedPair['class'],
  direction: DeniedPair['direction'],
  titles: readonly string[],
])[] = [
  [
    'shop-prod',
    'checkout/checkout (Deployment) → payments/payments-api (Deployment):8443',
    'policy-denied',
    'ingress',
    ['create NetworkPolicy payments/allow-checkout-to-payments-api-8443-ingress'],
  ],
  [
    'shop-prod',
    'payments/payments-api (Deployment) → payments/ledger (StatefulSet):5432',
    'policy-denied',
    undefined,
    [
      'create NetworkPolicy payments/allow-payments-api-to-ledger-5432-egress',
      'create NetworkPolicy payments/allow-payments-api-to-ledger-5432-ingress',
    ],
  ],
  [
    'shop-prod',
    'payments/payments-api (Deployment) → kube-system/kube-dns (Service):53',
    'policy-denied',
    'egress',
    ['create NetworkPolicy payments/allow-payments-api-to-dns'],
  ],
  [
    'shop-prod',
    'payments/payments-api (Deployment) → the instance metadata service (IMDS):80',
    'policy-denied',
    'egress',
    [],
  ],
  ['shop-prod', "the pod's own node → checkout/checkout (Deployment):8443", 'agent-defect', 'ingress', []],
  [
    'payments-eu',
    'cards/authoriser (Deployment) → cards/tokeniser (Service):8443',
    'policy-denied',
    'egress',
    ['create NetworkPolicy cards/allow-authoriser-to-tokeniser-8443-egress'],
  ],
  [
    'payments-eu',
    'gateway/gateway (Deployment) → cards/tokeniser (Deployment):8443',
    'policy-denied',
    'ingress',
    ['add a peer to ingress[0] of NetworkPolicy cards/allow-tokenising'],
  ],
  [
    'payments-eu',
    'cards/authoriser (Deployment) → 203.0.113.0/24:443',
    'policy-denied',
    'egress',
    ['create NetworkPolicy cards/allow-authoriser-to-203-0-113-20-443-egress'],
  ],
  [
    'payments-eu',
    'ledger/ledger-api (Deployment) → ledger/postgres (StatefulSet):5432',
    'enforcement-anomaly',
    'ingress',
    [],
  ],
  ['payments-eu', 'kube-system/kube-dns (Service) → cards/authoriser (Deployment):9 ports', 'reply', 'ingress', []],
  [
    'platform-al2023',
    'billing/invoicing (Deployment) → identity/login (Service):8443',
    'policy-denied',
    'egress',
    [
      'create NetworkPolicy billing/allow-invoicing-to-login-8443-egress',
      'add a peer to ingress[0] of NetworkPolicy identity/allow-portal',
    ],
  ],
  [
    'platform-al2023',
    'billing/invoicing (Deployment) → the EKS Pod Identity agent:80',
    'policy-denied',
    'egress',
    ['create NetworkPolicy billing/allow-invoicing-to-169-254-170-23-80-egress'],
  ],
  [
    'platform-al2023',
    'portal/portal (Deployment) → billing/invoicing (Deployment):64 ports',
    'policy-denied',
    'ingress',
    [],
  ],
  ['platform-al2023', 'portal/portal (Deployment) → billing/invoicing (Deployment):0', 'policy-denied', 'ingress', []],
  ['platform-al2023', 'billing/statements (Deployment) → 198.51.100.0/24:587', 'policy-denied', 'egress', []],
  [
    'platform-al2023',
    'billing/statements (Deployment) → the instance metadata service (IMDS):80',
    'policy-denied',
    'egress',
    [],
  ],
  ['platform-al2023', '10.50.192.0/24 → billing/statements (Deployment):8 ports', 'reply', 'ingress', []],
];

describe('the verdict logs of the embedded fleet', () => {
  it.each(stories)('%s: %s is %s', (cluster, name, denial, direction, titles) => {
    const pair = pairOf(cluster, name);
    expect([pair.class, pair.direction]).toEqual([denial, direction]);
    const { suggestions, noSuggestion } = pair.explanation;
    expect(suggestions[0]?.titles ?? []).toEqual(titles);
    expect(noSuggestion === undefined).toBe(titles.length > 0);
  });

  it.each(Object.keys(traffic) as readonly Cluster[])('%s has these denials and no others', (cluster) => {
    const told = stories.filter(([of]) => of === cluster).map(([, name]) => name);
    expect(traffic[cluster].pairs.map(nameOf).toSorted()).toEqual(told.toSorted());
    expect(traffic[cluster]).toMatchObject({ exact: true, omitted: { pairs: 0, lines: 0 } });
  });

  it.each([
    ['shop-prod', ['dns', 'health-probe', 'imds', 'new-pair', 'new-pair']],
    ['payments-eu', ['false-denial', 'new-pair', 'new-pair', 'new-pair']],
    ['platform-al2023', ['credentials', 'imds', 'new-pair', 'new-pair', 'scan']],
  ] as const)('%s raises signals', (cluster, kinds) => {
    expect(traffic[cluster].signals.map(({ kind }) => kind)).toEqual(kinds);
  });

  it.each([
    ['shop-prod', { accepted: 20, denied: 252, notVerdict: 9, unreadableBy: { 'malformed-json': 3 } }],
    ['payments-eu', { accepted: 27, denied: 182, notVerdict: 3, unreadableBy: { 'missing-field': 1 } }],
    ['platform-al2023', { accepted: 0, denied: 169, notVerdict: 2, unreadableBy: {} }],
  ] as const)('%s counts every line: verdicts, other lines and those nobody can read', (cluster, counts) => {
    expect(traffic[cluster].counts).toMatchObject(counts);
    const { lines, flows, notVerdict, unreadable } = traffic[cluster].counts;
    expect(lines).toBe(flows + notVerdict + unreadable);
  });

  it('explains a denial by the agent that is known to err, in the words of its release', () => {
    const probes = pairOf('shop-prod', "the pod's own node → checkout/checkout (Deployment):8443");
    expect(probes.explanation.suspicions.map(({ text }) => text)).toEqual([
      "Agent 1.0.1 has a known defect (fixed in 1.0.4): Traffic of the pod's own node is filtered: kubelet probes fail.",
    ]);
    const wrongly = pairOf('payments-eu', 'ledger/ledger-api (Deployment) → ledger/postgres (StatefulSet):5432');
    expect(wrongly.explanation.suspicions.map(({ kind }) => kind)).toContain('agent-version-defect');
  });

  it('says that the rule for a whole range is one for every address in it', () => {
    const { summary } = pairOf('payments-eu', 'cards/authoriser (Deployment) → 203.0.113.0/24:443').explanation;
    expect(summary.slice(-2)).toEqual([
      'Adding policy cards/allow-authoriser-to-203-0-113-20-443-egress would allow it and open nothing else.',
      'A rule for a range admits every address in it.',
    ]);
  });

  it('are small, and of every form that their agents write', async () => {
    const files = await Promise.all(
      Object.keys(traffic).map(async (cluster) => {
        const directory = join(COMMITTED, cluster, 'verdicts');
        return (await filesIn(directory)).map((file) => join(directory, file));
      }),
    );
    const contents = await Promise.all(files.flat().map(async (file) => [file, await readFile(file)] as const));
    expect(contents.filter(([, bytes]) => bytes.length > 60_000).map(([file]) => file)).toEqual([]);
    const endings = new Set(contents.map(([file]) => file.slice(file.lastIndexOf('.'))));
    expect([...endings].toSorted()).toEqual(['.gz', '.json', '.log']);
    const texts = contents.map(([, bytes]) => bytes.toString('utf8'));
    const has = (part: string): boolean => texts.some((text) => text.includes(part));
    expect(
      ['"msg":"Flow Info:  "', 'Direction ingress, Tier NETWORK_POLICY', 'PolicyVerdict: DENY;Tier:'].map(has),
    ).toEqual([true, true, true]);
  });
});
