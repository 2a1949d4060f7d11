import { gzipSync } from 'node:zlib';

import type { JsonObject } from '../../../shared/model/facts-aws.ts';
import type { DumpFile } from './dump.ts';
import { hex, uuid } from './identifiers.ts';
import type { Machine } from './machines.ts';

/** One decision that a network policy agent logged. */
export interface Verdict {
  /** Milliseconds. */
  readonly at: number;
  /** Whose agent decided. */
  readonly machine: Machine;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
  readonly protocol: 'ICMP' | 'TCP' | 'UDP';
  readonly verdict: 'ACCEPT' | 'DENY';
  readonly direction: 'egress' | 'ingress';
  readonly tier: string;
}

/** A line of an agent's own log that tells of something else: `%time` becomes its time. */
export interface OtherLine {
  readonly at: number;
  readonly text: string;
}

/**
 * How an agent of a release writes: `A` up to 1.0.2, `B` 1.0.4 to 1.2.1, `C` 1.2.2 to 1.2.7, `D` from 1.3.0.
 * https://github.com/aws/aws-network-policy-agent/blob/main/pkg/ebpf/events/events.go at those tags
 */
export type Generation = 'A' | 'B' | 'C' | 'D';

const timeText = (at: number): string => new Date(at).toISOString();

const fields = (verdict: Verdict): JsonObject => ({
  'Src IP': verdict.source,
  'Src Port': verdict.sourcePort,
  'Dest IP': verdict.destination,
  'Dest Port': verdict.destinationPort,
  Proto: verdict.protocol,
  Verdict: verdict.verdict,
});

const sentence = (verdict: Verdict, generation: 'C' | 'D'): string =>
  `Flow Info: Src IP: ${verdict.source} Src Port: ${verdict.sourcePort} Dest IP: ${verdict.destination} ` +
  `Dest Port: ${verdict.destinationPort} Proto ${verdict.protocol} Verdict ${verdict.verdict} ` +
  `Direction ${verdict.direction}${generation === 'D' ? `, Tier ${verdict.tier}` : ''}`;

/** One line of /var/log/aws-routed-eni/network-policy-agent.log. */
const fileLine = (verdict: Verdict, generation: Generation): string => {
  const time = timeText(verdict.at);
  switch (generation) {
    case 'A':
      return JSON.stringify({
        level: 'info',
        timestamp: time,
        logger: 'ebpf-client',
        msg: 'Flow Info:  ',
        ...fields(verdict),
      });
    case 'B':
      return JSON.stringify({
        level: 'info',
        ts: time,
        logger: 'ebpf-client',
        caller: 'events/events.go:193',
        msg: 'Flow Info:  ',
        ...fields(verdict),
      });
    case 'C':
    case 'D':
      return JSON.stringify({
        level: verdict.verdict === 'DENY' ? 'info' : 'debug',
        ts: time,
        caller: 'runtime/asm_amd64.s:1700',
        msg: sentence(verdict, generation),
      });
  }
};

/** A node's own log: its verdicts among everything else that the agent says. */
export const nodeLog = (generation: Generation, verdicts: readonly Verdict[], others: readonly OtherLine[]): string =>
  [
    ...verdicts.map((verdict) => ({ at: verdict.at, text: fileLine(verdict, generation) })),
    ...others.map(({ at, text }) => ({ at, text: text.replace('%time', timeText(at)) })),
  ]
    .toSorted((a, b) => a.at - b.at)
    .map(({ text }) => `${text}\n`)
    .join('');

/** As a log that was rotated lies on the node. */
export const gzipped = (path: string, text: string): DumpFile => [path, gzipSync(text, { level: 9 })];

const message = (verdict: Verdict, hasTier: boolean): string =>
  `Node: ${verdict.machine.name};SIP: ${verdict.source};SPORT: ${verdict.sourcePort};DIP: ${verdict.destination};` +
  `DPORT: ${verdict.destinationPort};PROTOCOL: ${verdict.protocol};PolicyVerdict: ${verdict.verdict}` +
  (hasTier ? `;Tier: ${verdict.tier}` : '');

const agentStream = (machine: Machine): string =>
  `aws-network-policy-agent-audit-${uuid(`${machine.seed}/agent-stream`)}`;

/** An event of another log stream of the same log group: the control plane's, or an agent's line cut short. */
export interface OtherEvent {
  readonly at: number;
  readonly stream: string;
  readonly message: string;
}

const logEvent = ({ at, stream, message: text }: OtherEvent): JsonObject => ({
  logStreamName: stream,
  timestamp: at,
  message: text,
  ingestionTime: at + 1840,
  eventId: `3${BigInt(`0x${hex(`${stream}/${at}/${text}`, 45)}`)
    .toString()
    .padStart(55, '0')
    .slice(0, 55)}`,
});

/** What `aws logs filter-log-events --log-group-name /aws/eks/<cluster>/cluster` prints; `Tier` from agent 1.3.0 on. */
export const filterLogEvents = (
  verdicts: readonly Verdict[],
  others: readonly OtherEvent[],
  hasTier: boolean,
): string => {
  const events = [
    ...verdicts.map((verdict) => ({
      at: verdict.at,
      stream: agentStream(verdict.machine),
      message: message(verdict, hasTier),
    })),
    ...others,
  ].toSorted((a, b) => a.at - b.at);
  return `${JSON.stringify({ events: events.map(logEvent), searchedLogStreams: [] }, undefined, 2)}\n`;
};
