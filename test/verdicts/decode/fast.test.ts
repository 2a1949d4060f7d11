import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentKind, DecodedBatch, DecodeOptions } from '../../../shared/verdicts/decode/batch.ts';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { PlainDecoder } from '../../../shared/verdicts/decode/plain.ts';
import { RecordReader } from '../../../shared/verdicts/decode/record-reader.ts';
import {
  contentOf,
  FORMS,
  isCloudWatch,
  renderLine,
  seeded,
  subscriptionDocument,
} from '../../support/verdict-lines.ts';
import type { LineFields } from '../../support/verdict-lines.ts';
import { expectAgreement } from './agreement.ts';
import { randomContent } from './random-content.ts';

const plainly = (kind: ContentKind, bytes: Buffer, options: DecodeOptions = {}): DecodedBatch => {
  const decoder = new PlainDecoder(kind, options);
  decoder.push(bytes);
  return decoder.end();
};

const fast = (kind: ContentKind, bytes: Buffer, options: DecodeOptions = {}): FastDecoder => {
  const decoder = new FastDecoder(kind, options);
  decoder.push(bytes);
  return decoder;
};

describe('the fast decoder and the reference decoder agree', () => {
  it('on more than 100,000 lines of every form, odd ones and mutated ones among them, whole and in pieces', () => {
    let lines = 0;
    let flows = 0;
    let quick = 0;
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = seeded(seed);
        const { batch, slow } = expectAgreement(randomContent(random, 1 + Math.floor(random() * 400)), random);
        lines += batch.counts.lines;
        flows += batch.counts.flows;
        quick += batch.counts.lines - slow;
      }),
      { numRuns: 760 },
    );
    expect(lines).toBeGreaterThan(100_000);
    expect(flows).toBeGreaterThan(70_000);
    // The hot path was really taken, so it was really compared.
    expect(quick).toBeGreaterThan(40_000);
  }, 120_000);

  it('on any single line, whatever its fields', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.24', '0', '10.x.1.2', ''));
    const port = fc.oneof(fc.integer({ min: 0, max: 70_000 }), fc.constantFrom(0, 65_535));
    const fields: fc.Arbitrary<LineFields> = fc.record({
      time: fc.integer({ min: 0, max: 4e12 }),
      node: fc.stringMatching(/^[a-z0-9.-]{0,20}$/),
      source: address,
      sourcePort: port,
      destination: address,
      destinationPort: port,
      protocol: fc.constantFrom('TCP', 'UDP', 'ANY PROTOCOL', ''),
      verdict: fc.constantFrom('DENY', 'ACCEPT', 'EXPIRED/DELETED'),
      direction: fc.constantFrom('ingress', 'egress'),
      tier: fc.constantFrom('DEFAULT', 'NETWORK_POLICY'),
    });
    fc.assert(
      fc.property(fc.constantFrom(...FORMS), fc.array(fields, { minLength: 1, maxLength: 8 }), (form, all) => {
        // Each line twice, so that the second one meets what was learnt from the first.
        const lines = [...all, ...all].map((it) => renderLine(form, it));
        const kind = isCloudWatch(form) ? 'subscription' : 'lines';
        const events = lines.map((message, i) => ({
          id: String(i).padStart(56, '3'),
          timestamp: all[0]?.time ?? 0,
          message,
        }));
        const bytes = Buffer.from(kind === 'lines' ? lines.join('\n') : subscriptionDocument(events));
        expect(fast(kind, bytes, { keep: 'all' }).end()).toStrictEqual(plainly(kind, bytes, { keep: 'all' }));
      }),
      { numRuns: 500 },
    );
  });

  it.each(FORMS)('on a large clean batch of form %s, of which a handful of lines take the slow path', (form) => {
    const kind = isCloudWatch(form) ? 'subscription' : 'lines';
    const bytes = contentOf(form, 0.5, 400_000);
    const decoder = fast(kind, bytes);
    const batch = decoder.end();
    expect(batch).toStrictEqual(plainly(kind, bytes));
    expect(batch.counts.flows).toBe(batch.counts.lines);
    expect(batch.counts.lines).toBeGreaterThan(1000);
    expect(decoder.slow).toBeLessThan(24);
  });

  it('when a reader goes from one kind of content to another and back', () => {
    const reader = new RecordReader();
    for (const form of [...FORMS, ...FORMS]) {
      const kind = isCloudWatch(form) ? 'subscription' : 'lines';
      const bytes = contentOf(form, 0.5, 30_000);
      const decoder = new FastDecoder(kind, {}, reader);
      decoder.push(bytes);
      expect(decoder.end()).toStrictEqual(plainly(kind, bytes));
    }
  });

  it('when a log is full of words that nobody prints, more than can be learnt', () => {
    const lines = Array.from({ length: 1200 }, (_, i) =>
      renderLine('D', {
        time: 1_787_393_730_512 + i,
        node: '',
        source: '10.0.0.1',
        sourcePort: 40_000,
        destination: '10.0.0.2',
        destinationPort: 80,
        protocol: `P${i % 300}`,
        verdict: `V${i % 7}`,
        direction: 'egress',
        tier: `T${i % 50}`,
      }),
    );
    const bytes = Buffer.from(lines.join('\n'));
    for (const limit of [5, 10_000]) {
      const options: DecodeOptions = { keep: 'all', limit };
      expect(fast('lines', bytes, options).end()).toStrictEqual(plainly('lines', bytes, options));
    }
  });

  it('when the nodes of a stream are more than have a bit', () => {
    const events = Array.from({ length: 200 }, (_, i) => ({
      id: String(i).padStart(56, '3'),
      timestamp: 1_787_393_730_512,
      message: `Node: n${i % 60};SIP: 10.0.0.1;SPORT: 40000;DIP: 10.0.0.2;DPORT: 80;PROTOCOL: TCP;PolicyVerdict: DENY`,
    }));
    const bytes = Buffer.from(subscriptionDocument(events));
    const batch = fast('subscription', bytes).end();
    expect(batch).toStrictEqual(plainly('subscription', bytes));
    expect(batch.summary.flows[0]?.nodes).toEqual(['n0', 'n1', 'n10', 'n11']);
  });
});

describe('the fast decoder', () => {
  it('passes over the lines of the agent itself without making text of them', () => {
    const other = '{"level":"debug","ts":"2026-04-13T21:18:46.888Z","msg":"Total PolicyEndpoint count: 4"}\n';
    const decoder = fast('lines', Buffer.from(other.repeat(1000)));
    const { counts } = decoder.end();
    expect(decoder.slow).toBe(0);
    expect(counts).toMatchObject({ lines: 1000, notVerdict: 1000, unreadable: 0 });
    expect(counts.notVerdictSamples).toHaveLength(5);
    expect(counts.notVerdictSamples[0]).toBe(other.trimEnd());
  });

  it('counts a line over the bound once and reads on after it, wherever the pieces are cut', () => {
    const verdict =
      '{"ts":"2026-04-13T21:18:46.888Z","msg":"Flow Info: Src IP: 1.1.1.1 Src Port: 1 Dest IP: 2.2.2.2 Dest Port: 2 Proto TCP Verdict DENY"}\n';
    const bytes = Buffer.from(`${verdict}${'x'.repeat(20_000)}\n${verdict}`);
    for (const size of [1000, 4096, 5000, bytes.length]) {
      const decoder = new FastDecoder('lines', { maxLineBytes: 4096 });
      for (let at = 0; at < bytes.length; at += size) decoder.push(bytes.subarray(at, at + size));
      const { counts } = decoder.end();
      expect(counts).toMatchObject({ lines: 3, denied: 2, unreadable: 1, unreadableBy: { 'too-long': 1 } });
      expect(counts.unreadableSamples).toEqual([{ reason: 'too-long', text: 'x'.repeat(256) }]);
    }
  });

  it('does not take an event for too long because the mark after it is cut', () => {
    const event = (id: string, length: number): string => {
      const text = (message: string): string => JSON.stringify({ id: id.padStart(56, '3'), timestamp: 1, message });
      return text('x'.repeat(length - text('').length));
    };
    const head = '{"messageType":"DATA_MESSAGE","logEvents":[';
    const bytes = Buffer.from(`${head}${event('1', 4096)},${event('2', 4097)},${event('3', 4096)}]}`);
    const expected = plainly('subscription', bytes, { maxLineBytes: 4096 });
    // The last one is followed by the end of the document, so its piece is longer than itself.
    expect(expected.counts).toMatchObject({ lines: 3, notVerdict: 1, unreadableBy: { 'too-long': 2 } });
    for (let cut = head.length + 4080; cut < head.length + 8230; cut++) {
      const decoder = new FastDecoder('subscription', { maxLineBytes: 4096 });
      decoder.push(bytes.subarray(0, cut));
      decoder.push(bytes.subarray(cut));
      expect(decoder.end()).toStrictEqual(expected);
    }
  });

  it('refuses a bound that a verdict could exceed', () => {
    expect(() => new FastDecoder('lines', { maxLineBytes: 4095 })).toThrow('at least 4096');
  });

  it('counts every ACCEPT and keeps none, unless asked to', () => {
    const bytes = contentOf('D', 0, 50_000);
    const counted = fast('lines', bytes).end();
    expect(counted.counts.accepted).toBe(counted.counts.lines);
    expect(counted.summary.flows).toEqual([]);
    const kept = fast('lines', bytes, { keep: 'all' }).end();
    expect(kept.summary.total).toBe(kept.counts.accepted);
    expect(kept.summary.flows.reduce((sum, flow) => sum + flow.count, 0)).toBe(kept.summary.total);
  });
});
