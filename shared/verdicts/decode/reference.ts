/**
 * The specification of the verdict grammar: one line of text in, one reading out. Plain on purpose; `fast.ts` must say
 * the same of every input and falls back to this code wherever a line is not exactly of a shape it has learnt.
 *
 * Vendor source of the shapes: https://github.com/aws/aws-network-policy-agent/blob/v1.4.1/pkg/ebpf/events/events.go
 *
 *   A, B  agent ≤ 1.2.1, node file   {"level":…,"timestamp"|"ts":…,"msg":"Flow Info:  ","Src IP":…,"Verdict":…}
 *   C     agent ≥ 1.2.2, node file   {…,"msg":"Flow Info: Src IP: … Proto TCP Verdict DENY Direction egress"}
 *   D     agent ≥ 1.3.0, node file   as C, then `, Tier T`; over IPv6 with colons and without the comma
 *   CW    CloudWatch                 Node: n;SIP: a;SPORT: n;DIP: b;DPORT: n;PROTOCOL: P;PolicyVerdict: V[;Tier: T]
 */
import type { Flow, FlowSide, UnreadableReason } from '../../model/flow.ts';
import { formatAddress, parseAddress } from './address.ts';
import { withoutPrefix } from './prefix.ts';
import { readTime } from './time.ts';

export type LineReading =
  | { readonly kind: 'flow'; readonly flow: Flow }
  | { readonly kind: 'not-verdict' }
  | { readonly kind: 'unreadable'; readonly reason: UnreadableReason };

/** What the envelope knows of the line. */
export interface LineContext {
  /** Milliseconds. Used where the line has no time of its own. */
  readonly time?: number;
  readonly eventId?: string;
}

/** Fields as text, before any of them is judged. */
interface RawVerdict {
  readonly node?: string | undefined;
  readonly source: string;
  readonly sourcePort: string;
  readonly destination: string;
  readonly destinationPort: string;
  readonly protocol: string;
  readonly verdict: string;
  readonly direction?: string | undefined;
  readonly tier?: string | undefined;
  readonly time: number | undefined;
}

/** No verdict is without one of these. */
export const FLOW_INFO = 'Flow Info';
export const POLICY_VERDICT = 'PolicyVerdict';

/** Far above any verdict (an IPv6 line of form D is under 300), far below what makes a backtracking regex felt. */
const LONGEST_VERDICT = 4096;

const NOT_VERDICT: LineReading = { kind: 'not-verdict' };
const unreadable = (reason: UnreadableReason): LineReading => ({ kind: 'unreadable', reason });

const PORT = /^\d{1,5}$/;
const WORD = /^[!-~]+(?: [!-~]+)*$/;
const NODE = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

const isWord = (text: string): boolean => text.length <= 32 && WORD.test(text);
const isPort = (text: string): boolean => PORT.test(text) && Number(text) <= 65_535;

const judge = (raw: RawVerdict, context: LineContext): LineReading => {
  const source = parseAddress(raw.source);
  const destination = parseAddress(raw.destination);
  if (source === undefined || destination === undefined) return unreadable('bad-address');
  if (!isPort(raw.sourcePort) || !isPort(raw.destinationPort)) return unreadable('bad-port');
  const { protocol, verdict, tier } = raw;
  if (!isWord(protocol) || !isWord(verdict) || (tier !== undefined && !isWord(tier))) return unreadable('bad-word');
  const time = raw.time ?? context.time;
  if (time === undefined) return unreadable('no-time');
  const repaired: FlowSide[] = [];
  if (source.repaired) repaired.push('source');
  if (destination.repaired) repaired.push('destination');
  const flow: Flow = {
    time,
    source: formatAddress(...source.words),
    destination: formatAddress(...destination.words),
    sourcePort: Number(raw.sourcePort),
    destinationPort: Number(raw.destinationPort),
    protocol,
    verdict,
    ...(raw.node !== undefined && NODE.test(raw.node) && { node: raw.node }),
    // Another word than the agent's two says nothing we could use; the verdict itself still stands.
    ...((raw.direction === 'ingress' || raw.direction === 'egress') && { direction: raw.direction }),
    ...(tier !== undefined && { tier }),
    ...(repaired.length > 0 && { repaired }),
    ...(context.eventId !== undefined && { eventId: context.eventId }),
  };
  return { kind: 'flow', flow };
};

const CLOUDWATCH_FIELDS = ['SIP', 'SPORT', 'DIP', 'DPORT', 'PROTOCOL', 'PolicyVerdict'] as const;

/** `key: value` pairs between semicolons, blanks anywhere around them. Fields of a later release are passed over. */
const decodeCloudWatch = (text: string, time: number | undefined, context: LineContext): LineReading => {
  const fields = new Map<string, string>();
  for (const piece of text.split(';')) {
    if (piece.trim() === '') continue;
    const colon = piece.indexOf(':');
    if (colon < 0) return unreadable('unknown-layout');
    const key = piece.slice(0, colon).trim();
    if (fields.has(key)) return unreadable('duplicate-field');
    fields.set(key, piece.slice(colon + 1).trim());
  }
  const [source, sourcePort, destination, destinationPort, protocol, verdict] = CLOUDWATCH_FIELDS.map((key) =>
    fields.get(key),
  );
  if (
    source === undefined ||
    sourcePort === undefined ||
    destination === undefined ||
    destinationPort === undefined ||
    protocol === undefined ||
    verdict === undefined
  ) {
    return unreadable('missing-field');
  }
  const [node, direction, tier] = [fields.get('Node'), fields.get('Direction'), fields.get('Tier')];
  const raw = { node, source, sourcePort, destination, destinationPort, protocol, verdict, direction, tier, time };
  return judge(raw, context);
};

/** Colons after Proto, Verdict and Direction only over IPv6, the comma before Tier only over IPv4; both optional here. */
const FLOW_TEXT =
  /^Flow Info:\s*Src IP:\s*(\S+)\s+Src Port:\s*(\d+)\s+Dest IP:\s*(\S+)\s+Dest Port:\s*(\d+)\s+Proto:?\s+([^\s,]+(?: [^\s,]+)?)\s+Verdict:?\s+([^\s,]+)(?:,?\s+Direction:?\s+([^\s,]+))?(?:,?\s+Tier:?\s+([^\s,]+))?(?:[\s,]|$)/;

const decodeFlowInfo = (text: string, time: number | undefined, context: LineContext): LineReading => {
  if (text.length > LONGEST_VERDICT) return unreadable('too-long');
  const match = FLOW_TEXT.exec(text);
  if (match === null) return unreadable('unknown-layout');
  const [
    ,
    source = '',
    sourcePort = '',
    destination = '',
    destinationPort = '',
    protocol = '',
    verdict = '',
    direction,
    tier,
  ] = match;
  return judge({ source, sourcePort, destination, destinationPort, protocol, verdict, direction, tier, time }, context);
};

type JsonLine = { readonly [key: string]: unknown };

const isJsonLine = (value: unknown): value is JsonLine =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const parseJsonLine = (text: string): JsonLine | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : undefined;
};

/** Forms A and B: every field under its own key. */
const decodeKeys = (line: JsonLine, time: number | undefined, context: LineContext): LineReading => {
  const source = textOf(line['Src IP']);
  const sourcePort = textOf(line['Src Port']);
  const destination = textOf(line['Dest IP']);
  const destinationPort = textOf(line['Dest Port']);
  const protocol = textOf(line['Proto']);
  const verdict = textOf(line['Verdict']);
  if (
    source === undefined ||
    sourcePort === undefined ||
    destination === undefined ||
    destinationPort === undefined ||
    protocol === undefined ||
    verdict === undefined
  ) {
    return unreadable('missing-field');
  }
  const [direction, tier] = [textOf(line['Direction']), textOf(line['Tier'])];
  return judge({ source, sourcePort, destination, destinationPort, protocol, verdict, direction, tier, time }, context);
};

/** What a shipper, or an event of CloudWatch on a line of its own, says of the message in it. */
const wrapperContext = (line: JsonLine, context: LineContext): LineContext => {
  const time = readTime(line['timestamp'] ?? line['time'] ?? line['@timestamp']);
  const eventId = line['eventId'];
  return { ...context, ...(time !== undefined && { time }), ...(typeof eventId === 'string' && { eventId }) };
};

/** `wrapped`: the line came out of a log shipper's own JSON object; one such layer is taken off, not more. */
const decodeJson = (text: string, context: LineContext, wrapped: boolean): LineReading => {
  if (!text.includes(FLOW_INFO) && !text.includes(POLICY_VERDICT)) return NOT_VERDICT;
  const line = parseJsonLine(text);
  if (line === undefined) return unreadable('malformed-json');
  const inner = line['log'] ?? line['message'];
  if (line['msg'] === undefined && typeof inner === 'string' && !wrapped) {
    return decodeText(inner, wrapperContext(line, context), true);
  }
  const msg = line['msg'];
  if (typeof msg !== 'string' || !msg.trim().startsWith('Flow Info:')) return NOT_VERDICT;
  const time = readTime(line['ts'] ?? line['timestamp']);
  return Object.hasOwn(line, 'Verdict') ? decodeKeys(line, time, context) : decodeFlowInfo(msg.trim(), time, context);
};

/** How a message of CloudWatch begins. */
const FIELDS_BEGIN = /^(?:Node:[^;]*;|SIP:)/;

const decodeText = (whole: string, context: LineContext, wrapped: boolean): LineReading => {
  if (whole.includes('\0')) return unreadable('binary');
  const text = whole.trim();
  if (text.startsWith('{')) return decodeJson(text, context, wrapped);
  const claims = text.includes(POLICY_VERDICT) || text.includes(`${FLOW_INFO}:`) || FIELDS_BEGIN.test(text);
  if (!claims) return NOT_VERDICT;
  if (text.length > LONGEST_VERDICT) return unreadable('too-long');
  const { bare, time } = withoutPrefix(text);
  if (bare.startsWith('{')) return decodeJson(bare, { ...context, ...(time !== undefined && { time }) }, wrapped);
  if (bare.startsWith(FLOW_INFO)) return decodeFlowInfo(bare, time, context);
  if (FIELDS_BEGIN.test(bare)) return decodeCloudWatch(bare, time, context);
  return unreadable('unknown-layout');
};

/** Reads one line or one event's message. Never throws. */
export const decodeLine = (text: string, context: LineContext = {}): LineReading => decodeText(text, context, false);
