import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { changeFromStreamImage } from '../../../shared/store/dynamodb/stream.ts';
import type { Item } from '../../../shared/store/dynamodb/table.ts';
import { StoreError } from '../../../shared/store/port.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { audit, recordOf, shown } from '../../support/dynamodb/audits.ts';
import { memoryTable } from '../../support/dynamodb/memory-table.ts';

const RUN = shown(1, { nodes: { a: 'False' }, addon: 'ACTIVE' });

const audited = async () => {
  const table = memoryTable();
  await audit(table, RUN);
  const [finding] = Object.values((await recordOf(table)).findings);
  const item = table.images().find(({ sk }) => sk.startsWith('FINDING#'));
  if (finding === undefined || item === undefined) throw new Error('the audit found nothing');
  return { table, finding, item };
};

describe('a stream image', () => {
  it('is the change that was committed', async () => {
    const { finding, item } = await audited();

    expect(changeFromStreamImage(marshall(item))).toEqual({
      change: { kind: 'opened', finding },
      sequence: 1,
      cluster: CLUSTER,
      at: '2026-11-21T12:00:00.000Z',
    });
  });

  it('is read as it comes in an event for Lambda too: JSON, with bytes in base64', async () => {
    const { finding, item } = await audited();
    const { body, ...rest } = item;
    if (!(body instanceof Uint8Array)) throw new Error('no body');
    const event = { ...marshall(rest), body: { B: Buffer.from(body).toString('base64') } };

    expect(changeFromStreamImage(event)?.change).toEqual({ kind: 'opened', finding });
  });

  it('has what event filters go by as plain text', async () => {
    const { item } = await audited();

    expect(marshall(item)).toMatchObject({
      change: { S: 'opened' },
      check: { S: 'network-policy/nodes-ready' },
      severity: { S: 'high' },
      status: { S: 'open' },
      owner: { S: 'platform' },
    });
  });

  it('of anything but a finding is no change, and neither is a removal', async () => {
    const { table } = await audited();
    const others = table.images().filter(({ sk }) => !sk.startsWith('FINDING#'));

    expect(others.length).toBeGreaterThan(3);
    expect(others.map((item) => changeFromStreamImage(marshall(item)))).toEqual(others.map(() => undefined));
    expect(changeFromStreamImage(undefined)).toBeUndefined();
    expect(changeFromStreamImage({})).toBeUndefined();
  });

  it.each<[string, (item: Item) => object, string]>([
    ['a kind of change that nobody knows', (item) => ({ ...item, change: 'vanished' }), 'change: Invalid option'],
    ['no sequence', ({ version: _version, ...item }) => item, 'version: Invalid input'],
    ['a body that is no gzip', (item) => ({ ...item, body: new Uint8Array([1, 2]) }), 'body: expected gzipped JSON'],
    ['no body', ({ body: _body, ...item }) => item, 'body: expected bytes'],
    [
      'the body of another finding',
      (item) => ({ ...item, sk: `FINDING#${'0'.repeat(64)}` }),
      'expected the finding of its key',
    ],
  ])('with %s is an error, never no change', async (_, changed, problem) => {
    const { item } = await audited();
    const image = marshall(changed(item));

    expect(() => changeFromStreamImage(image)).toThrow(StoreError);
    expect(() => changeFromStreamImage(image)).toThrow(problem);
  });
});
