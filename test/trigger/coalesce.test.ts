import { describe, expect, it } from 'vitest';
import { queuePlaceOf } from '../../shared/trigger/coalesce.ts';
import type { AuditRequest } from '../../shared/trigger/request.ts';

const REQUEST: AuditRequest = {
  cluster: { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' },
  kind: 'audit',
  reason: 'nodes-launched',
  source: 'aws.autoscaling 1',
  at: '2026-11-20T09:00:00Z',
  attempt: 1,
};

describe('the place of a request in the queue', () => {
  it('is the same for every change of one cluster, whatever it was', () => {
    const place = queuePlaceOf(REQUEST);
    expect(place).toEqual(
      queuePlaceOf({ ...REQUEST, reason: 'addon-changed', source: 'x', at: '2026-11-20T09:04:00Z' }),
    );
    expect(place.deduplicationId).toMatch(/^[0-9a-f]{64}$/);
    expect(place.groupId).toBe(place.deduplicationId);
  });

  it.each([
    ['another cluster', { ...REQUEST, cluster: { ...REQUEST.cluster, name: 'pay-prod' } }],
    ['another region', { ...REQUEST, cluster: { ...REQUEST.cluster, region: 'eu-west-1' } }],
    ['another kind', { ...REQUEST, kind: 'traffic' as const }],
  ])('differs for %s', (_, other) => {
    expect(queuePlaceOf(other).groupId).not.toBe(queuePlaceOf(REQUEST).groupId);
    expect(queuePlaceOf(other).deduplicationId).not.toBe(queuePlaceOf(REQUEST).deduplicationId);
  });

  it.each(['manual', 'follow-up', 'security-hub-action'] as const)(
    'never drops a request that is %s, and never doubles it',
    (reason) => {
      const own = { ...REQUEST, reason };
      expect(queuePlaceOf(own).groupId).toBe(queuePlaceOf(REQUEST).groupId);
      expect(queuePlaceOf(own).deduplicationId).not.toBe(queuePlaceOf(REQUEST).deduplicationId);
      expect(queuePlaceOf(own)).toEqual(queuePlaceOf({ ...own }));
      expect(queuePlaceOf({ ...own, attempt: 2 }).deduplicationId).not.toBe(queuePlaceOf(own).deduplicationId);
    },
  );
});
