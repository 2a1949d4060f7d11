import type { DeniedPair, SignalKind } from '../../model/denied-traffic.ts';
import type { DecodeCounts } from '../../model/flow.ts';
import type { ResourceType } from '../../model/outcome.ts';
import type { ScanSignal } from '../aggregate/scan.ts';
import type { Observation } from './observations.ts';

/** All times are milliseconds since 1970-01-01 UTC; an hour or a slot is such a time divided by its length, rounded down. */

export interface Subject {
  readonly type: ResourceType;
  readonly id: string;
  readonly name: string;
}

/** What a pair's denial stands for, by where it goes; `pair` is nothing in particular. */
export type Destined = 'pair' | 'dns' | 'imds' | 'credentials' | 'health-probe';

/** What is remembered of one denied pair. */
export interface PairMemory {
  /** `DeniedPair.key`. */
  readonly key: string;
  readonly destined: Destined;
  /** Whom the signals of `destined` are about: the pair itself, or the workload that suffers. */
  readonly subject: Subject;
  /** Of the source party. */
  readonly source: string;
  readonly words: Words;
  /** Why the denial seems wrong, where it does, and when it last did. */
  readonly wrong?: { readonly text: string; readonly at: number };
  /** `namespace/name` of the policies that isolate an end, the first few. */
  readonly isolatedBy: readonly string[];
  /** Of the workloads at both ends. */
  readonly namespaces: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  /** Lines of the slots that are closed. */
  readonly lines: number;
  /** Slots up to this one are closed: what comes late for them is no longer counted. -1: none is. */
  readonly closedSlot: number;
  readonly recent: readonly Observation[];
  /** The most lines of one slot in an hour, by hour, over a week. */
  readonly peaks: readonly (readonly [hour: number, lines: number])[];
}

/** Parts of a sentence: `<who> is <deed>`. */
export interface Words {
  readonly flow: string;
  readonly who: string;
  readonly deed: string;
  readonly detail: string;
  /** The connection itself, for formats that have fields for it. */
  readonly connection?: Connection;
}

/** One denied connection of a pair: its first addresses, and its port where it is one port. */
export interface Connection {
  readonly [field: string]: string | number;
}

export interface KnownChange {
  /** `NetworkPolicy shop/default-deny was created` */
  readonly what: string;
  readonly at: number;
}

/** Distinct destinations and ports, the most that one window showed. */
export interface ScanWidth {
  readonly destinations: number;
  readonly ports: number;
}

/** `new-pair` and `after-change` are one signal, which a change that becomes known later renames. */
export type Raised = Exclude<SignalKind, 'after-change'>;

/** A signal that was raised and is not forgotten yet. `raised` and the subject's id identify it. */
export interface SignalMemory {
  readonly raised: Raised;
  readonly subject: Subject;
  /** Of the source party; '' for `log-silence`. */
  readonly source: string;
  readonly who: string;
  readonly deed: string;
  /** The first few, sorted. */
  readonly details: readonly string[];
  readonly pairs: readonly string[];
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly holdMs: number;
  readonly change?: KnownChange;
  /** Of a scan. */
  readonly widest?: ScanWidth;
  /** Of a signal about one pair. */
  readonly connection?: Connection;
  /** Present exactly while cleared: the log's time when that was found. */
  readonly clearedAt?: number;
}

export interface NodeMemory {
  readonly name: string;
  /** When it was first expected to report. */
  readonly expectedSince?: number;
  readonly lastAt?: number;
  /** Hours in which it reported, the last few. */
  readonly hours: readonly number[];
}

/** Plain and bounded, fit for JSON. Lists are sorted, so that equal states are equal as text. */
export interface SignalState {
  readonly schemaVersion: 1;
  /** Newest moment of the log that was read. Quiet is measured on the log's time: a dead log is not a quiet cluster. */
  readonly until: number;
  /** Hours from which verdict lines were read. */
  readonly hours: readonly number[];
  readonly pairs: readonly PairMemory[];
  readonly signals: readonly SignalMemory[];
  readonly nodes: readonly NodeMemory[];
}

export const emptySignalState: SignalState = {
  schemaVersion: 1,
  until: 0,
  hours: [],
  pairs: [],
  signals: [],
  nodes: [],
};

/** Something that may have made traffic be denied. */
export interface PolicyChange {
  /** For people, with its verb: `NetworkPolicy shop/default-deny was created`. */
  readonly what: string;
  readonly at: number;
  /** Without `policy`: whatever changed, it concerns the workloads of this namespace. */
  readonly namespace?: string;
  /** Without both: the whole cluster, as an add-on's update does. */
  readonly policy?: string;
}

export interface SignalOptions {
  /** Greatest numbers kept. Defaults: 2,000 pairs, 1,000 signals, 10,000 nodes. */
  readonly maxPairs?: number;
  readonly maxSignals?: number;
  readonly maxNodes?: number;
  /** How long a signal stays active without recurrence, at least. Default 24 h; 6 h for spikes and scans. */
  readonly holdMs?: { readonly [K in SignalKind]?: number };
}

export interface SignalInput {
  /** Of this batch or window only: counts are added up here. */
  readonly pairs: readonly DeniedPair[];
  readonly scans: readonly ScanSignal[];
  /** The clock; times of lines beyond it are taken for it. */
  readonly now: number;
  readonly counts: DecodeCounts;
  /** The time of the log that was read. Default: from the first to the last denied line. */
  readonly read?: { readonly from: number; readonly to: number };
  readonly reportingNodes: readonly string[];
  /** Absent: not known, and nothing is said of silence. */
  readonly expected?: {
    /** With pods that policies isolate. */
    readonly nodes: readonly string[];
    /** Whether the agent is configured to log verdicts. */
    readonly eventLogs: boolean | 'unknown';
  };
  readonly changes?: readonly PolicyChange[];
  readonly options?: SignalOptions;
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

export const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The smallest few of two sets: the same whatever the order in which sets are put together. */
export const union = (a: readonly string[], b: readonly string[], limit: number): readonly string[] =>
  [...new Set([...a, ...b])].toSorted(compareText).slice(0, limit);
