import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './simulate-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

interface Row {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
  readonly allowed: boolean | null;
  readonly because: string;
}

const rowsOf = async (...argv: readonly string[]): Promise<readonly Row[]> => {
  const { code, stdout } = await shop.ask('--matrix', '--output', 'json', ...argv);
  expect(code).toBe(0);
  // The first test pins the shape.
  return JSON.parse(stdout) as readonly Row[];
};

const find = (rows: readonly Row[], from: string, to: string): Row | undefined =>
  rows.find((row) => row.from === from && row.to === to);

describe('simulate --matrix', () => {
  it('prints an array, one row a line, of exactly six fields', async () => {
    const { stdout } = await shop.ask('--matrix', '--ports', '8080/TCP', '--namespace', 'web', '--output', 'json');
    expect(stdout).toBe(
      '[\n{"from":"web/front-1","to":"web/front-1","port":8080,"protocol":"TCP","allowed":true,"because":"egress: a pod cannot be cut off from itself"}\n]\n',
    );
  });

  it('has every ordered pair of pods with itself, on every port', async () => {
    const rows = await rowsOf('--ports', '8080/TCP,53/UDP');
    expect(rows).toHaveLength(4 * 4 * 2);
    expect(new Set(rows.map((row) => JSON.stringify([row.from, row.to, row.port, row.protocol]))).size).toBe(32);
    expect(rows.filter(({ allowed }) => allowed === false)).toHaveLength(10);
    expect(rows.filter(({ allowed }) => allowed === false).every(({ to }) => to.startsWith('shop/orders-'))).toBe(true);
  });

  it('has addresses outside in both directions, but none among themselves', async () => {
    const rows = await rowsOf('--ports', '8080', '--external', '203.0.113.9,2001:db8::1', '--external', '198.51.100.1');
    expect(rows).toHaveLength(4 * 4 + 2 * 4 * 3);
    expect(find(rows, '203.0.113.9', 'shop/orders-1')).toEqual({
      from: '203.0.113.9',
      to: 'shop/orders-1',
      port: 8080,
      protocol: 'TCP',
      allowed: false,
      because: 'ingress: isolated by shop/orders; no rule of theirs admits it',
    });
    expect(find(rows, 'shop/orders-1', '2001:db8::1')?.allowed).toBe(true);
    expect(find(rows, '203.0.113.9', '198.51.100.1')).toBeUndefined();
  });

  it("judges a node's address as the node: a pod cannot be cut off from its own", async () => {
    const rows = await rowsOf('--ports', '8080', '--external', '192.168.0.1');
    expect(find(rows, '192.168.0.1', 'shop/orders-1')).toMatchObject({
      allowed: true,
      because: expect.stringContaining('its own node'),
    });
  });

  it("judges a pod's address as the pod", async () => {
    const rows = await rowsOf('--ports', '8080', '--external', '10.0.0.4');
    expect(find(rows, '10.0.0.4', 'shop/orders-1')).toMatchObject({
      allowed: true,
      because: 'ingress: admitted by shop/orders ingress[0]',
    });
  });

  it('says null where it cannot be known', async () => {
    await shop.write(
      'shop/named.yaml',
      'apiVersion: networking.k8s.aws/v1alpha1\nkind: ApplicationNetworkPolicy\nmetadata: {name: n, namespace: web}\nspec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{domainNames: [a.example]}]}]}\n',
    );
    const rows = await rowsOf('--ports', '443', '--external', '203.0.113.9');
    expect(find(rows, 'web/front-1', '203.0.113.9')?.allowed).toBeNull();
  });

  it('leaves finished pods out', async () => {
    await shop.write(
      'shop/done.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: done, namespace: shop}\nspec: {containers: []}\nstatus: {phase: Succeeded}\n',
    );
    expect(await rowsOf('--ports', '80')).toHaveLength(16);
  });

  it('prints rows for a spreadsheet', async () => {
    const { stdout } = await shop.ask(
      '--matrix',
      '--ports',
      '8080',
      '--namespace',
      'web',
      '--external',
      '203.0.113.9',
      '-o',
      'csv',
    );
    expect(stdout.split('\r\n')).toEqual([
      'from,to,port,protocol,allowed,because',
      'web/front-1,web/front-1,8080,TCP,true,egress: a pod cannot be cut off from itself',
      'web/front-1,203.0.113.9,8080,TCP,true,egress: no policy selects the pod',
      '203.0.113.9,web/front-1,8080,TCP,true,ingress: no policy selects the pod',
      '',
    ]);
  });

  it('draws a small cluster, a line a source', async () => {
    const { stdout } = await shop.ask('--matrix', '--ports', '8080');
    expect(stdout.split('\n')).toEqual([
      '8080/TCP',
      '                 1 2 3 4',
      '1 shop/orders-1  . X . .',
      '2 shop/orders-2  X . . .',
      '3 shop/stock-0   X X . .',
      '4 web/front-1    . . . .',
      '',
      '. reaches   X does not   ? cannot be known; rows open connections to columns',
      '',
    ]);
  });

  it('counts a big one, namespace by namespace', async () => {
    const many = Array.from(
      { length: 40 },
      (_, at) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p${at}, namespace: many}\nspec: {containers: []}\n`,
    );
    await shop.write(
      'shop/many.yaml',
      ['apiVersion: v1\nkind: Namespace\nmetadata: {name: many}\n', ...many].join('---\n'),
    );
    const { stdout } = await shop.ask('--matrix', '--ports', '8080');
    expect(stdout.split('\n')).toContain('8080/TCP  many to shop: 40 allowed, 80 denied, 0 unknown');
  });

  it('hands on a long answer piece by piece', async () => {
    const pieces: number[] = [];
    const { run } = await import('../../cli/run.ts');
    const ports = Array.from({ length: 200 }, (_, at) => at + 1).join(',');
    await run(['simulate', '-m', 'shop', '--matrix', '--ports', ports, '-o', 'json'], {
      stdout: (text) => void pieces.push(text.length),
      stderr: () => undefined,
      stderrIsTerminal: false,
      env: {},
      cwd: shop.folder,
      now: () => new Date('2026-11-20T12:00:00Z'),
    });
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces)).toBeLessThan(70_000);
  });

  it.each([
    [['--matrix'], '--matrix: expected --ports'],
    [['--matrix', '--ports', 'http'], '--ports http: expected a number, found a name'],
    [['--matrix', '--ports', '80,'], '--ports : expected a port'],
    [['--matrix', '--ports', '80', '--external', '10.0'], '--external 10.0: expected an IP address'],
    [['--matrix', '--ports', '80', '--namespace', 'nope'], '--namespace nope: no such namespace'],
  ])('refuses %j', async (argv, message) => {
    const { code, stdout, stderr } = await shop.ask(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
