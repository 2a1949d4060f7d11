import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PayloadDecoder, toError } from '../../../shared/verdicts/decode/payload.ts';
import type { DecodedBatch } from '../../../shared/verdicts/decode/batch.ts';
import { contentOf, subscriptionDocument } from '../../support/verdict-lines.ts';

const AGENT_STREAM = 'aws-network-policy-agent-audit-7d3f8a52-6c0e-4f2b-9b60-6a4d1c2e9f10';
const AT = 1_787_393_730_512;

const message = (source: string, verdict = 'DENY'): string =>
  `Node: ip-10-0-22-100.us-west-2.compute.internal;SIP: ${source};SPORT: 41022;DIP: 10.0.40.9;DPORT: 8080;PROTOCOL: TCP;PolicyVerdict: ${verdict};Tier: NETWORK_POLICY`;

const eventsOf = (...messages: readonly string[]): { id: string; timestamp: number; message: string }[] =>
  messages.map((text, i) => ({ id: `399${String(i).padStart(53, '0')}`, timestamp: AT + i, message: text }));

const payloadOf = (document: string | Buffer): string => gzipSync(document).toString('base64');

const decode = (payload: string | Uint8Array): Promise<DecodedBatch> => new PayloadDecoder().decode(payload);

const big = contentOf('cloudwatch-tier', 0.3, 200_000);

describe('a payload', () => {
  it('gives head, identity, counts and flows', async () => {
    const document = subscriptionDocument(
      eventsOf(message('10.0.23.17'), message('10.0.24'), message('10.0.23.17', 'ACCEPT')),
    );
    const batch = await decode(payloadOf(document));
    expect(batch).toMatchObject({
      kind: 'verdicts',
      head: {
        messageType: 'DATA_MESSAGE',
        owner: '111122223333',
        logGroup: '/aws/eks/prod-1/cluster',
        logStream: AGENT_STREAM,
        subscriptionFilters: ['npaudit-deny'],
      },
      counts: { lines: 3, flows: 3, denied: 2, accepted: 1, repaired: 1, notVerdict: 0, unreadable: 0 },
      problems: [],
    });
    expect(batch.identity).toMatch(/^[0-9a-f]{32}$/);
    expect(batch.summary.flows).toEqual([
      {
        windowStart: 1_787_393_700_000,
        source: '10.0.23.17',
        destination: '10.0.40.9',
        destinationPort: 8080,
        protocol: 'TCP',
        verdict: 'DENY',
        count: 1,
        uncounted: 0,
        firstSeenAt: AT,
        lastSeenAt: AT,
        nodes: ['ip-10-0-22-100.us-west-2.compute.internal'],
        tiers: ['NETWORK_POLICY'],
        sampleEventIds: [`399${'0'.repeat(53)}`],
        repaired: [],
      },
      expect.objectContaining({ source: '10.0.24.0', repaired: ['source'], count: 1 }),
    ]);
  });

  it('reads what account-level policies add to events and to the document', async () => {
    const extractedFields = { '@aws.account': '111122223333', '@aws.region': 'us-west-2' };
    const events = eventsOf(message('10.0.23.17')).map((event) => ({ ...event, extractedFields }));
    const batch = await decode(payloadOf(subscriptionDocument(events, { policyLevel: 'ACCOUNT_LEVEL_POLICY' })));
    expect(batch).toMatchObject({ head: { policyLevel: 'ACCOUNT_LEVEL_POLICY' }, counts: { denied: 1 } });
  });

  it('comes as base64, as gzip bytes, or as the document that Firehose has decompressed', async () => {
    const document = Buffer.from(subscriptionDocument(eventsOf(message('10.0.23.17'))));
    const expected = await decode(payloadOf(document));
    expect(await decode(gzipSync(document))).toEqual(expected);
    expect(await decode(document)).toEqual(expected);
    expect(await decode(document.toString('base64'))).toEqual(expected);
  });

  it('that is a probe of the destination is control, whoever it says it is from', async () => {
    const probe = {
      messageType: 'CONTROL_MESSAGE',
      owner: 'CloudwatchLogs',
      logGroup: '',
      logStream: '',
      subscriptionFilters: [],
      logEvents: [
        {
          id: '',
          timestamp: 1_510_254_469_274,
          message: 'CWL CONTROL MESSAGE: Checking health of destination Firehose.',
        },
      ],
    };
    const batch = await decode(payloadOf(JSON.stringify(probe)));
    expect(batch).toMatchObject({ kind: 'control', counts: { lines: 0 }, summary: { total: 0 }, problems: [] });
    expect(batch).not.toHaveProperty('identity');
  });

  it('of a control-plane stream holds no verdicts, whatever somebody wrote into an audited object', async () => {
    const audit = '{"kind":"Event","requestObject":{"data":{"x":"PolicyVerdict: DENY"}}}';
    const logStream = 'kube-apiserver-audit-0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    const batch = await decode(payloadOf(subscriptionDocument(eventsOf(message('6.6.6.6'), audit), { logStream })));
    expect(batch).toMatchObject({
      kind: 'verdicts',
      counts: { lines: 2, flows: 0, denied: 0, notVerdict: 2, unreadable: 0 },
      summary: { flows: [], total: 0 },
    });
  });

  it('has the identity of its redelivery and of nothing else', async () => {
    const first = eventsOf(message('10.0.23.17'), message('10.0.23.18'));
    const [identity, again, shorter, other] = await Promise.all(
      [
        subscriptionDocument(first),
        subscriptionDocument(first),
        subscriptionDocument(first.slice(0, 1)),
        subscriptionDocument(first, { logStream: 'aws-network-policy-agent-audit-other' }),
      ].map(async (document) => (await decode(payloadOf(document))).identity),
    );
    expect(again).toBe(identity);
    expect(new Set([identity, shorter, other]).size).toBe(3);
  });

  it('gives the same answer small or large, first or hundredth', async () => {
    const decoder = new PayloadDecoder();
    const small = payloadOf(subscriptionDocument(eventsOf(message('10.0.23.17'))));
    const large = payloadOf(big);
    const answers = [await decode(small), await decode(large)];
    for (let i = 0; i < 3; i++) {
      expect([await decoder.decode(small), await decoder.decode(large)]).toEqual(answers);
    }
  });

  it('may be decoded while another one is', async () => {
    const decoder = new PayloadDecoder({ maxDecompressedBytes: 100_000_000 });
    const cut = gzipSync(big).subarray(0, -100);
    const [first, second, third] = await Promise.all([
      decoder.decode(cut),
      decoder.decode(cut),
      decoder.decode(payloadOf(big)),
    ]);
    expect(first).toEqual(second);
    expect(first.problems).toEqual([{ kind: 'truncated' }]);
    expect(third.counts.lines).toBeGreaterThan(first.counts.flows);
  });
});

describe('payloads as they came', () => {
  it('from another log group: lines of something else, with their line ends', async () => {
    // Real and sanitised: aws-powertools/powertools-lambda-typescript, packages/parser/tests/events/cloudwatch/base.json.
    const batch = await decode(
      'H4sIAAAAAAACA6WRy27bMBBFf8UgurRiDt/Uzk3tJEXTAJHQRaPAoCTaEaqHS9FODCP/XkpxiiwaIECHG3J4ZnDnzhE1tu/NxqaHrUUx+jJP56vrRZLMLxZoirrH1rqQhhAkBA0R0nW3uXDdbht+Zuaxn9WmyUsz67vGRp1/sC5qTWNfwMQ7a5pAEkzYDPCMwOxmYJbt3adv83SRpPcgCpDc8LXShAljTMkLJZWxubHWFDJ06nd5X7hq66uuXVa1t65H8R06f/Su2mysS7wpfkXXh+QNd67FApafeVTA/PIhJWyvvj6g+1HWYm9bP7Q4oqoM6qjiQgvMpFaMU+BUCgbAiVBYMiooE4qBBqY5SMCUM6qAYC2CNF8FD71pgh0gieYEq0BxNX319jR8BDgikAKLiYqBnwXkZ+atKQsNhYoUkTRihpRRDhJHOTZSKZoL0DbzV9+XN5m/tHXdTdauayajzWe+z1r0PP2/GeQHZ0jS+W06ubW/dwG9KuPJR6RPfoRNhV3Ek9Oy3xMsOQsHawo0PIWWHHOMWXgxQkBwJjhmWmrCgb0vWL8VfMxQbfe2zlCcodFBNM1e/8fkvwwdmD40rqt2s3LGDyQectbtq+Kl7nRf7drSrqvWlmPVX00j8+7KB/TJmcPKOxN6VOWIQyQkCMHW60joHNtCCsIYoRYHX1iBCV1n6Hlw7/75DyLmT6K2AwAA',
    );
    expect(batch).toMatchObject({
      head: { logGroup: '/aws/lambda/some-other-name', owner: '111122223333' },
      counts: { lines: 3, flows: 0, notVerdict: 3, unreadable: 0 },
      problems: [],
    });
    expect(batch.counts.notVerdictSamples[1]).toBe(
      'START RequestId: eadc91c8-8273-4a2d-b170-b0a7883b619e Version: $LATEST\n',
    );
  });

  it('from the agent: three denials, one of an address without its last octet', async () => {
    const batch = await decode(
      'H4sIAAAAAAACA7WRXUvjQBSG/0qY6046H0nzdRWaKMXahCbuIovINJnKYJoJycRSpP/d07qKF7osK3tuBs7XO+9zntFODoN4kOWhkyhESVzG99dpUcSXKZogvW9lD2kKwSA4BKQb/XDZ67GDylTsh6l8HKZdr2tMp1UzDgZmzk2F6aXYQRc04Vaave4fcacbVR0waLYGi7FWBns13/rCZXhWEYmdLdvgYDMjeCacmlZMBltKYOMwboaqV51Rur1QDcgMKPyF2u51Sy3bA7o7C6dPsPxUfEaqBn0eBORfAkSNAkJG7MAs9XyPB9zjxKVs8kYO1q90LUNLdZgSTDBj8BJ7HPAeJjGzK73rRiNt1cKXW9FExSIPLUpsYjNuUy8q8mxdhpZDCWNR8l50iB1EyWvNJz6J8nVWZvNsGVrlPI/yM8gfsq9VZUIrSVe3UalkH1qrtPyZra/u82y5mN+i4+R7GOiXGJzgP2BwOaP0NwaP2ezUQMkbCJd/wHCT/AlDkl7EN8vy2/7Zl/792Sf+MRG88h2HM7YVGydw3Y9OnfdrE3py9em1Yfivjx0n14sVOt4dXwBQ8JmKzAMAAA==',
    );
    expect(batch.counts).toMatchObject({ lines: 3, denied: 3, repaired: 1 });
    expect(
      batch.summary.flows.map(({ source, destination, destinationPort }) => [source, destination, destinationPort]),
    ).toEqual([
      ['10.0.23.17', '10.0.40.9', 8080],
      ['10.0.23.17', '172.20.0.10', 53],
      ['10.0.24.0', '10.0.40.9', 443],
    ]);
  });
});

describe('a bad payload is counted and reported', () => {
  it('that is no base64', async () => {
    expect(await decode('no base64!')).toMatchObject({
      kind: 'verdicts',
      counts: { lines: 1, unreadable: 1, unreadableSamples: [{ reason: 'not-an-envelope', text: 'no base64!' }] },
      problems: [{ kind: 'bad-base64' }],
    });
  });

  it('that is no gzip', async () => {
    expect(await decode(Buffer.from('\u0000\u0001binary'))).toMatchObject({
      counts: { lines: 1, unreadable: 1 },
      problems: [{ kind: 'not-gzip' }],
    });
  });

  it.each(['', 'plain text', '{"hello":"world"}', '[]'])('that is no subscription document but %j', async (content) => {
    const batch = await decode(payloadOf(content));
    expect(batch).toMatchObject({ counts: { lines: 1, unreadable: 1 }, problems: [{ kind: 'not-an-envelope' }] });
    expect(batch).not.toHaveProperty('identity');
  });

  it('that was cut short: what was there has been read, the event that was cut is counted', async () => {
    const whole = await decode(payloadOf(big));
    const batch = await decode(gzipSync(big).subarray(0, 10_000));
    expect(batch.problems).toEqual([{ kind: 'truncated' }]);
    expect(batch.counts.flows).toBeGreaterThan(50);
    expect(batch.counts).toMatchObject({ lines: batch.counts.flows + 1, unreadableBy: { 'damaged-event': 1 } });
    expect(batch.head).toEqual(whole.head);
    expect(batch.identity).not.toBe(whole.identity);
  });

  it('whose document was cut before it was compressed', async () => {
    const batch = await decode(payloadOf(big.subarray(0, 150_000)));
    expect(batch.problems).toEqual([{ kind: 'truncated' }]);
    expect(batch.counts.unreadableBy).toEqual({ 'damaged-event': 1 });
  });

  it('whose head or tail is damaged, though its events are not', async () => {
    const document = subscriptionDocument(eventsOf(message('10.0.23.17')));
    for (const damaged of [document.replace('"owner"', 'owner'), `${document}}`]) {
      expect(await decode(payloadOf(damaged))).toMatchObject({
        counts: { denied: 1, unreadable: 0 },
        problems: [{ kind: 'damaged-envelope' }],
      });
    }
  });

  it('whose checksum does not hold', async () => {
    const damaged = gzipSync(big);
    damaged.writeUInt32LE(0, damaged.length - 8);
    expect((await decode(damaged)).problems).toEqual([{ kind: 'corrupt' }]);
  });

  it('that is a bomb: reading stops at the bound', async () => {
    const zeros = gzipSync(Buffer.concat([big.subarray(0, 100_000), Buffer.alloc(40_000_000)]));
    const batch = await new PayloadDecoder({ maxDecompressedBytes: 1_000_000 }).decode(zeros);
    expect(batch.problems).toEqual([{ kind: 'too-large', limitBytes: 1_000_000 }]);
    expect(batch.counts.flows).toBeGreaterThan(100);
    const [problem] = batch.problems;
    expect(problem && toError(problem)).toMatchObject({ name: 'DecompressedTooLargeError', limitBytes: 1_000_000 });
  });

  it('with an event of eight megabytes: counted once, the others read', async () => {
    const document = subscriptionDocument(eventsOf(message('10.0.0.1'), 'x'.repeat(8_000_000), message('10.0.0.2')));
    expect(await decode(payloadOf(document))).toMatchObject({
      counts: { lines: 3, denied: 2, unreadableBy: { 'too-long': 1 } },
      problems: [],
    });
  });
});

describe('toError', () => {
  it.each([
    [{ kind: 'truncated' as const }, 'GunzipError'],
    [{ kind: 'corrupt' as const }, 'GunzipError'],
    [{ kind: 'not-gzip' as const }, 'GunzipError'],
    [{ kind: 'bad-base64' as const }, 'Error'],
    [{ kind: 'not-an-envelope' as const }, 'Error'],
    [{ kind: 'damaged-envelope' as const }, 'Error'],
  ])('makes an error of %o', (problem, name) => {
    expect(toError(problem)).toMatchObject({ name, message: expect.stringContaining(problem.kind) as string });
  });
});
