import { describe, expect, it } from 'vitest';
import { changeCounts, changeGroups } from '../../shared/report/changes.ts';
import { clusterAt, sampleReport } from '../support/report-sample.ts';

describe('changeGroups', () => {
  it('tells once what happened to one check of one cluster, new failures first', () => {
    const groups = changeGroups(sampleReport());
    expect(
      groups.map(({ kind, cluster, check, resources }) => `${kind} ${cluster.name} ${check} ${resources.length}`),
    ).toEqual([
      'opened payments-prod network-policy/enforced 3',
      'opened payments-prod network-policy/bpffs-mounted 1',
      'reopened search-staging network-policy/controller-enabled 1',
      'resolved checkout-prod network-policy/enforced 1',
      'closed payments-prod network-policy/enforced 1',
    ]);
    expect(changeCounts(groups)).toBe('4 opened, 1 reopened, 1 resolved, 1 closed');
  });

  it('does not join clusters of one name in two accounts', () => {
    const spec = {
      version: '1.33',
      cni: 'v1',
      nodes: ['agent-off'],
      changes: { 'network-policy/enforced': 'opened' },
    } as const;
    const groups = changeGroups(
      sampleReport([
        { ...spec, cluster: clusterAt('prod', 'us-west-2', '111122223333') },
        { ...spec, cluster: clusterAt('prod', 'us-west-2', '444455556666') },
      ]),
    );
    expect(groups.map(({ cluster }) => cluster.account)).toEqual(['111122223333', '444455556666']);
  });

  it('is silent about what was only looked at again', () => {
    const groups = changeGroups(
      sampleReport([{ cluster: clusterAt('lab', 'us-west-2'), version: '1.33', cni: 'v1', nodes: ['agent-off'] }]),
    );
    expect(groups).toEqual([]);
    expect(changeCounts(groups)).toBe('');
  });
});
