import type { Flow, UnreadableReason } from '../../model/flow.ts';
import { isControlPlaneStream, readHead, walkSegment } from '../envelope/subscription.ts';
import type { LogEvent } from '../envelope/subscription.ts';
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
  /** Something that is no part of the document stood between its events. */
  isBroken = false;
  readonly keepsAll: boolean;
  private readonly store: (flow: Flow) => void;
  private readonly assumed: LineContext;
  private onFlow: ((flow: Flow) => void) | undefined;

  constructor(store: (flow: Flow) => void, options: DecodeOptions) {
    this.store = store;
    this.keepsAll = options.keep === 'all';
    this.assumed = options.assumedTime === undefined ? {} : { time: options.assumedTime };
    this.onFlow = options.onFlow;
  }

  /** Told what stands before the events of a document: of some documents `finishDocument` takes no flow, so none is told. */
  open(before: string): void {
    if (this.onFlow === undefined) return;
    const { messageType, logStream = '' } = readHead(before, undefined).head;
    if (messageType === 'CONTROL_MESSAGE' || isControlPlaneStream(logStream)) this.onFlow = undefined;
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
    this.onFlow?.(flow);
    return flow;
  }

  /** Returns the flow, where the event's message is one. */
  event(event: LogEvent): Flow | undefined {
    this.firstId ??= event.id;
    this.lastId = event.id ?? this.lastId;
    if (event.logStream !== undefined && isControlPlaneStream(event.logStream)) {
      this.tally.notVerdict(() => event.message);
      return undefined;
    }
    return this.line(event.message, {
      ...this.assumed,
      ...(isTime(event.timestamp) && { time: event.timestamp }),
      ...(event.id !== undefined && { eventId: event.id }),
    });
  }

  /** Reads what stands between two marks. Returns the flow of its only event, where it has one event and that is one. */
  segment(text: string): Flow | undefined {
    this.resume();
    let events = 0;
    let flow: Flow | undefined;
    const after = walkSegment(text, (event) => {
      events += 1;
      flow = event === undefined ? undefined : this.event(event);
      if (event === undefined) this.unreadable('damaged-event', text);
    });
    this.after = after;
    return events === 1 ? flow : undefined;
  }

  unreadable(reason: UnreadableReason, text: string): void {
    this.tally.unreadable(reason, text);
  }

  /** Before events are read: where something looked like their end, at least one of them was taken for what follows it. */
  resume(): void {
    if (this.after === undefined) return;
    this.unreadable('damaged-event', this.after);
    this.after = undefined;
    this.isBroken = true;
  }
}
