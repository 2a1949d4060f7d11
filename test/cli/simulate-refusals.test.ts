import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, POLICIES, type Shop } from './simulate-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

describe('simulate refuses, with code 2 and one line', () => {
  it.each([
    ['no input', ['simulate', '--from', 'a/b', '--to', 'c/d:1'], 'expected either --snapshot or --manifests'],
    ['two inputs', ['simulate', '-s', 'x', '-m', 'shop'], 'expected either --snapshot or --manifests'],
    ['a file that is not there', ['simulate', '-m', 'nowhere'], 'nowhere: expected a file or directory, found ENOENT'],
  ])('%s', async (_, argv, message) => {
    const { code, stdout, stderr } = await shop.run(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`netpol-warden: ${message}\n`);
  });

  it.each([
    ['no question', [], 'expected --from and --to, or --matrix'],
    [
      'no port',
      ['--from', 'web/front-1', '--to', 'shop/orders-1'],
      'expected one port, as --port 8080/TCP or behind a colon of --to',
    ],
    ['two ports', ['--from', 'web/front-1', '--to', 'shop/orders-1:80', '--port', '80'], 'expected one port'],
    [
      'port 0',
      ['--from', 'web/front-1', '--to', 'shop/orders-1:0'],
      '--to 0: expected a port such as 80, 80/TCP or http',
    ],
    [
      'an unknown protocol',
      ['--from', 'web/front-1', '--to', 'shop/orders-1', '--port', '80/XYZ'],
      '--port 80/XYZ: expected a port',
    ],
    [
      'a misspelt pod',
      ['--from', 'web/frnt-1', '--to', 'shop/orders-1:80'],
      '--from web/frnt-1: no such pod or Service; nearest: web/front-1',
    ],
    [
      'a misspelt workload',
      ['--from', 'web/deploy/frnt', '--to', 'shop/orders-1:80'],
      'no such Deployment with a live pod; nearest: ',
    ],
    [
      'a misspelt Service',
      ['--from', 'web/front-1', '--to', 'svc:shop/order:80'],
      '--to shop/order: no such Service; nearest: shop/orders',
    ],
    ['an unknown form', ['--from', 'front-1', '--to', 'shop/orders-1:80'], '--from: expected namespace/pod'],
    ['a Service as source', ['--from', 'svc:shop/orders', '--to', 'shop/orders-1:80'], 'Services open no connections'],
    [
      'a port that the Service has not',
      ['--from', 'web/front-1', '--to', 'svc:shop/orders:81'],
      'Service shop/orders has no port 81/TCP; it has 80/TCP',
    ],
    [
      'a Service without pods',
      ['--from', 'web/front-1', '--to', 'svc:shop/nobody:80'],
      'Service shop/nobody has no live pod behind its port 80',
    ],
    [
      'a Service that is only a name',
      ['--from', 'web/front-1', '--to', 'svc:shop/other:80'],
      'Service shop/other is another name for db.example.com',
    ],
    [
      'a port name nobody declares',
      ['--from', 'web/front-1', '--to', 'shop/orders-1:grpc'],
      'the destination declares no port grpc; it declares http',
    ],
    [
      'csv for one question',
      ['--from', 'web/front-1', '--to', 'shop/orders-1:80', '-o', 'csv'],
      '--output csv: expected with --matrix only',
    ],
    ['matrix flags without matrix', ['--ports', '80'], '--ports goes with --matrix'],
    ['a question beside the matrix', ['--matrix', '--from', 'web/front-1'], '--from asks one question'],
  ])('%s', async (_, argv, message) => {
    const { code, stdout, stderr } = await shop.ask(...argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.split('\n')).toHaveLength(2);
  });

  it('a range that the engine cannot read, by file and document', async () => {
    await shop.write(
      'shop/bad.yaml',
      `---\n${POLICIES.replace('name: orders', 'name: bad').replace('{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: web}}}', '{ipBlock: {cidr: 10.0.0.0/33}}')}`,
    );
    const { code, stderr } = await shop.ask('--matrix', '--ports', '80');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'netpol-warden: shop/bad.yaml: document 1: networkPolicies[shop/bad].ingress[0].peers[0].cidr: expected a CIDR such as 10.0.0.0/8 or 2001:db8::/32, found "10.0.0.0/33"\n',
    );
  });
});
