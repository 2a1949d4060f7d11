/**
 * The document of a CloudWatch Logs subscription, read piece by piece so that one damaged event costs one event.
 *
 *   {"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":…,"logStream":…,"subscriptionFilters":[…],
 *    "logEvents":[{"id":"<56 digits>","timestamp":<ms>,"message":"…"[,"extractedFields":{…}]},…][,"policyLevel":…]}
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */

/** What the document says beside its events. A field is absent where it is missing, not text, or damaged. */
export interface SubscriptionHead {
  /** `DATA_MESSAGE` or `CONTROL_MESSAGE`; open. */
  readonly messageType?: string;
  /** The account the log belongs to. A claim of the sender: check it before you trust it. */
  readonly owner?: string;
  readonly logGroup?: string;
  readonly logStream?: string;
  /** `ACCOUNT_LEVEL_POLICY` where an account policy sent it. */
  readonly policyLevel?: string;
  readonly subscriptionFilters: readonly string[];
}

export interface ReadHead {
  readonly head: SubscriptionHead;
  /** Everything outside the events is good JSON and the document has its end. */
  readonly isWhole: boolean;
}

/** Bytes within which the events must begin. */
export const LONGEST_HEAD = 262_144;

/** Where one event ends and the next begins, as CloudWatch writes it. Never inside good JSON otherwise: a quote in a
 * text is escaped, and no other object of the document follows a comma. */
export const EVENT_MARK = ',{"id":"';

const EVENTS = '"logEvents"';
const OPENING = /\s*:\s*\[/y;

/** The offset just after `"logEvents":[`; undefined where the document does not begin like one. */
export const findEvents = (bytes: Buffer): number | undefined => {
  const head = bytes.subarray(0, LONGEST_HEAD);
  for (let at = head.indexOf(EVENTS); at >= 0; at = head.indexOf(EVENTS, at + 1)) {
    const from = at + EVENTS.length;
    OPENING.lastIndex = 0;
    if (OPENING.test(head.toString('latin1', from, from + 64))) return from + OPENING.lastIndex;
  }
  return undefined;
};

type JsonObject = { readonly [key: string]: unknown };

const parseObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    // A value that is an object, not null and not an array has string keys and values of any kind.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
};

const FIELDS = ['messageType', 'owner', 'logGroup', 'logStream', 'policyLevel'] as const;

/** `before` ends with `"logEvents":[`; `after` begins with `]`, and is undefined where the document breaks off. */
export const readHead = (before: string, after: string | undefined): ReadHead => {
  const whole = after === undefined ? undefined : parseObject(before + after);
  const fields = whole ?? parseObject(`${before}]}`) ?? {};
  const filters = fields['subscriptionFilters'];
  return {
    isWhole: whole !== undefined,
    head: {
      ...Object.fromEntries(FIELDS.map((key) => [key, fields[key]]).filter(([, value]) => typeof value === 'string')),
      subscriptionFilters: Array.isArray(filters) ? filters.filter((name) => typeof name === 'string') : [],
    },
  };
};

export interface LogEvent {
  readonly id?: string;
  /** Only in what `aws logs filter-log-events` prints. */
  readonly logStream?: string;
  /** As it stands; expected are milliseconds. */
  readonly timestamp: unknown;
  readonly message: string;
}

/** The offset just after the object that begins at `start`; -1 where it does not end. */
const objectEnd = (text: string, start: number): number => {
  let depth = 0;
  let isText = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (isText) {
      if (char === '\\') i++;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return i + 1;
  }
  return -1;
};

/** One event as text; undefined for what is none. The command line calls the id `eventId`. */
export const toEvent = (text: string): LogEvent | undefined => {
  const fields = parseObject(text);
  const message = fields?.['message'];
  if (fields === undefined || typeof message !== 'string') return undefined;
  const id = fields['id'] ?? fields['eventId'];
  const logStream = fields['logStreamName'];
  return {
    ...(typeof id === 'string' && { id }),
    ...(typeof logStream === 'string' && { logStream }),
    timestamp: fields['timestamp'],
    message,
  };
};

/** Called for each event in turn; undefined stands for what is no event. */
export type OnEvent = (event: LogEvent | undefined) => void;

const BETWEEN = /[\s,]*/y;

/**
 * Reads the events of one segment: what stands between two marks, usually one event. Returns the text from the `]` that
 * ends the events, where it is in this segment.
 */
export const walkSegment = (text: string, onEvent: OnEvent): string | undefined => {
  let at = 0;
  for (;;) {
    BETWEEN.lastIndex = at;
    BETWEEN.test(text);
    at = BETWEEN.lastIndex;
    if (at >= text.length) return undefined;
    if (text[at] === ']') return text.slice(at);
    const end = text[at] === '{' ? objectEnd(text, at) : -1;
    onEvent(end < 0 ? undefined : toEvent(text.slice(at, end)));
    if (end < 0) return undefined;
    at = end;
  }
};

/**
 * Streams that the EKS control plane writes into the same log group as the agent
 * (https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html).
 */
const CONTROL_PLANE =
  /^(?:kube-apiserver|kube-apiserver-audit|authenticator|kube-controller-manager|kube-scheduler|cloud-controller-manager)-/;

export const isControlPlaneStream = (logStream: string): boolean => CONTROL_PLANE.test(logStream);
