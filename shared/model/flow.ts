/**
 * What the network policy agent says it did with traffic. Nothing here names a cluster, a pod or a policy: the agent
 * logs addresses only (https://github.com/aws/aws-network-policy-agent/issues/642). All times are milliseconds since
 * 1970-01-01 UTC. All strings but the closed unions come from a log and are hostile; they are bounded and printable.
 */

/** `DENY`, `ACCEPT`, `EXPIRED/DELETED`; open, an unknown word is kept as it stands (≤ 32 characters). */
export type Verdict = string;

/** Seen from the pod whose probe fired. CloudWatch lines never carry it. */
export type FlowDirection = 'ingress' | 'egress';

/** One end of a flow. */
export type FlowSide = 'source' | 'destination';

/** One verdict line, decoded. */
export interface Flow {
  /** Milliseconds. The line's own time where it has one, else the time CloudWatch gives the event (its publication). */
  readonly time: number;
  /** The reporting node's name: an EC2 private DNS name or an instance id. Node files never carry it. */
  readonly node?: string;
  /** Canonical: dotted IPv4 (also for IPv4-mapped IPv6), RFC 5952 IPv6. */
  readonly source: string;
  readonly destination: string;
  /** 0 for ICMP. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** `TCP`, `UDP`, `SCTP`, `ICMP`, `RESERVED`, `ANY PROTOCOL`, `UNKNOWN`; open. */
  readonly protocol: string;
  readonly verdict: Verdict;
  readonly direction?: FlowDirection;
  /** `ADMIN`, `NETWORK_POLICY`, `BASELINE`, `DEFAULT`, `ERROR` (agent ≥ 1.3.0); open. */
  readonly tier?: string;
  /** Ends whose IPv4 address the agent had printed without its trailing zero octets, put back here. Absent: none. */
  readonly repaired?: readonly FlowSide[];
  /** CloudWatch's id of the event: 56 decimal digits, never a number. */
  readonly eventId?: string;
}

/**
 * Equal flows of one time window. Equal: source, destination, destination port, protocol, direction, verdict, and for a
 * likely reply also the source port (see `shared/verdicts/aggregate/key.ts`). Otherwise the source port is ephemeral and
 * means nothing.
 */
export interface FlowAggregate {
  /** Milliseconds, a whole multiple of the window's length. */
  readonly windowStart: number;
  readonly source: string;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: string;
  readonly verdict: Verdict;
  readonly direction?: FlowDirection;
  /** Present exactly on likely replies. */
  readonly sourcePort?: number;
  readonly reply?: 'likely';
  /** Lines counted. The true number lies in [count, count + uncounted]. */
  readonly count: number;
  /** 0 unless a scan overflowed the summary; then the most that may have been forgotten before this entry was kept. */
  readonly uncounted: number;
  /** Milliseconds; where `uncounted` > 0, not later than this. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** Reporting nodes, sorted, the first few by name. */
  readonly nodes: readonly string[];
  /** The first few ids of CloudWatch's events; they begin with the event's time, so these are the earliest. */
  readonly sampleEventIds: readonly string[];
  /** Tiers that gave the verdict, sorted, the first few by name. */
  readonly tiers: readonly string[];
  readonly repaired: readonly FlowSide[];
}

/** Why a line that claims to be a verdict could not be read. Closed. */
export type UnreadableReason =
  /** Longer than the bound on lines. */
  | 'too-long'
  /** Holds NUL bytes: binary, or UTF-16. */
  | 'binary'
  /** An event of a subscription payload that is no JSON object with a text message, or was cut short. */
  | 'damaged-event'
  /** A JSON line that is no JSON. */
  | 'malformed-json'
  /** The fields do not stand where any agent release puts them. */
  | 'unknown-layout'
  | 'missing-field'
  | 'duplicate-field'
  | 'bad-address'
  | 'bad-port'
  /** A protocol, verdict or tier that is empty, too long or not printable. */
  | 'bad-word'
  /** Neither the line nor its envelope tells a time. */
  | 'no-time'
  /** A whole payload whose content is no subscription document. */
  | 'not-an-envelope';

export interface UnreadableSample {
  readonly reason: UnreadableReason;
  /** The beginning of the line, bounded, not escaped. */
  readonly text: string;
}

/** Every line read is in exactly one of `flows`, `notVerdict`, `unreadable`. */
export interface DecodeCounts {
  readonly lines: number;
  /** Verdicts read: `denied` + `accepted` + `otherVerdicts`. */
  readonly flows: number;
  readonly denied: number;
  readonly accepted: number;
  readonly otherVerdicts: number;
  /** Flows with an address put right. */
  readonly repaired: number;
  /** Lines of something else: control plane, conntrack cleanup, blank. */
  readonly notVerdict: number;
  /** Lines that claim to be verdicts and could not be read: each may have been a denial. */
  readonly unreadable: number;
  readonly unreadableBy: { readonly [reason in UnreadableReason]?: number };
  /** The first few, not blank. */
  readonly notVerdictSamples: readonly string[];
  readonly unreadableSamples: readonly UnreadableSample[];
}
