import { describe, expect, it } from 'vitest';
import type { DeniedPair } from '../../../shared/model/denied-traffic.ts';
import {
  database,
  denied,
  dns,
  imds,
  outside,
  ownNode,
  podIdentity,
  podOf,
  run,
  suspected,
  told,
  web,
  windowAt,
} from './windows.ts';

const NEW = 'new-pair active workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP';
const WEB = 'Deployment/shop/web';
const of = (...pairs: readonly DeniedPair[]) => told(run([windowAt(60, pairs)]));

describe('which signal a denied pair raises', () => {
  it.each<readonly [string, readonly DeniedPair[], readonly string[]]>([
    ['two lines within ten minutes: a new pair', [denied(50, 59, 2)], [NEW]],
    ['one line: not yet', [denied(50, 50, 1)], []],
    ['two lines eleven minutes apart: not yet', [denied(40, 51, 2)], []],
    ['three lines over fifteen minutes: two of them must be close together', [denied(40, 55, 3)], [NEW]],
    ['a reply', [denied(50, 59, 9, { class: 'reply' })], []],
    ['a pod that starts', [denied(50, 59, 9, suspected('start-up-window'))], []],
    [
      'an end that may be one of several',
      [denied(50, 59, 9, { destination: { ...database, certainty: 'ambiguous' } })],
      [],
    ],
    [
      'an address of the VPC that nobody has',
      [denied(50, 59, 9, { source: { ...outside, id: 'vpc:10.0.9.0/24', owner: { kind: 'vpc' } } })],
      [],
    ],
    [
      'multicast, which is noise',
      [denied(50, 59, 9, { destination: { ...outside, owner: { kind: 'special', range: 'multicast' } } })],
      [],
    ],
    [
      'a place outside, which is known by its network',
      [denied(50, 59, 2, { source: outside })],
      ['new-pair active external:203.0.113.0/24>workload:Deployment/shop/db:5432/TCP'],
    ],
    [
      'three lines to cluster DNS',
      [denied(50, 51, 3, { destination: dns, destinationPort: 53 })],
      [`dns active ${WEB}`],
    ],
    ['two lines to cluster DNS: not yet', [denied(50, 51, 2, { destination: dns, destinationPort: 53 })], []],
    [
      'DNS over UDP and over TCP of one workload: one signal for both',
      [
        denied(50, 51, 2, { destination: dns, destinationPort: 53, protocol: 'UDP' }),
        denied(51, 51, 1, { destination: dns, destinationPort: 53 }),
      ],
      [`dns active ${WEB}`],
    ],
    [
      'the metrics port of cluster DNS is no DNS',
      [denied(50, 51, 3, { destination: dns, destinationPort: 9153 })],
      ['new-pair active workload:Deployment/shop/web>workload:Deployment/kube-system/coredns:9153/TCP'],
    ],
    [
      'port 53 of a workload that is no resolver is no DNS',
      [denied(50, 51, 3, { destinationPort: 53 })],
      ['new-pair active workload:Deployment/shop/web>workload:Deployment/shop/db:53/TCP'],
    ],
    [
      'the instance metadata service',
      [denied(50, 51, 2, { destination: imds, destinationPort: 80 })],
      [`imds active ${WEB}`],
    ],
    [
      'the Pod Identity agent',
      [denied(50, 51, 2, { destination: podIdentity, destinationPort: 80 })],
      [`credentials active ${WEB}`],
    ],
    [
      'the own node of a pod, once, and nothing else is said of it',
      [denied(50, 50, 1, { source: ownNode, destination: web, destinationPort: 8080, class: 'agent-defect' })],
      [`health-probe active ${WEB}`],
    ],
    [
      'the node that the pod runs on, by its name',
      [denied(50, 50, 1, { source: { ...ownNode, id: 'node:cluster' }, destination: web })],
      [`health-probe active ${WEB}`],
    ],
    [
      'another node is a pair like others',
      [
        denied(50, 51, 2, {
          source: { ...ownNode, id: 'node:cluster' },
          destination: podOf('shop', 'db', { node: 'node-b' }),
        }),
      ],
      ['new-pair active node:cluster>workload:Deployment/shop/db:5432/TCP'],
    ],
    [
      'what the policies allow is said to be wrong, not new',
      [denied(50, 51, 2, { class: 'enforcement-anomaly' })],
      ['false-denial active workload:Deployment/shop/web>workload:Deployment/shop/db:5432/TCP'],
    ],
    [
      'DNS that the policies allow is both',
      [denied(50, 51, 3, { destination: dns, destinationPort: 53, class: 'vpc-cni-deviation' })],
      [
        `dns active ${WEB}`,
        'false-denial active workload:Deployment/shop/web>workload:Deployment/kube-system/coredns:53/TCP',
      ],
    ],
    ['times that are no times', [denied(50, 51, 3, { firstSeenAt: 'yesterday' })], []],
  ])('%s', (_name, pairs, expected) => {
    expect(of(...pairs)).toEqual(expected);
  });

  it('counts attempts over windows: two windows with one line each, nine minutes apart', () => {
    expect(told(run([windowAt(50, [denied(50, 50, 1)])]))).toEqual([]);
    expect(told(run([windowAt(50, [denied(50, 50, 1)]), windowAt(59, [denied(59, 59, 1)])]))).toEqual([NEW]);
    expect(told(run([windowAt(50, [denied(50, 50, 1)]), windowAt(61, [denied(61, 61, 1)])]))).toEqual([]);
  });

  it('says it in one sentence, with a number of lines that grows in steps', () => {
    const [signal] = run([windowAt(60, [denied(50, 59, 37)])]).signals;
    expect(signal).toMatchObject({
      subject: { type: 'flow', name: 'shop/web (Deployment) → shop/db (Deployment) 5432/TCP' },
      since: '2026-11-16T00:50:00.000Z',
      lastSeenAt: '2026-11-16T00:59:00.000Z',
      count: 37,
      values: {
        what: 'shop/web (Deployment) is denied to shop/db (Deployment) on 5432/TCP, isolated by shop/default-deny, 20 or more lines; first at 2026-11-16T00:50:00.000Z.',
      },
    });
  });

  it.each([
    [
      denied(50, 51, 3, { destination: dns, destinationPort: 53, protocol: 'UDP' }),
      'shop/web (Deployment) is denied DNS (kube-system/coredns (Deployment) 53/UDP); first at',
    ],
    [
      denied(50, 51, 3, { destination: imds, destinationPort: 80 }),
      'shop/web (Deployment) is denied the instance metadata service (IMDS) (80/TCP); first at',
    ],
    [
      denied(50, 51, 3, { destination: podIdentity, destinationPort: 80 }),
      'shop/web (Deployment) is denied the EKS Pod Identity agent (80/TCP); first at',
    ],
    [
      denied(50, 51, 3, { source: ownNode, destination: web, destinationPort: 8080 }),
      'shop/web (Deployment) is kept from its own node, which sends the probes (8080/TCP); first at',
    ],
    [
      denied(50, 51, 3, { class: 'agent-defect' }),
      'shop/web (Deployment) → shop/db (Deployment) 5432/TCP is denied because the network policy agent failed; first at',
    ],
  ])('begins the sentence of %#', (pair, begin) => {
    expect(run([windowAt(60, [pair])]).signals[0]?.values.what).toBe(`${begin} 2026-11-16T00:50:00.000Z.`);
  });

  it('writes out what acts in a name instead of being shown', () => {
    const evil = { ...database, label: 'shop/db\u001b[2J\u202e (Deployment)' };
    const [signal] = run([windowAt(60, [denied(50, 59, 2, { destination: evil })])]).signals;
    expect(signal?.values.what).toContain(String.raw`shop/db\u{1b}[2J\u{202e} (Deployment)`);
    expect(signal?.subject.name).not.toContain('\u001b');
  });
});

describe('the connection of a signal about one pair', () => {
  const values = (...windows: Parameters<typeof run>[0]) => run(windows).signals.map((signal) => signal.values);

  it('has both ends, port, protocol and direction, for formats with fields for them', () => {
    expect(values(windowAt(60, [denied(50, 59, 2, { direction: 'ingress', directionFrom: 'log' })]))).toMatchObject([
      {
        sourceAddress: '10.0.1.20',
        destinationAddress: '10.0.1.30',
        port: 5432,
        protocol: 'TCP',
        direction: 'ingress',
        what: expect.any(String) as string,
      },
    ]);
  });

  it('stays while the pair itself is not seen any more', () => {
    const [first] = values(windowAt(60, [denied(50, 59, 2)]));

    expect(values(windowAt(60, [denied(50, 59, 2)]), windowAt(65, []))).toEqual([first]);
  });
});
