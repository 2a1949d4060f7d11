/** Contents that decoders must agree on: mostly what agents write, with everything that can go wrong mixed in. */
import type { ContentKind, DecodeOptions } from '../../../shared/verdicts/decode/batch.ts';
import { eventId, flowInfo, FORMS, renderLine, subscriptionDocument } from '../../support/verdict-lines.ts';
import type { LineFields, LineForm } from '../../support/verdict-lines.ts';

export interface RandomContent {
  readonly kind: ContentKind;
  readonly bytes: Buffer;
  readonly options: DecodeOptions;
}

type Random = () => number;

const pick = <T>(random: Random, choices: readonly [T, ...T[]]): T =>
  choices[Math.floor(random() * choices.length)] ?? choices[0];

const chance = (random: Random, probability: number): boolean => random() < probability;

const mostly = (random: Random, usual: readonly [string, ...string[]], rare: readonly [string, ...string[]]): string =>
  pick(random, chance(random, 0.97) ? usual : rare);

const whole = (random: Random, below: number): number => Math.floor(random() * below);

const IPV4 = ['10.0.22.4', '10.0.23.117', '172.20.0.10', '192.168.255.255', '1.2.3.4', '255.255.255.255'] as const;
const IPV6 = [
  'fd00:10::17',
  '2001:db8::1',
  '::',
  '::1',
  'fe80::a:b:c:d',
  '1:2:3:4:5:6:7:8',
  '2001:db8:0:0:1::',
] as const;
const ODD_ADDRESSES = [
  '10.0.24',
  '192.168',
  '0',
  '::ffff:10.0.22.4',
  '::ffff:a00:1604',
  '2001:DB8::1',
  '64:ff9b::1.2.3.4',
  '10.x.1.2',
  '256.1.1.1',
  '010.1.1.1',
  '1.2.3.4.5',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '12345::',
  ':1',
  '1:',
  '10.0.0.1/32',
  '…',
  '',
] as const;

const address = (random: Random, isIpv6: boolean): string => {
  if (chance(random, 0.02)) return pick(random, ODD_ADDRESSES);
  if (chance(random, 0.3)) return isIpv6 ? pick(random, IPV6) : pick(random, IPV4);
  return isIpv6
    ? `2001:db8::${whole(random, 400).toString(16)}`
    : `10.${whole(random, 3)}.${whole(random, 256)}.${whole(random, 256)}`;
};

const port = (random: Random): number => {
  if (chance(random, 0.02)) return pick(random, [0, 65_535, 65_536, 99_999, 123_456, -1, 1.5]);
  return chance(random, 0.5) ? pick(random, [53, 80, 443, 8080, 5432]) : 1024 + whole(random, 64_512);
};

const START = 1_787_393_730_512;

const time = (random: Random): number => {
  if (chance(random, 0.01))
    return pick(random, [0, 1, 999_999_999_999, 1e12, 9_999_999_999_999, 86_399_999, START + 0.5]);
  return START + whole(random, 1_200_000);
};

/** Addresses that share their lowest words, times on both sides of a window's edge: nearly equal flows, and equal ones. */
const NEAR_ADDRESSES = [
  '10.0.22.4',
  '::ffff:10.0.22.4',
  '::ffff:a00:1604',
  '::a00:1604',
  '2001:db8::a00:1604',
] as const;
const NEAR_TIMES = [1_787_393_699_999, 1_787_393_700_000, 1_787_393_700_001] as const;

const nearFields = (random: Random): LineFields => ({
  time: pick(random, NEAR_TIMES),
  node: 'n',
  source: pick(random, NEAR_ADDRESSES),
  sourcePort: pick(random, [443, 41_022]),
  destination: pick(random, NEAR_ADDRESSES),
  destinationPort: pick(random, [443, 50_000]),
  protocol: 'TCP',
  verdict: 'DENY',
  direction: 'egress',
  tier: 'DEFAULT',
});

const fields = (random: Random): LineFields => {
  const isIpv6 = chance(random, 0.15);
  const word = chance(random, 0.01) ? pick(random, ['', 'x'.repeat(40), 'a b c', 'naïve', 'Deny', '"']) : undefined;
  return {
    time: time(random),
    node: mostly(random, ['ip-10-0-22-100.us-west-2.compute.internal'], ['i-0a3c844322fab4955', 'X', '<redacted>', '']),
    source: address(random, isIpv6),
    sourcePort: port(random),
    destination: address(random, isIpv6),
    destinationPort: port(random),
    protocol: word ?? mostly(random, ['TCP', 'UDP'], ['SCTP', 'ICMP', 'RESERVED', 'ANY PROTOCOL', 'UNKNOWN', 'GRE']),
    verdict: mostly(random, ['DENY', 'ACCEPT'], ['EXPIRED/DELETED', 'AUDIT']),
    direction: mostly(random, ['ingress', 'egress'], ['sideways']),
    tier: mostly(random, ['NETWORK_POLICY', 'DEFAULT'], ['ADMIN', 'BASELINE', 'ERROR', 'TIER_9']),
  };
};

/** What stands beside verdicts in the same files and streams. */
const OTHER_LINES = [
  '',
  '   ',
  '{"level":"info","ts":"2026-04-13T21:18:46.888Z","caller":"conntrack/conntrack_client.go:96","msg":"Conntrack cleanup Delete - "}',
  'Conntrack cleanup Delete - Source IP - 10.0.0.1 Source port - 443',
  '{"level":"debug","ts":"2026-04-13T21:18:46.888Z","msg":"Total PolicyEndpoint count: 4"}',
  '{"kind":"Event","requestObject":{"data":"Node: x;SIP: 1.2.3.4;SPORT: 1;DIP: 1.2.3.4;DPORT: 1;PROTOCOL: TCP;PolicyVerdict: DENY"}}',
  '{"msg":"not a Flow Info: at all"}',
  '{"msg":"Flow Info: nothing follows"}',
  '{"msg":"Flow Info:  ","Src IP":"10.0.0.1","Verdict":"DENY"}',
  '{"Flow Info',
  '[1,2,3]',
  'I0822 10:15:30 something about PolicyVerdict: DENY',
  'Node: a;Node: b;SIP: 1.2.3.4;SPORT: 1;DIP: 1.2.3.4;DPORT: 1;PROTOCOL: TCP;PolicyVerdict: DENY',
  'Node: ip-10-0-1-5;SIP: 10.0.',
  'SIP: 10.0.0.1;SPORT: 1;DIP: 10.0.0.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY;',
  '\u0000\u0001\u0002 {"msg":"Flow Info: "}',
  'Flow Info:',
  '[pod/aws-node-x7k2p/aws-eks-nodeagent] 2026-08-22T11:00:00.1Z {"msg":"Flow Info: none"}',
  '{"message":"Node: n;SIP: 10.0.0.1;SPORT: 1;DIP: 10.0.0.2;DPORT: 2;PROTOCOL: TCP;PolicyVerdict: DENY","timestamp":1787393730512,"eventId":"7"}',
  'CWL CONTROL MESSAGE: Checking health of destination Firehose.',
] as const;

const reformat = (random: Random, line: string, it: LineFields, isEvent: boolean): string => {
  switch (whole(random, 11)) {
    case 0:
      return line.replaceAll(';', '; ');
    case 1:
      return line.replaceAll('":', '": ').replaceAll('{', '{ ');
    case 2:
      return line.replace(', Tier', ' Tier').replace('Flow Info:  ', 'Flow Info: ');
    case 3:
      return flowInfo(it, true);
    case 4:
      return `${new Date(Math.floor(it.time)).toISOString()} stream ${renderLine('cloudwatch-tier', it)}`;
    case 5:
      return JSON.stringify({ log: `${line}\n`, stream: 'stdout' });
    case 6:
      return isEvent ? `${line}\n` : `${line}\r`;
    case 7:
      return `${line};Extra: 1`;
    case 8:
      return `[pod/aws-node-x7k2p/aws-eks-nodeagent] ${line}`;
    case 9:
      return JSON.stringify({ message: line, timestamp: it.time, eventId: '42' });
    default:
      return line.replace('Z"', '+0200"');
  }
};

/** What all lines of a content have in common. */
interface Style {
  readonly form: LineForm;
  readonly isEvent: boolean;
  /** Hardly different from each other. */
  readonly isNear: boolean;
}

const line = (random: Random, { form, isEvent, isNear }: Style): string => {
  if (chance(random, 0.06)) return pick(random, OTHER_LINES);
  const it = isNear ? nearFields(random) : fields(random);
  const usual = renderLine(chance(random, 0.02) ? pick(random, FORMS) : form, { ...it, time: Math.floor(it.time) });
  return chance(random, 0.04) ? reformat(random, usual, it, isEvent) : usual;
};

const escapeSome = (random: Random, text: string): string =>
  text.replaceAll(/[A-Za-z]/g, (letter) =>
    chance(random, 0.02) ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );

const document = (random: Random, style: Style, count: number): string => {
  const hasFields = chance(random, 0.3);
  const extractedFields = { '@aws.account': '111122223333', '@aws.region': 'us-west-2' };
  const events: unknown[] = Array.from({ length: count }, () => {
    const timestamp = style.isNear ? pick(random, NEAR_TIMES) : time(random);
    const id = chance(random, 0.97)
      ? eventId(Math.floor(timestamp), random)
      : pick(random, ['', '42', 'é"\\', '9'.repeat(56)]);
    const event = { id, timestamp, message: line(random, style), ...(hasFields && { extractedFields }) };
    if (!chance(random, 0.02)) return event;
    return pick<unknown>(random, [
      { timestamp, message: event.message, id },
      { ...event, message: 7 },
      { ...event, id: 7 },
      { ...event, timestamp: String(timestamp) },
      { id, message: event.message },
      { ...event, ingestionTime: 1 },
      { ...event, nested: [{ id: 1 }] },
      null,
      'text',
    ]);
  });
  const whole = JSON.parse(
    subscriptionDocument([], {
      logEvents: events,
      ...(chance(random, 0.1) && { messageType: 'CONTROL_MESSAGE' }),
      ...(chance(random, 0.1) && { logStream: 'kube-apiserver-audit-0a1b' }),
      ...(chance(random, 0.2) && { policyLevel: 'ACCOUNT_LEVEL_POLICY' }),
    }),
  ) as unknown;
  const one = chance(random, 0.05) ? JSON.stringify(whole, null, 2) : JSON.stringify(whole);
  // Firehose writes documents right after each other; a payload should have one.
  const text = chance(random, 0.05) ? one + pick(random, ['', '\n']) + one : one;
  return chance(random, 0.1) ? escapeSome(random, text) : text;
};

/** Bytes flipped, cut out, cut off, doubled, put in. */
export const mutate = (random: Random, bytes: Buffer): Buffer => {
  if (bytes.length === 0) return bytes;
  const at = whole(random, bytes.length);
  const size = whole(random, 40);
  switch (whole(random, 8)) {
    case 6:
    case 7: {
      // Another digit: still of the same shape, and perhaps no address, no port, no time any more.
      const digits = Buffer.from(bytes);
      const found = digits.subarray(at).findIndex((byte) => byte >= 48 && byte <= 57);
      if (found >= 0) digits[at + found] = 48 + whole(random, 10);
      return digits;
    }
    case 0: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << whole(random, 8));
      return flipped;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
    case 2:
      return bytes.subarray(0, at);
    case 3:
      return Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at)]);
    case 4:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(pick(random, ['"', '\\', '\n', '\r\n', '}', ',{"id":"', 'é', '\0', '0', ']'])),
        bytes.subarray(at),
      ]);
    default: {
      const noise = Buffer.from(Array.from({ length: size }, () => whole(random, 256)));
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
    }
  }
};

/** `count`: about how many lines. */
export const randomContent = (random: Random, count: number): RandomContent => {
  const kind = pick<ContentKind>(random, ['lines', 'subscription']);
  const form: LineForm =
    kind === 'lines' && chance(random, 0.9)
      ? pick(random, ['A', 'B', 'C', 'D'])
      : pick(random, ['cloudwatch', 'cloudwatch-tier', 'cloudwatch-tier', 'cloudwatch-tier', 'D']);
  const style = { form, isEvent: kind === 'subscription', isNear: chance(random, 0.25) };
  const ending = pick(random, ['\n', '\n', '\n', '\r\n']);
  const text =
    kind === 'lines'
      ? Array.from({ length: count }, () => line(random, style)).join(ending) + pick(random, ['', ending, '\n\n'])
      : document(random, style, count);
  let bytes: Buffer = Buffer.from(text);
  const mutations = chance(random, 0.6) ? whole(random, 16) : 0;
  for (let i = 0; i < mutations; i++) bytes = mutate(random, bytes);
  return {
    kind,
    bytes,
    options: {
      ...(chance(random, 0.5) && { keep: 'all' }),
      ...(chance(random, 0.3) && { assumedTime: START }),
      ...(chance(random, 0.3) && { limit: pick(random, [1, 3, 20, 1000]) }),
      ...(chance(random, 0.3) && { windowMs: pick(random, [1, 1000, 300_000, 2 ** 40]) }),
      ...(chance(random, 0.2) && { maxLineBytes: 4096 }),
    },
  };
};

/** Places to cut the content at, so that decoders get it in pieces. */
export const cutSomewhere = (random: Random, bytes: Buffer): Buffer[] => {
  const pieces: Buffer[] = [];
  const size = pick(random, [64, 1000, 5000, 20_000]);
  for (let at = 0; at < bytes.length;) {
    const length = 1 + whole(random, size);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
};
