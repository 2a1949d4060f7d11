import { observed } from '../../../shared/model/fact.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import { facts } from '../../support/cluster.ts';

export const AT = '2026-11-20T09:00:00Z';

export const SAMPLE: Snapshot = {
  cluster: { partition: 'aws', account: '111122223333', region: 'us-west-2', name: 'shop-prod' },
  takenAt: AT,
  facts: {
    ...facts({}),
    'kubernetes.namespaces': observed([{ name: 'a', labels: {}, phase: 'Active' }], 'GET /api/v1/namespaces', AT),
  },
};
