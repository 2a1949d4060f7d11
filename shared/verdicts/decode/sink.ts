import type { Flow, UnreadableReason } from '../../model/flow.ts';
import { walkSegment } from '../envelope/subscription.ts';
import type { DecodeOptions } from './batch.ts';
import { decodeLine } from './reference.ts';
import type { LineContext } from './reference.ts';
import { Tally } from './tally.ts';
import { isTime } from './time.ts';

/** Reads lines and events by the specification, counts them, and hands on the flows that are wanted. */
export class VerdictSink {
  readonly tally = new Tally();
  /** Ids of the first and last readable event. */
  firstId: string | undefined;
  lastId: string | undefined;
  /** From the `]` after the events. */
  after: string | undefined;
  readonly keepsAll: boolean;
  private readonly store: (flow: Flow) => void;
  private readonly assumed: LineContext;

  constructor(store: (flow: Flow) => void, options: DecodeOptions) {
    this.store = store;
    this.keepsAll = options.keep === 'all';
    this.assumed = options.assumedTime === undefined ? {} : { time: options.assumedTime };
  }

  /** Returns the flow, where the line is one. */
  line(text: string, context: LineContext = this.assumed): Flow | undefined {
    const reading = decodeLine(text, context);
    if (reading.kind === 'not-verdict') this.tally.notVerdict(() => text);
    if (reading.kind === 'unreadable') this.tally.unreadable(reading.reason, text);
    if (reading.kind !== 'flow') return undefined;
    const { flow } = reading;
    this.tally.flow(flow.verdict, flow.repaired !== undefined);
    if (this.keepsAll || flow.verdict === 'DENY') this.store(flow);
    return flow;
  }

  /** Reads what stands between two marks. Returns the flow of its only event, where it has one event and that is one. */
  segment(text: string): Flow | undefined {
    let events = 0;
    let flow: Flow | undefined;
    const after = walkSegment(text, (event) => {
      events += 1;
      flow = undefined;
      if (event === undefined) {
        this.unreadable('damaged-event', text);
        return;
      }
      this.firstId ??= event.id;
      this.lastId = event.id ?? this.lastId;
      flow = this.line(event.message, {
        ...this.assumed,
        ...(isTime(event.timestamp) && { time: event.timestamp }),
        ...(event.id !== undefined && { eventId: event.id }),
      });
    });
    this.after = after ?? this.after;
    return events === 1 ? flow : undefined;
  }

  unreadable(reason: UnreadableReason, text: string): void {
    this.tally.unreadable(reason, text);
  }
}
