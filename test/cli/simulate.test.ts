import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './simulate-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const first = (text: string): string => text.slice(0, text.indexOf('\n'));

describe('simulate', () => {
  it('says allowed with code 0, and which rule admits', async () => {
    const { code, stdout, stderr } = await shop.ask('--from', 'web/front-1', '--to', 'shop/orders-1', '--port', '8080');

    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      'ALLOWED  web/front-1 to shop/orders-1 on TCP/8080',
      '',
      'Egress of web/front-1: allowed: no policy selects the pod',
      'Ingress of shop/orders-1: allowed: admitted by shop/orders ingress[0]',
      '  isolated (ingress) by shop/orders',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('says denied with code 1, the nearest rule, and a whole manifest that was tried out', async () => {
    const asked = ['--from', 'shop/stock-0', '--to', 'shop/orders-1:8080'];
    const { code, stdout } = await shop.ask(...asked);

    expect(code).toBe(1);
    expect(first(stdout)).toBe('DENIED  shop/stock-0 to shop/orders-1 on TCP/8080');
    expect(stdout).toContain(
      'Nearest rule: shop/orders ingress[0]; its namespace selector asks for kubernetes.io/metadata.name=web, the namespace has shop.',
    );
    const [, manifest = ''] = /^Smallest change: .*\n\n(?<yaml>(?: {2}.*\n)+)/m.exec(stdout) ?? [];
    await shop.write('shop/policies.yaml', manifest.replaceAll(/^ {2}/gm, ''));
    expect((await shop.ask(...asked)).code).toBe(0);
  });

  it('gives one manifest where one policy isolates both ends, and it does what it says', async () => {
    const peers = '[{podSelector: {matchLabels: {app: x}}}], ports: [{port: 80}]';
    await shop.write(
      'shop/policies.yaml',
      `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: both, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{from: ${peers}}], egress: [{to: ${peers}}]}
`,
    );
    const asked = ['--from', 'shop/stock-0', '--to', 'shop/orders-1:80'];
    const { stdout } = await shop.ask(...asked);
    expect(stdout).toContain(
      'Smallest change: add to peers of shop/both egress[0] and add to peers of shop/both ingress[0]\n',
    );
    const [, manifest = ''] = /^Smallest change: .*\n\n(?<yaml>(?: {2}.*\n)+)/m.exec(stdout) ?? [];
    await shop.write('shop/policies.yaml', manifest.replaceAll(/^ {2}/gm, ''));
    expect((await shop.ask(...asked)).code).toBe(0);
  });

  it('says unknown with code 2: an unknown verdict is no answer', async () => {
    await shop.write(
      'shop/named.yaml',
      `apiVersion: networking.k8s.aws/v1alpha1
kind: ApplicationNetworkPolicy
metadata: {name: names, namespace: web}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{domainNames: [db.example.com]}]}]}
`,
    );
    const { code, stdout } = await shop.ask('--from', 'web/front-1', '--to', '198.51.100.7:443');
    expect(first(stdout)).toBe('UNKNOWN  web/front-1 to 198.51.100.7 on TCP/443');
    expect(stdout).toContain('not determined: A rule on domain names may match this address');
    expect(code).toBe(2);
  });

  it('judges a Service by every pod behind it, each on its own port', async () => {
    const { code, stdout } = await shop.ask('--from', 'web/front-1', '--to', 'svc:shop/orders', '--port', '80');

    expect(code).toBe(1);
    expect(first(stdout)).toBe('DENIED  web/front-1 to shop/orders-2 on TCP/8081');
    expect(stdout).toContain("through Service shop/orders port 80, here on the backend's own port 8081");
    expect(stdout).toContain('one of 2 pairs of ends: 1 allowed, 1 denied, 0 unknown');
  });

  it.each([
    ['shop/svc/orders:api', 2],
    ['shop/orders:80', 2],
    ['172.20.0.1:80', 2],
    ['shop/deployment/orders:http', 2],
    ['shop/sts/stock:dns', 1],
    ['10.0.0.1:8080', 1],
    ['shop/sliced:80', 2],
    ['198.51.100.7:443', 1],
    ['[2001:db8::1]:443', 1],
    ['node:node-1:10250', 1],
    ['192.168.0.1:22/TCP', 1],
  ])('knows %s as %i ends', async (to, count) => {
    const { stdout, stderr } = await shop.ask('--from', 'web/front-1', '--to', to, '--output', 'json');
    expect(stderr).toBe('');
    // The shape is pinned by the JSON test below.
    const { flows } = JSON.parse(stdout) as { readonly flows: readonly unknown[] };
    expect(flows).toHaveLength(count);
  });

  it('takes the protocol of a named port from the pod that declares it', async () => {
    const { stdout } = await shop.ask('--from', 'web/front-1', '--to', 'shop/stock-0:dns');
    expect(first(stdout)).toBe('ALLOWED  web/front-1 to shop/stock-0 on UDP/53');
  });

  it('gives all of it as JSON', async () => {
    const { stdout } = await shop.ask('--from', 'shop/stock-0', '--to', 'shop/orders-1:8080', '--output', 'json');
    const pod = (name: string) => ({ kind: 'pod', namespace: 'shop', name });
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'denied',
      counts: { allowed: 0, denied: 1, unknown: 0 },
      flow: { from: pod('stock-0'), to: pod('orders-1'), port: 8080, protocol: 'TCP' },
      decision: {
        allowed: 'denied',
        ingress: { verdict: 'denied', isolatedBy: [{ namespace: 'shop', name: 'orders' }] },
      },
      denied: [
        { direction: 'ingress', nearest: { rule: { index: 0 }, peer: { mismatches: [{ part: 'namespace-labels' }] } } },
      ],
      suggestions: [{ scope: 'smallest', manifests: [{ kind: 'NetworkPolicy' }], opens: { count: 1 } }, {}, {}],
      flows: [{ from: pod('stock-0'), to: pod('orders-1'), port: 8080, protocol: 'TCP', verdict: 'denied' }],
      notes: [],
    });
  });

  it('shows a hostile name and obeys nothing in it', async () => {
    await shop.write(
      'shop/evil.yaml',
      String.raw`{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: "a\e[2Jb\u202Ec\nd"}, spec: {containers: []}}`,
    );
    const matrix = ['--matrix', '--ports', '80'];
    const table = await shop.ask(...matrix);
    const csv = await shop.ask(...matrix, '--output', 'csv');
    const json = await shop.ask(...matrix, '--output', 'json');
    const wrong = await shop.ask('--from', 'shop/a\u001b[2J', '--to', 'shop/orders-1:1');
    for (const text of [table.stdout, csv.stdout, json.stdout, wrong.stderr]) {
      expect(text).not.toMatch(/(?![\r\n])\p{Cc}|\p{Cf}/u);
      expect(text.length).toBeGreaterThan(50);
    }
    expect(table.stdout).toContain(String.raw`shop/a\u{1b}[2Jb\u{202e}c d`);
    expect(wrong.code).toBe(2);
    // The shape is pinned by the matrix's own tests.
    const rows = JSON.parse(json.stdout) as readonly { readonly from: string }[];
    expect(rows.some(({ from }) => from === 'shop/a\u001b[2Jb\u202Ec\nd')).toBe(true);
  });

  it('tells on stderr what it took for granted', async () => {
    await shop.write('more/a.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n---\nreplicas: 3\n');
    await shop.write(
      'more/b.yaml',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: new}\nspec: {selector: {matchLabels: {app: api}}, template: {metadata: {labels: {app: api}}, spec: {containers: []}}}\n',
    );
    const { code, stdout, stderr } = await shop.ask('more', '--from', 'new/api', '--to', 'shop/orders-1:8080');
    expect(stderr.split('\n')).toEqual([
      'note: namespaces used but not defined, taken with the label of their name alone: new',
      'note: workloads without a listed pod, judged by their template and without an address: new/api (Deployment)',
      'note: kinds passed over: v1 Secret (1)',
      'note: documents that are no Kubernetes objects: more/a.yaml: document 2',
      '',
    ]);
    expect(stdout).toContain('not determined: The pod has no address yet');
    expect(code).toBe(1);
  });

  it('judges pods without a policy by the mode: strict denies them', async () => {
    const asked = ['--from', 'web/front-1', '--to', 'shop/stock-0', '--port', '53/UDP'];
    expect((await shop.ask(...asked)).code).toBe(0);
    expect((await shop.ask(...asked, '--enforcing-mode', 'strict')).code).toBe(1);
  });
});
