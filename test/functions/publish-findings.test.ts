import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from 'vitest';
import { makeHandler, type PublishFindingsDependencies } from '../../functions/publish-findings/publish-findings.ts';
import type { DigestSources } from '../../functions/publish-findings/send-digests.ts';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import type { OutboxStore } from '../../shared/model/outbox.ts';
import { announce } from '../../shared/publish/announce.ts';
import type { Digest } from '../../shared/publish/digest/digest.ts';
import { DEFAULT_NOISE_RULES } from '../../shared/publish/outbox/noise.ts';
import type { Destination } from '../../shared/publish/port.ts';
import { changeFromStreamImage } from '../../shared/store/dynamodb/stream.ts';
import { memoryOutbox } from '../../shared/store/memory-outbox.ts';
import { RUN } from '../publish/digest/digests.ts';
import { later, refuses, senderOf, SHOP, takes, twoClusters } from '../publish/digest/sources.ts';
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
    digests: () => Promise.reject(new Error('no digest is wanted here')),
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

/** Late in its minute, as schedules are. */
const AT = new Date('2026-11-21T08:00:42.500Z');
const digesting = async (change: Partial<DigestSources>, now = () => AT) => {
  const sources = await twoClusters(change);
  return started({ digests: () => Promise.resolve(sources), now });
};
const names = (sent: readonly Digest[]): readonly string[] => sent.map(({ cluster }) => cluster.name);

describe('the digest', () => {
  it('tells every sender of each stored cluster, about the day that ended with this minute', async () => {
    const [one, other] = [senderOf('slack', [takes]), senderOf('email', [takes])];
    const { handle, counts } = await digesting({ senders: [one.sender, other.sender], report: 'https://r.example' });
    expect(await handle({ digest: true })).toEqual({ batchItemFailures: [] });
    expect(names(one.sent)).toEqual(['quiet', SHOP.name]);
    expect(other.sent).toEqual(one.sent);
    expect(one.sent[0]).toMatchObject({ answer: 'enforced', appeared: [], report: 'https://r.example' });
    expect(one.sent[1]).toMatchObject({
      since: '2026-11-20T08:00:00.000Z',
      until: '2026-11-21T08:00:00.000Z',
      auditedAt: RUN.takenAt,
      appeared: [{ resource: { name: 'node-1' } }],
    });
    expect(counts).toEqual({ Delivered: 4 });
  });

  it('is about as many hours as the schedule says', async () => {
    const { sender, sent } = senderOf('slack', [takes]);
    const { handle } = await digesting({ senders: [sender] });
    await handle({ digest: true, hours: 168 });
    expect(sent[1]?.since).toBe('2026-11-14T08:00:00.000Z');
    expect(sent[1]?.appeared).toHaveLength(2);
  });

  it.each([0, 745, 1.5, '24'])('refuses %j hours', async (hours) => {
    const { handle } = await digesting({});
    await expect(handle({ digest: true, hours })).rejects.toThrow('hours from 1 to 744');
  });

  it('leaves out a cluster where all is well, where the schedule says so', async () => {
    const { sender, sent } = senderOf('slack', [takes]);
    const { handle } = await digesting({ senders: [sender] });
    await handle({ digest: true, skipQuiet: true });
    expect(names(sent)).toEqual([SHOP.name]);
  });

  it('counts what an exception holds for apart, and what an expired one held for not', async () => {
    const { sender, sent } = senderOf('slack', [takes]);
    const exception = { check: 'network-policy/node-agent-enabled', owner: 'shop', reason: 'known' };
    const { handle } = await digesting({
      senders: [sender],
      exceptions: () =>
        Promise.resolve([
          { ...exception, resource: 'node-1', expires: '2026-12-01' },
          { ...exception, resource: 'node-2', expires: '2026-11-20' },
        ]),
    });
    await handle({ digest: true });
    expect(sent[1]).toMatchObject({ excepted: 1, oldest: [{ resource: { name: 'node-2' } }] });
  });

  it('tells the others where one refuses or throws, says whom it did not reach, and tries no refused one again', async () => {
    const [deaf, broken, well] = [
      senderOf('slack', [refuses]),
      senderOf('chat', [() => Promise.reject(new Error('no such secret'))]),
      senderOf('email', [takes]),
    ];
    const { handle, counts, lines, fields } = await digesting({
      senders: [deaf.sender, broken.sender, well.sender],
    });
    await handle({ digest: true });
    expect(names(well.sent)).toEqual(['quiet', SHOP.name]);
    expect(deaf.sent).toHaveLength(2);
    expect(broken.sent).toHaveLength(2 * 3);
    expect(counts).toEqual({ Delivered: 2, DeliveryRefused: 4, DeliveryRetries: 4 });
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(4);
    expect(fields).toContainEqual(
      expect.objectContaining({ destination: 'chat', reason: 'chat: no such secret', correlationId: 'request-1' }),
    );
  });

  it('waits as long as a busy sender says, and sends again', async () => {
    const waits: number[] = [];
    const { sender, sent } = senderOf('slack', [later(7000), later(), takes]);
    const { handle, counts } = await digesting({
      senders: [sender],
      wait: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    });
    await handle({ digest: true });
    expect(waits).toEqual([7000, 2000]);
    expect(names(sent)).toEqual(['quiet', 'quiet', 'quiet', SHOP.name]);
    expect(counts).toEqual({ Delivered: 2, DeliveryRetries: 2 });
  });

  it('does not wait beyond the time that the function has', async () => {
    const { sender, sent } = senderOf('slack', [later(50_000)]);
    const { handle, counts } = await digesting({ senders: [sender], wait: () => Promise.reject(new Error('waited')) });
    await handle({ digest: true });
    expect(sent).toHaveLength(2);
    expect(counts).toEqual({ DeliveryRefused: 2 });
  });

  it('says which digests it had no time for', async () => {
    let clock = AT;
    const { sender } = senderOf('slack', [
      (digest) => {
        clock = new Date(AT.getTime() + 50_000);
        return takes(digest);
      },
    ]);
    const { handle, counts, fields } = await digesting({ senders: [sender] }, () => clock);
    await handle({ digest: true });
    expect(counts).toEqual({ Delivered: 1, DeliveryRefused: 1 });
    expect(fields).toContainEqual(expect.objectContaining({ reason: 'no time was left' }));
  });

  it('tells of the other clusters where the audits of one cannot be read', async () => {
    const { sender, sent } = senderOf('slack', [takes]);
    const { handle, counts, lines } = await digesting({
      senders: [sender],
      lastRun: ({ name }) => (name === 'quiet' ? Promise.reject(failure('Throttled')) : Promise.resolve(undefined)),
    });
    await handle({ digest: true });
    expect(names(sent)).toEqual([SHOP.name]);
    expect(sent[0]).toMatchObject({ answer: 'unknown', because: 'no audit of the cluster is remembered' });
    expect(counts).toEqual({ Delivered: 1, DeliveryRefused: 1 });
    expect(lines).toContain('error no digest of a cluster could be made');
  });

  it('fails, to be started again, where the clusters cannot be read at all', async () => {
    const { handle } = await digesting({ records: () => Promise.reject(failure('ServiceUnavailable')) });
    await expect(handle({ digest: true })).rejects.toThrow('ServiceUnavailable');
  });
});
