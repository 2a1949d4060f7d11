import { expect, it } from 'vitest';
import { findingsIn } from '../shared/compose-findings-table.ts';
import { dynamoStore } from '../shared/store/dynamodb/store.ts';
import { memoryTable } from './support/dynamodb/memory-table.ts';
import { announcementOf } from './publish/announcements.ts';
import { CLUSTER } from './support/cluster.ts';

const now = (): Date => new Date('2026-11-20T12:00:00.000Z');

it('knows of a finding in the table its sequence, its time and its owner', async () => {
  const table = memoryTable();
  const { finding } = announcementOf().change;
  const store = dynamoStore({ table, now, retention: { endedFindingsDays: 30 }, ownerOf: () => 'team-shop' });
  const record = await store.read(CLUSTER);
  await store.commit({ ...record, findings: { [finding.id]: finding } }, [{ kind: 'opened', finding }]);

  const place = findingsIn(table, now);
  const [move] = await place.queries.movedSince('1970-01-01T00:00:00.000Z');
  const stamp = (await place.stamps(move === undefined ? [] : [move.finding])).get(finding.id);

  expect(move?.finding).toEqual(finding);
  expect(stamp).toMatchObject({ at: '2026-11-20T12:00:00.000Z', owner: 'team-shop' });
  expect(stamp?.sequence).toBeGreaterThan(0);
  expect((await place.stamps([{ ...finding, id: 'unknown' }])).size).toBe(0);
});
