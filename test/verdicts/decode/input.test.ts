import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeInput } from '../../../shared/verdicts/decode/input.ts';
import type { DecodedInput, InputOptions } from '../../../shared/verdicts/decode/input.ts';
import { PayloadDecoder } from '../../../shared/verdicts/decode/payload.ts';
import type { Flow } from '../../../shared/model/flow.ts';
import { AGENT_STREAM, contentOf, subscriptionDocument } from '../../support/verdict-lines.ts';

const AT = 1_787_393_730_512;
const STAMP = '2026-08-22T10:15:30.512Z';

const message = (source: string, verdict = 'DENY'): string =>
  `Node: ip-10-0-22-100.us-west-2.compute.internal;SIP: ${source};SPORT: 41022;DIP: 10.0.40.9;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: ${verdict};Tier: NETWORK_POLICY`;

const fileLine = (source: string, stamp = STAMP): string =>
  `{"level":"info","ts":"${stamp}","caller":"runtime/asm_amd64.s:1700","msg":"Flow Info: Src IP: ${source} Src Port: 41022 Dest IP: 10.0.40.9 Dest Port: 8080 Proto TCP Verdict DENY Direction egress, Tier DEFAULT"}`;

const eventsOf = (...messages: readonly string[]): { id: string; timestamp: number; message: string }[] =>
  messages.map((text, i) => ({ id: `399${String(i).padStart(53, '0')}`, timestamp: AT + i, message: text }));

const pieces = function* pieces(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};

const read = (text: string | Buffer, options?: InputOptions): Promise<DecodedInput> =>
  decodeInput('-', [Buffer.from(text)], options);

const sourcesOf = ({ summary }: DecodedInput): readonly string[] => summary.flows.map(({ source }) => source);
const timesOf = ({ summary }: DecodedInput): readonly number[] => summary.flows.map(({ firstSeenAt }) => firstSeenAt);

const file = contentOf('D', 0.3, 200_000);
const document = contentOf('cloudwatch-tier', 0.3, 200_000);

describe('an input', () => {
  it('is the same plain or compressed, in pieces of any size', async () => {
    const { counts, summary } = await read(file);
    expect(counts.flows).toBe(counts.lines);
    expect(counts.lines).toBeGreaterThan(800);
    for (const size of [1000, 65_536]) {
      expect(await decodeInput('-', pieces(file, size))).toMatchObject({ counts, summary, compression: 'none' });
      expect(await decodeInput('-', pieces(gzipSync(file), size))).toMatchObject({
        counts,
        summary,
        compression: 'gzip',
      });
    }
  });

  it.each([
    ['lines with a mark and CRLF, the last without an end', `\ufeff${fileLine('10.0.0.1')}\r\n${fileLine('10.0.0.2')}`],
    ['letters of several bytes', `größe ✓\n${fileLine('10.0.0.1')}\n${fileLine('10.0.0.2')}\n`],
    ['documents', subscriptionDocument(eventsOf(message('10.0.0.1'), message('10.0.0.2')))],
    ['a list of events', JSON.stringify({ events: eventsOf(message('10.0.0.1'), message('10.0.0.2')) }, null, 4)],
    ['a function event', JSON.stringify({ awslogs: { data: gzipSync(document.subarray(0, 900)).toString('base64') } })],
  ])('of %s may be cut anywhere, at every byte', async (_, text) => {
    const bytes = Buffer.from(text);
    const whole = await read(bytes);
    expect(whole.counts.denied).toBeGreaterThan(0);
    expect(await decodeInput('-', pieces(bytes, 1))).toEqual(whole);
    for (let at = 0; at < bytes.length; at += 1 + Math.floor(at / 64)) {
      expect(await decodeInput('-', [bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
    }
  });

  it('of several gzip members, one after another, may be cut anywhere', async () => {
    const members = [`${fileLine('10.0.0.1')}\n`, '', `${fileLine('10.0.0.2')}\n${fileLine('10.0'.concat('.0.3'))}`];
    const bytes = Buffer.concat(members.map((text) => gzipSync(text)));
    for (let at = 0; at <= bytes.length; at += 3) {
      const batch = await decodeInput('-', [bytes.subarray(0, at), bytes.subarray(at)]);
      expect(batch).toMatchObject({ counts: { lines: 3, denied: 3 }, problems: [] });
    }
    expect(await decodeInput('-', pieces(bytes, 1))).toMatchObject({ counts: { denied: 3 }, bytesRead: bytes.length });
  });

  it('of a member and something else after it says that something is lost', async () => {
    const batch = await read(Buffer.concat([gzipSync(file), Buffer.from(fileLine('10.0.0.2'))]));
    expect(batch.problems).toEqual([{ kind: 'corrupt' }]);
    expect(batch.counts.flows).toBeGreaterThan(700);
  });

  it('of nothing is nothing', async () => {
    for (const source of [[], [Buffer.alloc(0)]]) {
      expect(await decodeInput('-', source)).toMatchObject({ counts: { lines: 0 }, problems: [], bytesRead: 0 });
    }
  });

  it('tells its name, and progress in bytes of the input as it came', async () => {
    const gzip = gzipSync(file);
    const seen: number[] = [];
    const batch = await decodeInput('a.log.gz', pieces(gzip, 4000), { onProgress: (bytes) => seen.push(bytes) });
    expect(batch).toMatchObject({ name: 'a.log.gz', bytesRead: gzip.length, content: 'lines' });
    expect(seen.slice(0, 2)).toEqual([4000, 8000]);
    expect(seen.at(-1)).toBe(gzip.length);
  });

  it('rejects with what its source, or a listener, throws, and with nothing else', async () => {
    const broken = async function* broken(): AsyncGenerator<Uint8Array> {
      yield file.subarray(0, 100);
      throw new Error('unplugged');
    };
    await expect(decodeInput('-', broken())).rejects.toThrow('unplugged');
    const refuse = (): never => {
      throw new Error('enough');
    };
    await expect(read(file, { onFlow: refuse })).rejects.toThrow('enough');
    await expect(read(gzipSync(file), { onFlow: refuse })).rejects.toThrow('enough');
  });
});

describe('onFlow', () => {
  const told = async (bytes: Buffer | string, options: InputOptions = {}): Promise<[DecodedInput, Flow[]]> => {
    const flows: Flow[] = [];
    return [await read(bytes, { ...options, onFlow: (flow) => flows.push(flow) }), flows];
  };

  it.each([
    ['lines', file],
    ['documents', document],
    ['a function event', Buffer.from(JSON.stringify({ awslogs: { data: gzipSync(document).toString('base64') } }))],
    ['a payload', Buffer.from(gzipSync(document).toString('base64'))],
  ])('is told every flow of %s, in order and whatever is kept, and changes no answer', async (_, bytes) => {
    const [batch, flows] = await told(bytes);
    expect(batch).toEqual(await read(bytes));
    expect(flows).toHaveLength(batch.counts.flows);
    expect(flows.filter(({ verdict }) => verdict === 'DENY')).toHaveLength(batch.counts.denied);
    expect(batch.counts.accepted).toBeGreaterThan(100);
    expect(flows.map(({ time }) => time)).toEqual(flows.map(({ time }) => time).toSorted((a, b) => a - b));
  });

  it('is told a line as soon as it has its end', async () => {
    const flows: Flow[] = [];
    const seen: number[] = [];
    const source = async function* source(): AsyncGenerator<Uint8Array> {
      for (const ip of ['10.0.0.1', '10.0.0.2']) {
        yield Buffer.from(`${fileLine(ip)}\n`);
        seen.push(flows.length);
      }
    };
    await decodeInput('-', source(), { onFlow: (flow) => flows.push(flow) });
    expect(seen).toEqual([1, 2]);
  });

  it('is told nothing of what the control plane wrote, small or large', async () => {
    const logStream = 'kube-apiserver-audit-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    const text = subscriptionDocument(eventsOf(message('6.6.6.6')), { logStream });
    const payload = gzipSync(text).toString('base64');
    for (const input of [text, JSON.stringify(JSON.parse(text), null, 2), payload]) {
      const [batch, flows] = await told(input);
      expect(batch.counts).toMatchObject({ lines: 1, notVerdict: 1, flows: 0 });
      expect(flows).toEqual([]);
    }
  });
});

describe('documents in a file', () => {
  const first = subscriptionDocument(eventsOf(message('10.0.0.1'), message('10.0.0.2')));
  const second = subscriptionDocument(eventsOf(message('10.0.0.3')), { logGroup: '/aws/eks/prod-2/cluster' });
  const probe = JSON.stringify({
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logEvents: [{ id: '', timestamp: AT, message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.' }],
  });

  it('give what the payload gives, head and identity too', async () => {
    const expected = await new PayloadDecoder().decode(document);
    expect(await read(document)).toMatchObject({ ...expected, content: 'documents' });
    expect(expected.identity).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each([
    ['right after each other, as Firehose writes them', first + probe + second],
    ['a line each', `${first}\n${probe}\n${second}\n`],
    ['indented', [first, probe, second].map((text) => JSON.stringify(JSON.parse(text), null, 2)).join('\n')],
  ])('are all read: %s', async (_, text) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      const batch = await decodeInput('-', pieces(bytes, 700));
      expect(batch).toMatchObject({ kind: 'verdicts', counts: { lines: 3, denied: 3, unreadable: 0 }, problems: [] });
      expect(batch.head).toMatchObject({ logGroup: '/aws/eks/prod-1/cluster', logStream: AGENT_STREAM });
      expect(sourcesOf(batch)).toEqual(['10.0.0.1', '10.0.0.2', '10.0.0.3']);
    }
  });

  it('may be cut anywhere, also where the next one begins', async () => {
    // Longer than what is looked at before the decoder is chosen.
    const long = subscriptionDocument(eventsOf(...Array.from({ length: 40 }, () => message('10.0.0.1'))));
    const bytes = Buffer.from(long + second);
    for (let at = long.length - 20; at < long.length + 20; at++) {
      const batch = await decodeInput('-', [bytes.subarray(0, at), bytes.subarray(at)]);
      expect(batch).toMatchObject({ counts: { lines: 41, denied: 41 }, problems: [] });
    }
  });

  it('are found again after a damaged one', async () => {
    const batch = await read(first.slice(0, -200) + second);
    expect(batch.counts).toMatchObject({ denied: 2, unreadableBy: { 'damaged-event': 1 } });
    expect(batch.problems).toEqual([{ kind: 'truncated' }]);
  });

  it('are control where all of them are', async () => {
    expect(await read(`${probe}${probe}`)).toMatchObject({ kind: 'control', counts: { lines: 0 } });
  });

  it.each([
    ['extracted', { extractedFields: { '@aws.account': '111122223333', '@aws.region': 'us-west-2' } }],
    ['of the event itself', { '@aws.account': '111122223333', '@aws.region': 'us-west-2', '@source.log': '/x' }],
  ])('may carry system fields, %s', async (_, fields) => {
    const events = eventsOf(message('10.0.0.1'), message('10.0.0.2')).map((event) => ({ ...event, ...fields }));
    const text = subscriptionDocument(events, { policyLevel: 'ACCOUNT_LEVEL_POLICY' });
    for (const input of [text, JSON.stringify(JSON.parse(text), null, 2)]) {
      expect(await read(input)).toMatchObject({ counts: { denied: 2, lines: 2 }, problems: [] });
    }
  });

  it('inside one payload cost the event that hides the seam, and say so', async () => {
    expect(await new PayloadDecoder().decode(gzipSync(second + first))).toMatchObject({
      counts: { denied: 2, unreadableBy: { 'damaged-event': 1 } },
      problems: [{ kind: 'damaged-envelope' }],
    });
  });
});

describe('what the AWS command line printed', () => {
  const printed = eventsOf(message('10.0.0.1'), message('10.0.0.2', 'ACCEPT'), 'Conntrack cleanup Delete - x').map(
    ({ id, ...event }) => ({ logStreamName: AGENT_STREAM, ...event, ingestionTime: AT + 900, eventId: id }),
  );
  const answer = { events: printed, searchedLogStreams: [{ logStreamName: AGENT_STREAM, searchedCompletely: true }] };

  it.each([
    ['filter-log-events', JSON.stringify(answer, null, 4)],
    ['filter-log-events, in one line', JSON.stringify(answer)],
    [
      'filter-log-events, its streams first',
      JSON.stringify({ searchedLogStreams: answer.searchedLogStreams, events: printed }, null, 4),
    ],
    ['get-log-events', JSON.stringify({ events: printed, nextForwardToken: 'f/1', nextBackwardToken: 'b/1' }, null, 4)],
    ['its events alone', JSON.stringify(printed, null, 2)],
    ['an event a line', printed.map((event) => JSON.stringify(event)).join('\n')],
  ])('is read: %s', async (_, text) => {
    const batch = await read(text);
    expect(batch).toMatchObject({ counts: { lines: 3, denied: 1, accepted: 1, notVerdict: 1 }, problems: [] });
    expect(batch.summary.flows).toMatchObject([{ source: '10.0.0.1', firstSeenAt: AT }]);
    expect(batch.summary.flows[0]?.sampleEventIds).toEqual([printed[0]?.eventId]);
  });

  it('holds no verdict in an event of the control plane', async () => {
    const events = printed.map((event) => ({ ...event, logStreamName: 'kube-apiserver-audit-0a1b' }));
    expect((await read(JSON.stringify({ events }))).counts).toMatchObject({ lines: 3, notVerdict: 3 });
  });

  it('of no events is nothing, and no envelope where there is no list', async () => {
    expect(await read('{"events":[],"searchedLogStreams":[]}')).toMatchObject({ counts: { lines: 0 }, problems: [] });
    expect(await read('{"events":"none"}')).toMatchObject({
      counts: { lines: 1, unreadable: 1 },
      problems: [{ kind: 'not-an-envelope' }],
    });
  });

  it('that breaks off, is damaged or has strays in it is read as far as it goes, and says so', async () => {
    const text = JSON.stringify(answer, null, 4);
    const cut = await read(text.slice(0, text.indexOf('Conntrack')));
    expect(cut).toMatchObject({ counts: { denied: 1, accepted: 1, unreadable: 1 }, problems: [{ kind: 'truncated' }] });
    const unquoted = await read(text.replace(`"message": "${message('10.0.0.1')}"`, `"message": "x`));
    expect(unquoted.counts).toMatchObject({ accepted: 1, unreadableBy: { 'damaged-event': 1 } });
    const stray = await read(JSON.stringify({ events: ['x', ...printed] }));
    expect(stray).toMatchObject({ counts: { denied: 1 }, problems: [{ kind: 'damaged-envelope' }] });
  });

  it('may hold an event that is too long: counted once, the others read', async () => {
    const events = [...printed, { message: 'x'.repeat(9000) }, ...printed];
    const bytes = Buffer.from(JSON.stringify({ events }, null, 4));
    for (const size of [1000, bytes.length]) {
      const { counts } = await decodeInput('-', pieces(bytes, size), { maxLineBytes: 4096 });
      expect(counts).toMatchObject({ lines: 7, denied: 2, unreadableBy: { 'too-long': 1 } });
      expect(counts.unreadableSamples[0]?.text).toContain('"message": "xxx');
    }
  });

  it.each([
    ['tail', `2026-08-22T10:15:30.512000+00:00 ${AGENT_STREAM} ${message('10.0.0.1')}`, AT],
    ['tail without microseconds', `2026-08-22T10:15:30+00:00 ${AGENT_STREAM} ${message('10.0.0.1')}`, AT - 512],
    ['tail --format short', `2026-08-22T10:15:30 ${message('10.0.0.1')}`, AT - 512],
    ['an export to S3', `2026-08-22T10:15:30.512Z ${message('10.0.0.1')}`, AT],
  ])('may be lines: %s', async (_, line, time) => {
    const batch = await read(`${line}\n2026-08-22T10:15:30.512Z something else\n`);
    expect(batch).toMatchObject({ content: 'lines', counts: { lines: 2, denied: 1, notVerdict: 1 }, problems: [] });
    expect(timesOf(batch)).toEqual([time]);
  });
});

describe('what kubectl, a container runtime or grep put before a line', () => {
  it.each([
    ['kubectl logs --prefix', `[pod/aws-node-x7k2p/aws-eks-nodeagent] ${fileLine('10.0.0.1')}`],
    ['kubectl logs --timestamps', `2026-08-22T11:00:00.123456789Z ${fileLine('10.0.0.1')}`],
    ['both', `[pod/aws-node-x7k2p/aws-eks-nodeagent] 2026-08-22T11:00:00.123456789Z ${fileLine('10.0.0.1')}`],
    ['a container runtime', `2026-08-22T11:00:00.1Z stdout F ${fileLine('10.0.0.1')}`],
    ['grep', `/var/log/aws-routed-eni/network-policy-agent.log:${fileLine('10.0.0.1')}`],
  ])('is passed over, and the time is still the line’s own: %s', async (_, line) => {
    const batch = await read(line);
    expect(batch.counts).toMatchObject({ lines: 1, denied: 1 });
    expect(timesOf(batch)).toEqual([AT]);
  });

  it('gives the time where the line has none', async () => {
    const batch = await read(
      fileLine('10.0.0.1')
        .replace(/"ts":"[^"]*",/, '')
        .replace(/^/, `${STAMP} stdout F `),
    );
    expect(timesOf(batch)).toEqual([AT]);
  });

  it('is no prefix where it quotes: what somebody says of a verdict is none', async () => {
    const { counts } = await read(`user said "${message('10.0.0.1')}"\nerror {"a":1} ${message('10.0.0.1')}\n`);
    expect(counts).toMatchObject({ flows: 0, unreadableBy: { 'unknown-layout': 1, 'malformed-json': 1 } });
  });
});
