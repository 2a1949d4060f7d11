import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLUSTER, openShop, POLICIES, type Shop } from './simulate-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const CLUSTER_FILE = 'shop/cluster.yaml';

describe('diff', () => {
  it('finds nothing between a set of policies and itself, with code 0', async () => {
    const { code, stdout, stderr } = await shop.run('diff', '--before', 'shop', '--after', 'shop');
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      'Opens: nothing',
      'Closes: nothing',
      'Cannot be known: nothing',
      'Unchanged: 36 of 36 connections, on 53/UDP, 8080/TCP, 8081/TCP',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('tells what a new policy closes and why, with code 1', async () => {
    const { code, stdout } = await shop.run('diff', '--before', CLUSTER_FILE, '--after', 'shop', '--ports', '8080');
    expect(stdout.split('\n')).toEqual([
      'Policies added: NetworkPolicy shop/orders',
      'Opens: nothing',
      'Closes: 4',
      '  shop/orders-1 to shop/orders-2 on TCP/8080',
      '    now denied (ingress: isolated by shop/orders; no rule of theirs admits it)',
      '  shop/orders-2 to shop/orders-1 on TCP/8080',
      '    now denied (ingress: isolated by shop/orders; no rule of theirs admits it)',
      '  shop/stock-0 to shop/orders-1 on TCP/8080',
      '    now denied (ingress: isolated by shop/orders; no rule of theirs admits it)',
      '  shop/stock-0 to shop/orders-2 on TCP/8080',
      '    now denied (ingress: isolated by shop/orders; no rule of theirs admits it)',
      'Cannot be known: nothing',
      'Unchanged: 8 of 12 connections, on 8080/TCP',
      '',
    ]);
    expect(code).toBe(1);
  });

  it('tells what its removal opens, as JSON too', async () => {
    const argv = [
      '--before',
      'shop',
      '--after',
      CLUSTER_FILE,
      '--ports',
      '8080',
      '--external',
      '203.0.113.9,203.0.113.10',
    ];
    const { code, stdout } = await shop.run('diff', ...argv, '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      policies: { added: [], removed: ['NetworkPolicy shop/orders'], changed: [] },
      opens: { length: 8 },
      closes: [],
      uncertain: [],
      unchanged: 20,
      ports: [{ port: 8080, protocol: 'TCP' }],
    });
    expect(stdout).toContain('"ip": "203.0.113.9"');
    expect(code).toBe(1);
  });

  it('names a policy that changed in substance, not one that was only made anew', async () => {
    await shop.write(
      'anew/a.yaml',
      `${CLUSTER}---\n${POLICIES.replace('{name: orders,', '{name: orders, uid: u2, generation: 9,')}`,
    );
    await shop.write('other/a.yaml', `${CLUSTER}---\n${POLICIES.replace('port: 8080', 'port: 8081')}`);
    const anew = await shop.run('diff', '--before', 'shop', '--after', 'anew');
    const other = await shop.run('diff', '--before', 'shop', '--after', 'other');
    expect([anew.code, anew.stdout.includes('Policies changed')]).toEqual([0, false]);
    expect(other.stdout).toContain('Policies changed: NetworkPolicy shop/orders\nOpens: 2\n');
    expect(other.code).toBe(1);
  });

  it('says with code 2 what cannot be known', async () => {
    await shop.write(
      'named.yaml',
      'apiVersion: networking.k8s.aws/v1alpha1\nkind: ApplicationNetworkPolicy\nmetadata: {name: n, namespace: web}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{domainNames: [a.example]}]}, {to: [{podSelector: {}, namespaceSelector: {}}]}]}\n',
    );
    const { code, stdout } = await shop.run(
      'diff',
      '--before',
      'shop',
      '--after',
      'shop',
      'named.yaml',
      '--external',
      '203.0.113.9',
    );
    expect(stdout).toContain(
      'Cannot be known: 3\n  web/front-1 to 203.0.113.9 on UDP/53\n    was allowed, now unknown',
    );
    expect(stdout).toContain('Closes: nothing');
    expect(code).toBe(2);
  });

  it('compares the pods that live on both sides, and lists the others', async () => {
    await shop.write('without/a.yaml', CLUSTER.replaceAll('front-1', 'front-2'));
    const { stdout } = await shop.run('diff', '--before', CLUSTER_FILE, '--after', 'without', '--ports', '80');
    expect(stdout).toContain('Unchanged: 6 of 6 connections');
    expect(stdout).toContain('Pods on the first side only, not compared: web/front-1\n');
    expect(stdout).toContain('Pods on the second side only, not compared: web/front-2\n');
  });

  it('reminds of --external where rules speak of addresses', async () => {
    await shop.write(
      'range.yaml',
      POLICIES.replace('name: orders', 'name: range').replace(/from: .*/, 'from: [{ipBlock: {cidr: 203.0.113.0/24}}]'),
    );
    const argv = ['diff', '--before', 'shop', '--after', 'shop', 'range.yaml'];
    const silent = await shop.run(...argv);
    const asked = await shop.run(...argv, '--external', '203.0.113.9');
    expect([silent.code, silent.stderr]).toEqual([
      0,
      'note: policies have rules on address ranges; addresses outside the cluster are compared with --external only\n',
    ]);
    expect([asked.code, asked.stderr]).toEqual([1, '']);
    expect(asked.stdout).toContain('Opens: 2\n  203.0.113.9 to shop/orders-1 on TCP/8080\n    was denied (ingress: ');
  });

  it('takes a dump directory for what it is', async () => {
    const dump = resolve(import.meta.dirname, '../fleet/shop-prod');
    const { code, stdout } = await shop.run('diff', '--before', dump, '--after', dump, '--ports', '80');
    expect(code).toBe(0);
    expect(stdout).toContain('Unchanged: 462 of 462 connections, on 80/TCP');
  });

  it('takes a snapshot file for what it is, and manifests beside it for what they are', async () => {
    const dump = resolve(import.meta.dirname, '../fleet/shop-prod');
    await shop.run('import', dump, '--out', 'snapshot.json');
    await shop.run('import', dump, '--out', 'snapshot.json.gz');
    const same = await shop.run('diff', '--before', 'snapshot.json', '--after', 'snapshot.json.gz', '--ports', '80');
    expect([same.code, same.stdout.includes('462 of 462')]).toEqual([0, true]);
    const two = await shop.run('diff', '--before', 'snapshot.json', 'shop', '--after', 'shop');
    expect([two.code, two.stderr]).toEqual([
      2,
      'netpol-warden: snapshot.json is a snapshot: expected it alone, found 1 more\n',
    ]);
  });

  it.each([
    [['--before', 'shop'], "required option '--after <path...>' not specified"],
    [
      ['--before', 'nowhere', '--after', 'shop'],
      'nowhere: expected a readable file or directory of manifests, or a snapshot',
    ],
    [['--before', 'shop', '--after', 'shop', '--ports', 'x/y'], '--ports x/y: expected a port'],
  ])('refuses %j with code 2', async (argv, message) => {
    const { code, stdout, stderr } = await shop.run('diff', ...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
