import { describe, expect, it } from 'vitest';
import { type AuditFleetDependencies, makeHandler } from '../../functions/audit-fleet/audit-fleet.ts';
import { context, failure, NOW, recorder } from './process.ts';

const RUN = '2026-11-20T03:00:00Z';
const HUB = '999988887777';
const MEMBER = '111122223333';

const started = (change: Partial<AuditFleetDependencies> = {}, files: { readonly [key: string]: unknown } = {}) => {
  const told = recorder();
  const written = new Map<string, unknown>();
  const handler = makeHandler({
    bucket: 'bucket',
    accounts: () =>
      Promise.resolve([
        { id: HUB, regions: ['us-west-2'] },
        { id: MEMBER, regions: ['us-west-2', 'eu-west-1'] },
      ]),
    listClusters: ({ account, region }) => Promise.resolve([`${region === 'eu-west-1' ? 'eu' : 'us'}-${account[0]}`]),
    putJson: (key, value) => Promise.resolve(void written.set(key, value)),
    getJson: (_, key) =>
      key in files ? Promise.resolve(files[key]) : Promise.reject(failure('NoSuchKey', `no ${key}`)),
    lastAudit: () => Promise.resolve(undefined),
    now: () => NOW,
    ...told,
    ...change,
  });
  return { ...told, written, handle: (event: unknown) => handler(event, context()) };
};

const item = (name: string) =>
  JSON.stringify({ request: { cluster: { partition: 'aws', account: MEMBER, region: 'us-west-2', name } } });
const answered = (name: string, outcome: object) => ({ Input: item(name), Output: JSON.stringify(outcome) });
const AUDITED = { cluster: 'arn', takenAt: '2026-11-20T08:00:00Z', outcome: 'audited', counts: {} };
const plan = (clusters: number, gaps: readonly object[] = []) => ({
  run: RUN,
  bucket: 'bucket',
  key: 'fleet/x/items.json',
  clusters,
  gaps,
});
const RESULTS = { Bucket: 'bucket', Key: 'm' };
const manifest = (succeeded: readonly string[], failed: readonly string[]) => ({
  DestinationBucket: 'bucket',
  ResultFiles: {
    SUCCEEDED: succeeded.map((Key) => ({ Key, Size: 1 })),
    FAILED: failed.map((Key) => ({ Key, Size: 1 })),
    PENDING: [],
  },
});

describe('audit-fleet plans', () => {
  it('one item for each cluster of each account and Region', async () => {
    const { handle, written } = started();
    expect(await handle({ step: 'plan', run: RUN })).toEqual({
      run: RUN,
      bucket: 'bucket',
      key: 'fleet/2026-11-20T03-00-00Z/items.json',
      clusters: 3,
      gaps: [],
    });
    expect(written.get('fleet/2026-11-20T03-00-00Z/items.json')).toMatchObject([
      { request: { cluster: { account: HUB, region: 'us-west-2', name: 'us-9' }, reason: 'schedule', at: RUN } },
      { request: { cluster: { account: MEMBER, name: 'us-1' } } },
      { request: { cluster: { account: MEMBER, region: 'eu-west-1', name: 'eu-1' } } },
    ]);
  });

  it('the others where one account does not let us in, and records the gap', async () => {
    const { handle } = started({
      listClusters: ({ account }) =>
        account === HUB ? Promise.resolve(['a']) : Promise.reject(failure('AccessDenied', 'sts:AssumeRole')),
    });
    expect(await handle({ step: 'plan', run: RUN })).toMatchObject({
      clusters: 1,
      gaps: [
        { account: MEMBER, region: 'us-west-2', reason: 'AccessDenied: sts:AssumeRole' },
        { account: MEMBER, region: 'eu-west-1' },
      ],
    });
  });

  it('the clusters that the settings name, also where they are not there or cannot be listed', async () => {
    const { handle, written } = started({
      accounts: () => Promise.resolve([{ id: MEMBER, regions: ['us-west-2'], clusters: ['shop-prod'] }]),
      listClusters: () => Promise.reject(failure('ThrottlingException')),
    });
    expect(await handle({ step: 'plan', run: RUN })).toMatchObject({ clusters: 1, gaps: [{ account: MEMBER }] });
    expect([...written.values()]).toMatchObject([[{ request: { cluster: { name: 'shop-prod' } } }]]);
  });
});

describe('audit-fleet summarises', () => {
  it('what was audited and what was not, and measures ages', async () => {
    const files = {
      m: manifest(['ok'], ['bad']),
      ok: [answered('a', AUDITED), answered('b', { ...AUDITED, outcome: 'gap', reason: 'denied' })],
      bad: [{ Input: item('c'), Cause: 'Task timed out' }],
    };
    const { handle, counts, written } = started({}, files);
    const event = {
      step: 'summarise',
      plan: plan(4, [{ account: HUB, region: 'us-west-2', reason: 'x' }]),
      results: RESULTS,
    };
    expect(await handle(event)).toMatchObject({
      clusters: 4,
      audited: 1,
      gaps: [
        { cluster: 'b', reason: 'denied' },
        { cluster: 'c', reason: 'Task timed out' },
      ],
    });
    // Two gaps, one Region that could not be listed, and one cluster that is in no file.
    expect(counts).toMatchObject({ FleetClusters: 1, FleetGaps: 4 });
    expect(written.get('fleet/2026-11-20T03-00-00Z/summary.json')).toMatchObject({ missing: 1 });
  });

  it('takes an answer that it does not understand for a gap', async () => {
    const files = { m: manifest(['ok'], []), ok: [{ Input: '{', Output: '{' }, answered('a', { outcome: 'fine' })] };
    const { handle } = started({}, files);
    expect(await handle({ step: 'summarise', plan: plan(2), results: RESULTS })).toMatchObject({
      audited: 0,
      gaps: [{ cluster: 'unknown' }, { cluster: 'a' }],
    });
  });

  it('says how old the last audit is of a cluster that was not audited now', async () => {
    const files = { m: manifest([], ['bad']), bad: [{ Input: item('c'), Cause: 'x' }] };
    const { handle, counts } = started({ lastAudit: () => Promise.resolve('2026-11-19T09:00:00Z') }, files);
    await handle({ step: 'summarise', plan: plan(1), results: RESULTS });
    expect(counts['AuditAge']).toBe(86_400);
  });

  it('fails where there are no results: an audit that did not happen is an alarm', async () => {
    await expect(started().handle({ step: 'summarise', plan: plan(1), results: RESULTS })).rejects.toThrow('no m');
  });

  it('refuses a step that it does not know', async () => {
    await expect(started().handle({ step: 'else' })).rejects.toThrow('event.step');
  });
});
