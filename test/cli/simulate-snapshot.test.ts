import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openShop, type Shop } from './simulate-shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

describe('simulate on a snapshot', () => {
  const fleet = (name: string): string => resolve(import.meta.dirname, '../fleet', name);
  const asked = ['--from', 'portal/deployment/portal', '--to', 'billing/deployment/invoicing:http'];
  const EMPTY = '{"apiVersion": "v1", "kind": "List", "items": []}';
  const EKS_KINDS = ['clusternetworkpolicies', 'applicationnetworkpolicies'];

  /** A dump whose CRDs say that the EKS kinds are served. */
  const dump = async (lists: readonly string[]): Promise<void> => {
    await cp(fleet('platform-al2023'), join(shop.folder, 'dump'), { recursive: true });
    for (const kind of EKS_KINDS) await rm(join(shop.folder, `dump/kubernetes/${kind}.json`), { force: true });
    await rm(join(shop.folder, 'dump/kubernetes/services.json'), { force: true });
    for (const kind of lists) await shop.write(`dump/kubernetes/${kind}.json`, EMPTY);
  };

  it('takes the mode and the policies from it, and says what it did not read', async () => {
    await dump(EKS_KINDS);
    const { code, stdout, stderr } = await shop.run('simulate', '-s', 'dump', ...asked);
    expect(stdout).toContain('admitted by billing/allow-portal ingress[0]');
    expect(stderr).toContain('note: Services were not read: ');
    expect(code).toBe(0);
  });

  it('asks for the mode where it is set from elsewhere', async () => {
    await dump(EKS_KINDS);
    const path = join(shop.folder, 'dump/kubernetes/aws-node.json');
    const elsewhere =
      '"name": "NETWORK_POLICY_ENFORCING_MODE", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}';
    const text = await readFile(path, 'utf8');
    const changed = text.replace(/"name": "NETWORK_POLICY_ENFORCING_MODE",\s*"value": "[a-z]+"/, elsewhere);
    expect(changed).not.toBe(text);
    await writeFile(path, changed);
    const { code, stderr } = await shop.run('simulate', '-s', 'dump', ...asked);
    expect(code).toBe(2);
    expect(stderr).toContain('found one that was set from elsewhere and not read; tell it with --enforcing-mode');
    expect((await shop.run('simulate', '-s', 'dump', ...asked, '--enforcing-mode', 'standard')).code).toBe(0);
  });

  it('judges nothing while policies of a kind that is served were not read', async () => {
    await dump(['clusternetworkpolicies']);
    const { code, stdout, stderr } = await shop.run('simulate', '-s', 'dump', ...asked);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      'dump: facts["kubernetes.application-network-policies"]: expected a list that was read, found not-collected',
    );
  });

  it('judges as if there were none of them where it is told to, and says so', async () => {
    await dump([]);
    const { code, stderr } = await shop.run('simulate', '-s', 'dump', ...asked, '--assume-no-cluster-policies');
    expect(code).toBe(0);
    expect(stderr).toContain('note: policies of the EKS kinds taken as none where not read');
  });

  it('needs no such word where the CRDs show that the kinds are not served', async () => {
    const { code, stdout } = await shop.run('simulate', '-s', fleet('shop-prod'), '--matrix', '--ports', '80');
    expect(code).toBe(0);
    expect(stdout).toContain('80/TCP');
  });

  it.each([
    ['research-private', 'facts["kubernetes.namespaces"]: expected a list that was read, found unreachable'],
    ['', 'expected one snapshot, found 6; name one of its files'],
  ])('%s: nothing is judged on what was not read', async (name, message) => {
    const { code, stdout, stderr } = await shop.run('simulate', '-s', fleet(name), ...asked);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});
