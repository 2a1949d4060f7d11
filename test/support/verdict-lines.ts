/** Verdict lines as the agent's releases write them, and the documents CloudWatch puts them in. Seeded, so repeatable. */

/** File generations A to D, and CloudWatch lines of agents before and from 1.3.0. */
export const FORMS = ['A', 'B', 'C', 'D', 'cloudwatch', 'cloudwatch-tier'] as const;
export type LineForm = (typeof FORMS)[number];

export const isCloudWatch = (form: LineForm): boolean => form === 'cloudwatch' || form === 'cloudwatch-tier';

export interface LineFields {
  /** Milliseconds. */
  readonly time: number;
  readonly node: string;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: string;
  readonly verdict: string;
  readonly direction: string;
  readonly tier: string;
}

const inKeys = (fields: LineFields, timeKey: string, caller: string): string =>
  `{"level":"info","${timeKey}":"${new Date(fields.time).toISOString()}","logger":"ebpf-client",${caller}"msg":"Flow Info:  ",` +
  `"Src IP":"${fields.source}","Src Port":${fields.sourcePort},"Dest IP":"${fields.destination}",` +
  `"Dest Port":${fields.destinationPort},"Proto":"${fields.protocol}","Verdict":"${fields.verdict}"}`;

/** The text of forms C and D: IPv6 has colons everywhere and no comma, IPv4 the other way round. */
export const flowInfo = (fields: LineFields, hasTier: boolean): string => {
  const isIpv6 = fields.source.includes(':');
  const colon = isIpv6 ? ':' : '';
  const tier = hasTier ? `${isIpv6 ? '' : ','} Tier${colon} ${fields.tier}` : '';
  return (
    `Flow Info: Src IP: ${fields.source} Src Port: ${fields.sourcePort} ` +
    `Dest IP: ${fields.destination} Dest Port: ${fields.destinationPort} ` +
    `Proto${colon} ${fields.protocol} Verdict${colon} ${fields.verdict} Direction${colon} ${fields.direction}${tier}`
  );
};

const inText = (fields: LineFields, hasTier: boolean): string =>
  `{"level":"${fields.verdict === 'ACCEPT' ? 'debug' : 'info'}","ts":"${new Date(fields.time).toISOString()}",` +
  `"caller":"runtime/asm_amd64.s:1700","msg":"${flowInfo(fields, hasTier)}"}`;

const forCloudWatch = (fields: LineFields): string =>
  `Node: ${fields.node};SIP: ${fields.source};SPORT: ${fields.sourcePort};DIP: ${fields.destination};` +
  `DPORT: ${fields.destinationPort};PROTOCOL: ${fields.protocol};PolicyVerdict: ${fields.verdict}`;

export const renderLine = (form: LineForm, fields: LineFields): string => {
  switch (form) {
    case 'A':
      return inKeys(fields, 'timestamp', '');
    case 'B':
      return inKeys(fields, 'ts', '"caller":"events/events.go:193",');
    case 'C':
      return inText(fields, false);
    case 'D':
      return inText(fields, true);
    case 'cloudwatch':
      return forCloudWatch(fields);
    case 'cloudwatch-tier':
      return `${forCloudWatch(fields)};Tier: ${fields.tier}`;
  }
};

/** Numbers in [0, 1): mulberry32. */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/**
 * A CloudWatch event id. Real ones, read as integers, hold the event's time above bit 144 and below it the time of
 * ingestion, 64 bits that look random, and a sequence number: they compress badly, which a benchmark must not hide.
 */
export const eventId = (time: number, random: () => number): string => {
  const noise = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
  const id = (BigInt(time) << 144n) | (BigInt(time + 9000) << 80n) | (noise << 16n);
  return id.toString().padStart(56, '0');
};

export interface LogEventText {
  readonly id: string;
  readonly timestamp: number;
  readonly message: string;
  readonly extractedFields?: { readonly [name: string]: string };
}

export const AGENT_STREAM = 'aws-network-policy-agent-audit-7d3f8a52-6c0e-4f2b-9b60-6a4d1c2e9f10';

export const subscriptionDocument = (
  logEvents: readonly LogEventText[],
  fields: { readonly [name: string]: unknown } = {},
): string =>
  JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: '/aws/eks/prod-1/cluster',
    logStream: AGENT_STREAM,
    subscriptionFilters: ['npaudit-deny'],
    logEvents,
    ...fields,
  });

const pick = <T>(random: () => number, choices: readonly [T, ...T[]]): T =>
  choices[Math.floor(random() * choices.length)] ?? choices[0];

/** 0, 1, 2, … spread evenly over [0, 1). */
const spread = (i: number): number => (i * 0.618_033_988_749_895) % 1;

/**
 * A node's traffic: some dozen pods, each calling destinations of its own on fixed ports, some far more often than
 * others. `links` is how many (pod, destination, port) there are, so about how many distinct flows a window holds. A link
 * is either allowed or denied, as a policy has it, so that about a share `denied` of the lines is DENY.
 */
export const trafficOf = (random: () => number, denied: number, links = 600): ((time: number) => LineFields) => {
  const pods = Array.from({ length: 60 }, (_, i) => `10.0.${22 + (i % 2)}.${4 + 3 * i}`);
  const services = Array.from({ length: 80 }, (_, i) => `172.20.${(i * 37) % 256}.${(i * 91) % 250 || 10}`);
  const others = Array.from({ length: 200 }, (_, i) => `10.0.${16 + (i % 40)}.${1 + ((i * 53) % 254)}`);
  const all = Array.from({ length: links }, (_, i) => ({
    node: 'ip-10-0-22-100.us-west-2.compute.internal',
    source: pick(random, ['10.0.22.250', ...pods]),
    destination: pick(random, ['169.254.169.254', ...(random() < 0.6 ? services : others)]),
    destinationPort: pick(random, [443, 8080, 53, 5432, 6379, 9090, 80, 3306]),
    protocol: random() < 0.85 ? 'TCP' : 'UDP',
    direction: random() < 0.6 ? 'egress' : 'ingress',
    tier: random() < 0.8 ? 'NETWORK_POLICY' : 'DEFAULT',
    verdict: spread(i) < denied ? 'DENY' : 'ACCEPT',
  }));
  return (time) => {
    const link = all[Math.floor(random() ** 2 * all.length)];
    if (link === undefined) throw new RangeError('there must be at least one link');
    return { ...link, time, sourcePort: 32_768 + Math.floor(random() * 28_000) };
  };
};

/**
 * The content of a payload of about `bytes` bytes: a subscription document of a busy moment, or a stretch of a node's
 * file.
 */
export const contentOf = (form: LineForm, denied: number, bytes: number, seed = 1): Buffer => {
  const random = seeded(seed);
  const next = trafficOf(random, denied);
  const gap = isCloudWatch(form) ? 4 : 100;
  let time = 1_787_393_730_512;
  let size = 0;
  const events: LogEventText[] = [];
  const lines: string[] = [];
  while (size < bytes) {
    time += Math.floor(random() * gap);
    const message = renderLine(form, next(time));
    if (isCloudWatch(form)) {
      events.push({ id: eventId(time, random), timestamp: time, message });
      size += message.length + 111;
    } else {
      lines.push(`${message}\n`);
      size += message.length + 1;
    }
  }
  return Buffer.from(isCloudWatch(form) ? subscriptionDocument(events) : lines.join(''));
};
