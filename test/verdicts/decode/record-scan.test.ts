import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ContentKind, DecodeOptions } from '../../../shared/verdicts/decode/batch.ts';
import { FastDecoder } from '../../../shared/verdicts/decode/fast.ts';
import { PlainDecoder } from '../../../shared/verdicts/decode/plain.ts';
import { RecordScan } from '../../../shared/verdicts/decode/record-scan.ts';
import { MOST_COLLECTIONS } from '../../../shared/verdicts/decode/scan-memory.ts';
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

/** The same where only what is denied is kept: then equal flows share a row. */
const slowOfDenials = (lines: readonly string[], options: DecodeOptions = {}): number => {
  const [fast, plain] = [new FastDecoder('lines', options), new PlainDecoder('lines', options)];
  const content = Buffer.from(`${lines.join('\n')}\n${' '.repeat(5000)}`);
  for (const decoder of [fast, plain]) decoder.push(content);
  expect(fast.end()).toStrictEqual(plain.end());
  return fast.slow;
};

describe('rows that equal flows share', () => {
  it('are counted, with first and last time, in the order in which they came', () => {
    const at = (seconds: number, fields: Partial<LineFields> = {}): string =>
      lineOf({ time: FIELDS.time + 1000 * seconds, ...fields });
    const [low, high] = [{ sourcePort: 443 }, { destinationPort: 40_000 }];
    const lines = [at(0), at(9), at(3), at(-4), at(1, { destination: '10.0.40.8' }), at(2, { verdict: 'ACCEPT' })];
    lines.push(at(2), at(3, { direction: 'ingress' }), at(4, { tier: 'ADMIN' }), at(5, { protocol: 'UDP' }), at(6));
    lines.push(
      at(7, { ...low, ...high }),
      at(8, { ...high, sourcePort: 444 }),
      at(9, high),
      at(9, { ...low, ...high }),
    );
    // Those with new words are learnt from, and the last is blank.
    expect(slowOfDenials(lines)).toBe(6);
  });

  it('end with the window of the summary, also where time runs back', () => {
    const lines = Array.from({ length: 400 }, (_, i) =>
      lineOf({ time: FIELDS.time + ((i * 7919) % 100) * 5000, sourcePort: 33_000 + i }),
    );
    expect(slowOfDenials(lines)).toBe(2);
    expect(slowOfDenials(lines, { windowMs: 1 })).toBe(2);
    expect(slowOfDenials(lines, { windowMs: 7777 })).toBe(2);
    expect(slowOfDenials(lines, { windowMs: 86_400_000 })).toBe(2);
  });

  it('are as many as there are', () => {
    const lines = Array.from({ length: 9000 }, (_, i) => lineOf({ destinationPort: 1 + ((i * 31) % 5000) }));
    expect(slowOfDenials(lines)).toBe(2);
    expect(slowOfDenials(lines, { limit: 1000 })).toBe(2);
    expect(slowOfDenials(lines, { limit: 2048 })).toBe(2);
    expect(slowOfDenials(lines, { limit: 3 })).toBe(2);
  });

  it('tell IPv6 addresses apart', () => {
    const lines = Array.from({ length: 300 }, (_, i) =>
      renderLine('D', { ...FIELDS, source: `fd00:${i % 7}::1`, destination: `2001:db8:${i % 3}:1:2:3:4:${i % 5}` }),
    );
    expect(
      slowOfDenials([...lines, lineOf({ source: '0.0.0.1' }), renderLine('D', { ...FIELDS, source: '::1' })]),
    ).toBe(3);
  });
});

describe('times', () => {
  it('of lines are read whatever the hour', () => {
    const lines = Array.from({ length: 200 }, (_, i) => lineOf({ time: FIELDS.time + i * 1_234_567 }));
    expect(slowOfLines(lines)).toBe(2);
    expect(slowOfDenials(lines)).toBe(2);
  });

  it.each(['2026-08-22T24:15', '2026-02-30T10:15', '2026-08-22T10:60', '2026-08-22T10:5x', '2026-08-22 10:15'])(
    'of lines are left to the reference decoder at %s',
    (text) => {
      const odd = lineOf({}).replace(/"ts":"\d{4}-\d\d-\d\dT\d\d:\d\d/, `"ts":"${text}`);
      expect(odd).not.toBe(lineOf({}));
      expect(slowOfLines([lineOf({}), odd, lineOf({})])).toBe(3);
    },
  );

  it('of events are read whatever they are', () => {
    const events = Array.from({ length: 300 }, (_, i) => ({
      id: String(BigInt(ID) + BigInt(i)),
      timestamp: 1_000_000_000_000 + i * 12_345_678_901,
      message: renderLine('cloudwatch', FIELDS),
    }));
    expect(slowOf('subscription', `${subscriptionDocument(events)}${' '.repeat(5000)}`)).toBeLessThan(5);
  });
});

describe('the memory that all scans share', () => {
  it('takes no run of zeros for an address or a port, though its places begin with zeros', () => {
    const [before, line] = [
      lineOf({}),
      lineOf({ source: '1.1.1.1', destination: 'fd00:10::17:18:19', sourcePort: 443 }),
    ];
    for (const text of ['1.1.1.1', 'fd00:10::17:18:19', '443', '8080']) {
      const bytes = Buffer.from(`${before}\n${line}\n${' '.repeat(5000)}`);
      bytes.fill(0, bytes.lastIndexOf(text), bytes.lastIndexOf(text) + text.length);
      expect([text, slowOf('lines', bytes)]).toEqual([text, 3]);
    }
  });

  it.each(['1.1.1.1', '255.255.255.255', 'fd00:10::1', 'fd00:10:20:30::17:18', '2001:db8:1:2:3:4:5:6'])(
    'takes %s with zeros behind or before it for no address',
    (address) => {
      const lines = ['source', 'destination'].flatMap((end) => [
        renderLine('D', { ...FIELDS, source: 'fd00::1', destination: 'fd00::2', [end]: address }),
        ...['\0', '\0\0\0', '\u00ff', ' '].flatMap((odd) =>
          [`${address}${odd}`, `${odd}${address}`].map((text) =>
            renderLine('D', { ...FIELDS, source: 'fd00::1', destination: 'fd00::2', [end]: text }),
          ),
        ),
      ]);
      const content = Buffer.from(`${[...lines, ...lines].join('\n')}\n${' '.repeat(5000)}`, 'latin1');
      // Each odd line, the first of each kind, and the end.
      expect(slowOf('lines', content)).toBeGreaterThanOrEqual(2 * 16);
    },
  );

  it('serves more addresses than it has places', () => {
    const addresses = Array.from({ length: 30_000 }, (_, i) => i);
    const ipv4 = addresses.map((i) =>
      lineOf({ source: `10.${i >> 8}.${i & 255}.1`, destination: `10.1.${i % 251}.9` }),
    );
    expect(slowOfLines(ipv4)).toBe(2);
    const ipv6 = addresses.map((i) =>
      renderLine('D', { ...FIELDS, source: `2001:db8:1::${i.toString(16)}:7`, destination: 'fd00::1' }),
    );
    expect(slowOfLines(ipv6)).toBe(2);
  });

  it('serves a source and a destination that contend for one place', () => {
    // Places are chosen by the last 16 characters.
    const source = '2001:db8:1:2:3:4:5:6';
    const destination = '2002:db8:1:2:3:4:5:6';
    const lines = Array.from({ length: 20 }, () => renderLine('D', { ...FIELDS, source, destination }));
    expect(slowOfLines(lines)).toBe(2);
  });

  it('serves more collections of rows than it can number', () => {
    const scan = new RecordScan();
    const line = lineOf({});
    expect(slowOfLines([line, line])).toBe(2);
    for (let i = 0; i <= MOST_COLLECTIONS; i++) scan.collect(true);
    expect(slowOfLines([line, line, lineOf({ sourcePort: 1 }), line])).toBe(2);
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

describe('a process without WebAssembly', () => {
  it('reads the same, by the reference decoder', () => {
    const module = new URL('../../../shared/verdicts/decode/fast.ts', import.meta.url).href;
    const lines = Array.from({ length: 30 }, () => lineOf({})).join('\n');
    // Node needs it to read TypeScript, so it goes only then.
    const scriptOf = (before: string): string =>
      `import { FastDecoder } from ${JSON.stringify(module)}; ${before}` +
      `const decoder = new FastDecoder('lines'); decoder.push(Buffer.from(${JSON.stringify(lines)} + '\\n' + ' '.repeat(5000)));` +
      'process.stdout.write(JSON.stringify([decoder.end().counts.denied, decoder.slow]));';
    const runs = ['', 'delete globalThis.WebAssembly;'].map((before) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', scriptOf(before)], { encoding: 'utf8' }),
    );
    expect(runs).toEqual(['[30,2]', '[30,31]']);
  });
});
