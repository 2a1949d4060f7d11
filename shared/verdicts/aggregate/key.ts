import type { Flow, FlowAggregate } from '../../model/flow.ts';
import { FIRST_EPHEMERAL_PORT } from './ephemeral-port.ts';

/** Milliseconds. */
export const DEFAULT_WINDOW_MS = 300_000;

/**
 * A packet **to** an ephemeral port **from** a port below that range is most likely the answer of a service, which the
 * agent reports as a flow of its own once its connection-tracking entry is gone. A guess from two numbers: a client that
 * binds a low source port and calls a service on a high one looks the same, hence `likely`. Such a flow keeps both its
 * ports, since the service's is the source port; everywhere else the source port is ephemeral and is folded away.
 * ICMP and the like have port 0 and are never replies.
 */
export const isLikelyReply = (sourcePort: number, destinationPort: number): boolean =>
  destinationPort >= FIRST_EPHEMERAL_PORT && sourcePort > 0 && sourcePort < FIRST_EPHEMERAL_PORT;

/** Milliseconds: the start of the window that holds the time. */
export const windowStartOf = (time: number, windowMs: number): number => Math.floor(time / windowMs) * windowMs;

/** What makes two flows equal. */
export type FlowKey = Pick<
  FlowAggregate,
  | 'windowStart'
  | 'source'
  | 'destination'
  | 'destinationPort'
  | 'protocol'
  | 'verdict'
  | 'direction'
  | 'sourcePort'
  | 'reply'
>;

export const keyOfFlow = (flow: Flow, windowMs: number): FlowKey => ({
  windowStart: windowStartOf(flow.time, windowMs),
  source: flow.source,
  destination: flow.destination,
  destinationPort: flow.destinationPort,
  protocol: flow.protocol,
  verdict: flow.verdict,
  ...(flow.direction !== undefined && { direction: flow.direction }),
  ...(isLikelyReply(flow.sourcePort, flow.destinationPort) && { sourcePort: flow.sourcePort, reply: 'likely' }),
});

/** The key as one string. Words hold no tab (they are printable ASCII), so no two keys share a text. */
export const keyText = (key: FlowKey): string =>
  [
    key.windowStart,
    key.source,
    key.destination,
    key.destinationPort,
    key.protocol,
    key.verdict,
    key.direction ?? '',
    key.sourcePort ?? '',
  ].join('\t');
