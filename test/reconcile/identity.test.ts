import { describe, expect, it } from 'vitest';
import type { ClusterRef } from '../../shared/model/cluster.ts';
import type { Resource } from '../../shared/model/outcome.ts';
import { findingId } from '../../shared/reconcile/identity.ts';

const CLUSTER: ClusterRef = { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' };
const NODE: Resource = {
  type: 'node',
  id: 'ip-10-0-1-5.us-west-2.compute.internal/6f1f0a52-0000-4000-8000-000000000001',
  name: 'ip-10-0-1-5.us-west-2.compute.internal',
};

describe('findingId', () => {
  // Pinned for ever: see docs/decisions/0003-frozen-identity.md. If this fails, the change is wrong, not the test.
  it.each([
    [
      CLUSTER,
      'network-policy/enforced',
      NODE,
      'us-west-2/111122223333/netpol-warden/53c7549b3d6aa321c0e3ddac3c84ea47535dcf9bee142fe80a73c8c83755095b',
    ],
    [
      { partition: 'aws-cn', account: '444455556666', region: 'cn-north-1', name: 'データ "x"\u0000' },
      'fleet/kubernetes-access',
      { type: 'cluster', id: 'データ "x"\u0000', name: 'データ "x"\u0000' },
      'cn-north-1/444455556666/netpol-warden/1f3c5b8217243788257f64cc9685596882c54b49cb8f42884f77d5b6962193b1',
    ],
    [
      { partition: '', account: '', region: '', name: '' },
      '',
      { type: 'daemonset', id: '', name: '' },
      '//netpol-warden/d2d4289577afb181d50e0dd026fab24f8fd7a827f95966405673fbfc29f40db1',
    ],
  ] as const)('is frozen: %j %s %j', (cluster, check, resource, id) => {
    expect(findingId(cluster, check, resource)).toBe(id);
  });

  it('does not depend on the name that people see', () => {
    expect(findingId(CLUSTER, 'a/b', { ...NODE, name: 'renamed' })).toBe(findingId(CLUSTER, 'a/b', NODE));
  });

  it.each([
    ['partition', { ...CLUSTER, partition: 'aws-cn' }, 'a/b', NODE],
    ['account', { ...CLUSTER, account: '111122223334' }, 'a/b', NODE],
    ['region', { ...CLUSTER, region: 'us-west-1' }, 'a/b', NODE],
    ['cluster name', { ...CLUSTER, name: 'shop-test' }, 'a/b', NODE],
    ['check', CLUSTER, 'a/c', NODE],
    ['resource type', CLUSTER, 'a/b', { ...NODE, type: 'nodegroup' }],
    ['resource id', CLUSTER, 'a/b', { ...NODE, id: `${NODE.id}0` }],
  ] as const)('is another one for another %s', (_, cluster, check, resource) => {
    expect(findingId(cluster, check, resource)).not.toBe(findingId(CLUSTER, 'a/b', NODE));
  });

  it('is within the 512 characters of Security Hub, however long the names are', () => {
    const long = 'x'.repeat(10_000);

    expect(findingId({ ...CLUSTER, name: long }, long, { ...NODE, id: long })).toHaveLength(101);
  });
});
