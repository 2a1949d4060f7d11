import { describe, expect, it } from 'vitest';
import { auditRequestIn, BadMessageError, jsonIn, nodeVerificationIn } from '../../shared/trigger/message.ts';

const CLUSTER = { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' };
const REQUEST = {
  cluster: CLUSTER,
  kind: 'audit',
  reason: 'manual',
  source: 's',
  at: '2026-11-20T09:00:00Z',
  attempt: 1,
};
const NODE = { cluster: CLUSTER, instanceId: 'i-0a3c844322fab4955', launchedAt: '2026-11-20T09:00:00Z', attempt: 2 };

describe('messages of our queues', () => {
  it('come out as they went in', () => {
    expect(auditRequestIn(jsonIn(JSON.stringify(REQUEST)))).toEqual(REQUEST);
    expect(nodeVerificationIn(NODE)).toEqual(NODE);
    const lifecycle = { group: 'g', hook: 'netpol-warden-launch', token: 't' };
    expect(nodeVerificationIn({ ...NODE, lifecycle })).toEqual({ ...NODE, lifecycle });
  });

  it.each([
    [{ ...REQUEST, kind: 'other' }, 'request.kind'],
    [{ ...REQUEST, cluster: { ...CLUSTER, name: '../x' } }, 'request.cluster.name'],
    [{ ...REQUEST, cluster: { ...CLUSTER, partition: 'aws/..' } }, 'request.cluster.partition'],
    [{ ...REQUEST, attempt: 0 }, 'request.attempt'],
    [undefined, 'request'],
  ])('that are none are refused with the path: %#', (value, path) => {
    expect(() => auditRequestIn(value)).toThrow(BadMessageError);
    expect(() => auditRequestIn(value)).toThrow(path);
  });

  it('that name no instance are refused', () => {
    expect(() => nodeVerificationIn({ ...NODE, instanceId: 'i-1; rm' })).toThrow('verification.instanceId');
    expect(() => jsonIn('{')).toThrow('body: expected JSON');
  });
});
