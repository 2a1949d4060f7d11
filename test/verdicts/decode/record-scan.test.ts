import { describe, expect, it } from 'vitest';
import type { ContentKind } from '../../../shared/verdicts/decode/batch.ts';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { PlainDecoder } from '../../../shared/verdicts/decode/plain.ts';
import { contentOf, renderLine, subscriptionDocument } from '../../support/verdict-lines.ts';
import type { LineFields } from '../../support/verdict-lines.ts';

const FIELDS: LineFields = {
  time: 1_787_393_730_512,
  node: 'ip-10-0-22-100.us-west-2.compute.internal',
  source: '10.0.22.7',
  sourcePort: 41_022,
  destination: '10.0.40.9',
  destinationPort: 8080,
  protocol: 'TCP',
  verdict: 'DENY',
  direction: 'egress',
  tier: 'DEFAULT',
};

const ID = '38569604798453153764115268074363468419149517103543812096';
const eventOf = (id: string): string =>
  subscriptionDocument([{ id, timestamp: FIELDS.time, message: renderLine('cloudwatch', FIELDS) }]).replace(
    /.*"logEvents":\[|\]\}$/g,
    '',
  );

/** How many records took the slow path, once the answer is found to be the reference decoder's. */
const slowOf = (kind: ContentKind, content: string | Buffer): number => {
  const options = { keep: 'all' } as const;
  const [fast, plain] = [new FastDecoder(kind, options), new PlainDecoder(kind, options)];
  for (const decoder of [fast, plain]) decoder.push(Buffer.from(content));
  expect(fast.end()).toStrictEqual(plain.end());
  return fast.slow;
};

/** A long line ends it, so that the record before is wholly within what the scan may read. */
const slowOfLines = (lines: readonly string[]): number => slowOf('lines', `${lines.join('\n')}\n${' '.repeat(5000)}`);
const lineOf = (fields: Partial<LineFields>): string => renderLine('D', { ...FIELDS, ...fields });

describe('the scan leaves to the reference decoder', () => {
  /** The line that is learnt from, and the blank one at the end. */
  const ALWAYS = 2;

  it('nothing but the first of equal lines', () => {
    expect(slowOfLines(Array.from({ length: 50 }, () => lineOf({})))).toBe(ALWAYS);
  });

  it.each([':60.000Z', ':4x.888Z', ':46,888Z', ':46.888+', ';46.888Z', ':46.8:8Z', ':46.8/8Z'])(
    'a time that ends with %s',
    (seconds) => {
      const odd = lineOf({}).replace(/:\d\d\.\d{3}Z/, seconds);
      expect(slowOfLines([lineOf({}), odd, lineOf({})])).toBe(ALWAYS + 1);
    },
  );

  it.each([
    { sourcePort: 65_536 },
    { sourcePort: 99_999 },
    { destinationPort: 65_536 },
    { destinationPort: 70_000 },
    { source: '256.1.1.1' },
    { destination: '10.0.24' },
    { source: '::ffff:10.0.0.1' },
    { destination: 'fe80::1::2' },
  ])('what stands in %j', (fields) => {
    expect(slowOfLines([lineOf({}), lineOf(fields), lineOf({})])).toBe(ALWAYS + 1);
  });

  it.each(['041022', '041', '0', '7', '65535', '12345'])(
    'a port %s only if it is not in canonical spelling',
    (port) => {
      const isOdd = /^0\d/.test(port);
      const [source, destination] = [`Src Port: ${port} `, `Dest Port: ${port} `];
      const lines = [lineOf({}).replace(/Src Port: \d+ /, source), lineOf({}).replace(/Dest Port: \d+ /, destination)];
      expect(slowOfLines([lineOf({}), ...lines, lineOf({})])).toBe(ALWAYS + (isOdd ? 2 : 0));
    },
  );

  it('a line with any one byte damaged', () => {
    const line = lineOf({});
    for (let at = 0; at < line.length; at++) {
      for (const byte of ['"', '\\', '\u007f']) {
        const damaged = line.slice(0, at) + byte + line.slice(at + 1);
        if (damaged === line) continue;
        // One that does not even claim to be a verdict is counted without a look at it.
        const looks = damaged.startsWith('{') && !damaged.includes('Flow Info') ? 0 : 1;
        expect([damaged, slowOfLines([line, damaged, line])]).toEqual([damaged, ALWAYS + looks]);
      }
    }
  });

  it('an event whose id or time is damaged at any byte', () => {
    const event = eventOf(ID);
    const tail = `]}${' '.repeat(5000)}`;
    const all = (damaged: string): string => `{"logEvents":[${event},${damaged},${event},${event}${tail}`;
    const clean = slowOf('subscription', all(event));
    const [from, to] = [event.indexOf(ID), event.indexOf(',"message"')];
    const damagedOnes = Array.from({ length: to - from }, (_, i) => from + i).flatMap((at) =>
      ['"', '\\', '\u0000', '\u007f'].map((byte) => event.slice(0, at) + byte + event.slice(at + 1)),
    );
    for (const damaged of damagedOnes.filter((text) => text !== event)) {
      expect([damaged, slowOf('subscription', all(damaged))]).toEqual([damaged, clean + 1]);
    }
  });
});

describe('the memory that all scans share', () => {
  it('is asked once, and in vain, for an address whose bytes read as a number that equals nothing', () => {
    const line = lineOf({ source: '1.1.1.1' });
    const bytes = Buffer.from(`${lineOf({})}\n${line}\n${' '.repeat(5000)}`);
    // The two last of the 15 bytes that an address is remembered by make them a NaN.
    bytes.set([0xff, 0x7f], bytes.indexOf('1.1.1.1') + 13);
    expect(slowOf('lines', bytes)).toBe(3);
  });

  it('serves ports that contend for one place', () => {
    const ports = Array.from({ length: 700 }, (_, i) => i);
    for (const step of [0, 1, 256, 613]) {
      const lines = ports.map((port) => lineOf({ sourcePort: port, destinationPort: (port * 7 + step) % 10_000 }));
      expect(slowOfLines(lines)).toBe(2);
    }
  });

  it('serves decoders that take turns in contents of different layouts', () => {
    const turns = (['C', 'A', 'cloudwatch-tier', 'D'] as const).map((form, i) => {
      const kind: ContentKind = form === 'cloudwatch-tier' ? 'subscription' : 'lines';
      return { kind, bytes: contentOf(form, 0.5, 60_000, i), fast: new FastDecoder(kind) };
    });
    for (let at = 0; at < 70_000; at += 7000) {
      for (const { bytes, fast } of turns) fast.push(bytes.subarray(at, at + 7000));
    }
    for (const { kind, bytes, fast } of turns) {
      const plain = new PlainDecoder(kind);
      plain.push(bytes);
      expect(fast.end()).toStrictEqual(plain.end());
    }
  });

  it('keeps apart the addresses of IPv6 lines that follow each other', () => {
    const lines = Array.from({ length: 60 }, (_, i) =>
      renderLine('D', {
        ...FIELDS,
        source: i % 3 === 0 ? `fd00:10::${i.toString(16)}` : '2001:db8::7',
        destination: i % 4 === 0 ? 'fd00:10::9' : `fd00:11::${(i % 5) + 1}`,
      }),
    );
    expect(slowOfLines(lines)).toBe(2);
  });
});
