import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeHandler, type PublishFindingsDependencies } from '../../functions/publish-findings/publish-findings.ts';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import type { OutboxStore } from '../../shared/model/outbox.ts';
import { announce } from '../../shared/publish/announce.ts';
import { DEFAULT_NOISE_RULES } from '../../shared/publish/outbox/noise.ts';
import type { Destination } from '../../shared/publish/port.ts';
import { changeFromStreamImage } from '../../shared/store/dynamodb/stream.ts';
import { memoryOutbox } from '../../shared/store/memory-outbox.ts';
import { audit, shown } from '../support/dynamodb/audits.ts';
import { memoryTable } from '../support/dynamodb/memory-table.ts';
import { context, failedIds, failure, NOW, recorder } from './process.ts';

/** A stream's records as Lambda gets them: JSON, with bytes in base64. */
const streamOf = async (nodes: readonly string[]) => {
  const table = memoryTable();
  await audit(table, shown(1, { nodes: Object.fromEntries(nodes.map((name) => [name, 'False'])), addon: 'ACTIVE' }));
  return table.images().map((item, index) => {
    const { body, ...rest } = item;
    const NewImage = {
      ...marshall(rest),
      ...(body instanceof Uint8Array ? { body: { B: Buffer.from(body).toString('base64') } } : {}),
    };
    return { eventName: 'INSERT', eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: `${index}`, NewImage } };
  });
};

const isFinding = ({ dynamodb }: { readonly dynamodb: { readonly NewImage: object } }): boolean =>
  JSON.stringify(dynamodb.NewImage).includes('"FINDING#');

const started = (change: Partial<PublishFindingsDependencies> = {}, store: OutboxStore = memoryOutbox()) => {
  const told = recorder();
  const published: string[] = [];
  const destination: Destination = {
    kind: 'record',
    name: 'sink',
    wants: 'every-change',
    publish: (items) => {
      published.push(...items.map(({ id }) => id));
      return Promise.resolve(items.map(({ id }) => ({ id, outcome: 'delivered' as const })));
    },
  };
  const handler = makeHandler({
    changeOf: (image) => Promise.resolve(changeFromStreamImage(image)),
    announce: (changes) =>
      Promise.resolve(
        changes.map((each) =>
          announce(each, {
            checkOf: (id) => CATALOGUE.find((check) => check.id === id),
            exceptions: [],
            ownerOf: () => undefined,
            links: {},
          }),
        ),
      ),
    outbox: () =>
      Promise.resolve({
        store,
        destinations: [destination],
        rules: DEFAULT_NOISE_RULES,
        now: () => NOW,
        openNow: () => Promise.resolve(1),
      }),
    now: () => NOW,
    ...told,
    ...change,
  });
  return { ...told, published, handle: (event: unknown) => handler(event, context(60_000)) };
};

describe('publish-findings', () => {
  it('tells each destination of each committed change, and of nothing else in the table', async () => {
    const records = await streamOf(['a', 'b']);
    expect(records.filter((record) => !isFinding(record)).length).toBeGreaterThan(0);
    const { handle, published, counts } = started();
    expect(await handle({ Records: records })).toEqual({ batchItemFailures: [] });
    expect(published).toHaveLength(2);
    expect(counts).toMatchObject({ ChangesEnqueued: 2, Delivered: 2 });
  });

  it('tells nothing twice of records that are delivered again', async () => {
    const Records = await streamOf(['a']);
    const { handle, published } = started();
    await handle({ Records });
    await handle({ Records });
    expect(published).toHaveLength(1);
  });

  it('gives back exactly the changes that could not be written down', async () => {
    const Records = (await streamOf(['a', 'b', 'c'])).filter(isFinding);
    const outbox = memoryOutbox();
    let writes = 0;
    const flaky: OutboxStore = {
      ...outbox,
      write: (entry) => {
        writes += 1;
        return writes === 2 ? Promise.reject(failure('ThrottlingException')) : outbox.write(entry);
      },
    };
    const { handle, counts } = started({}, flaky);
    expect(failedIds(await handle({ Records }))).toHaveLength(1);
    expect(counts).toMatchObject({ ChangesEnqueued: 2, ChangesNotEnqueued: 1 });
  });

  it('gives back everything while the table is unavailable', async () => {
    const Records = (await streamOf(['a', 'b'])).filter(isFinding);
    const down = (): Promise<never> => Promise.reject(failure('ServiceUnavailable'));
    const { handle, published } = started({}, { ...memoryOutbox(), read: down, write: down, due: down });
    expect(failedIds(await handle({ Records }))).toHaveLength(2);
    expect(published).toEqual([]);
  });

  it('isolates a record that nobody can read', async () => {
    const records = (await streamOf(['a', 'b'])).filter(isFinding);
    const [first, second] = records;
    const broken = {
      dynamodb: { SequenceNumber: '9', NewImage: { ...first?.dynamodb.NewImage, body: { B: 'AAAA' } } },
    };
    const { handle, published, counts, lines } = started();
    expect(await handle({ Records: [broken, { dynamodb: 7 }, second] })).toEqual({ batchItemFailures: [] });
    expect(published).toHaveLength(1);
    expect(counts['PoisonMessages']).toBe(2);
    expect(lines).toContain('error a stored finding that cannot be read');
  });

  it('delivers what is due when the schedule wakes it', async () => {
    const Records = await streamOf(['a']);
    const store = memoryOutbox();
    let isDown = true;
    const destinations: readonly Destination[] = [
      {
        kind: 'record',
        name: 'sink',
        wants: 'latest',
        publish: (items) =>
          Promise.resolve(
            items.map(({ id }) =>
              isDown ? { id, outcome: 'retry' as const, reason: 'down' } : { id, outcome: 'delivered' as const },
            ),
          ),
      },
    ];
    let clock = NOW;
    const service = started({
      now: () => clock,
      outbox: () =>
        Promise.resolve({
          store,
          destinations,
          rules: DEFAULT_NOISE_RULES,
          now: () => clock,
          openNow: () => Promise.resolve(1),
        }),
    });
    expect(await service.handle({ Records })).toEqual({ batchItemFailures: [] });
    expect(service.counts).toMatchObject({ DeliveryRetries: 1 });
    clock = new Date('2026-11-21T13:00:00Z');
    await service.handle({ dispatch: true });
    // Since the audit committed it, at noon.
    expect(service.counts).toMatchObject({ DeliveryRetries: 2, DeliveryLag: 3600 });
    isDown = false;
    clock = new Date('2026-11-21T14:00:00Z');
    service.counts['DeliveryLag'] = -1;
    await service.handle({ dispatch: true });
    expect(service.counts).toMatchObject({ Delivered: 1, DeliveryLag: -1 });
  });

  it('refuses an event of another source', async () => {
    await expect(started().handle({ hello: 'world' })).rejects.toThrow('expected records of the table');
  });
});
