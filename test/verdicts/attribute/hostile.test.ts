import { describe, expect, it } from 'vitest';

import type { AddressOwner } from '../../../shared/model/denied-traffic.ts';
import { inNamespace, policy, port } from '../../policy/cluster.ts';
import { app, attribute, denial, N2, only, ORDERS, PODS, replica, WEB } from './world.ts';

/** An escape, a line break, an override of direction, a quote for a shell and one for YAML. */
const NASTY = 'x\u001b[2J\n\u202e\'$(id)"#: ';
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const external = (network: string): AddressOwner => ({ kind: 'external', network });

describe('text from the cluster', () => {
  const long = 'y'.repeat(5000);
  const world = {
    policies: [policy(`payments/${NASTY}`, {}), policy(`payments/${long}`, {})],
    owners: {
      [WEB]: {
        owners: [
          {
            kind: 'pod',
            namespace: NASTY,
            name: long,
            workload: { kind: NASTY, namespace: NASTY, name: long },
          } as const,
        ],
      },
      '203.0.113.9': { owners: [external(`${NASTY}${long}`)] },
      '203.0.113.8': {
        owners: [
          { kind: 'network-interface', id: NASTY, interfaceType: long, description: NASTY, service: long } as const,
        ],
      },
    },
  };

  it('is one bounded line everywhere', () => {
    const flows = [WEB, '203.0.113.9', '203.0.113.8'].map((source) => denial(source, ORDERS, 5432, { nodes: [N2] }));
    const { pairs } = attribute(world, flows);
    expect(pairs).toHaveLength(3);
    for (const { source, destination, explanation } of pairs) {
      const labels = [source.label, destination.label, ...explanation.isolatedBy.flatMap(({ policies }) => policies)];
      for (const label of labels) expect(label.length).toBeLessThanOrEqual(201);
      const texts = [...labels, source.id, ...explanation.summary, ...explanation.suspicions.map(({ text }) => text)];
      for (const text of texts) {
        expect(text).not.toMatch(UNSHOWN);
        expect(text.length).toBeLessThanOrEqual(1001);
      }
    }
  });

  it('stays apart where it is equal only as far as it is shown', () => {
    const owner = (end: string): AddressOwner => ({
      kind: 'pod',
      namespace: 'shop',
      name: 'p',
      workload: { kind: 'Deployment', namespace: 'shop', name: `${'z'.repeat(250)}${end}` },
    });
    const owners = { '10.9.0.1': { owners: [owner('1')] }, '10.9.0.2': { owners: [owner('2')] } };
    const { pairs } = attribute({ owners }, [denial('10.9.0.1', ORDERS, 80), denial('10.9.0.2', ORDERS, 80)]);
    expect(new Set(pairs.map(({ key }) => key)).size).toBe(2);
  });
});

describe('a suggestion with text from the cluster', () => {
  it('is quoted for the shell', () => {
    const name = "a'; $(id) #";
    const rule = policy(`payments/${name}`, {
      podSelector: app('orders'),
      ingress: [
        {
          peers: [{ kind: 'selectors', podSelector: app('web'), namespaceSelector: inNamespace('shop') }],
          ports: [port(9090)],
        },
      ],
    });
    const [first] = only({ policies: [rule] }, denial(WEB, ORDERS, 5432, { nodes: [N2] })).explanation.suggestions;
    expect(first?.manifest).toContain(String.raw`kubectl patch networkpolicy 'a'\''; $(id) #' --namespace payments`);
  });

  it('is left out where it would act on a terminal', () => {
    const web = replica('shop/web-1', 'web', { ip: WEB, parts: { labels: { app: 'w\u202eeb' } } });
    const pods = [...PODS.filter(({ name }) => !name.startsWith('web-')), web];
    const world = { pods, policies: [policy('payments/deny', {})] };
    const { suggestions } = only(world, denial(WEB, ORDERS, 5432, { nodes: [N2] })).explanation;
    for (const { manifest } of suggestions) expect(manifest.replaceAll('\n', '')).not.toMatch(UNSHOWN);
    expect(suggestions.filter(({ scope }) => scope === 'smallest')).toEqual([]);
  });
});

describe('numbers from a log', () => {
  it('do not break the calendar', () => {
    const flow = denial(WEB, ORDERS, 5432, { firstSeenAt: -5, lastSeenAt: 1e300 });
    expect(only({}, flow)).toMatchObject({
      firstSeenAt: '1970-01-01T00:00:00.000Z',
      lastSeenAt: '+275760-09-13T00:00:00.000Z',
    });
  });
});
