import { singleLine } from '../../model/single-line.ts';
import { medianPauseMs } from './observations.ts';
import { signalKey } from './signal-memory.ts';
import { compareText, DAY_MS, hourOf, HOUR_MS } from './state.ts';
import type { NodeMemory, SignalInput, SignalMemory, Subject } from './state.ts';

/** A node that reports more seldom than once in an hour is given three times its usual pause. */
const SILENT_AFTER_MS = HOUR_MS;
const PAUSES = 3;
const HOURS_KEPT = 24;
const NODE_KEPT_MS = 7 * DAY_MS;

export const CLUSTER_SUBJECT: Subject = { type: 'cluster', id: 'cluster', name: 'the cluster' };

/** Who reported, and who was expected to. `readFrom` and `readTo` bound the time of the log that was read. */
export const rememberNodes = (
  nodes: readonly NodeMemory[],
  { reportingNodes, expected, now }: Pick<SignalInput, 'reportingNodes' | 'expected' | 'now'>,
  { readFrom, readTo }: { readFrom: number; readTo: number },
  limit: number,
): readonly NodeMemory[] => {
  const known = new Map(nodes.map((node) => [node.name, node]));
  for (const name of expected?.nodes ?? []) {
    const before = known.get(name) ?? { name, hours: [] };
    known.set(name, { ...before, expectedSince: Math.min(before.expectedSince ?? now, readFrom) });
  }
  for (const name of reportingNodes) {
    const before = known.get(name) ?? { name, hours: [] };
    const hours = [...new Set([...before.hours, hourOf(readTo)])].toSorted((a, b) => a - b).slice(-HOURS_KEPT);
    known.set(name, { ...before, lastAt: Math.max(before.lastAt ?? readTo, readTo), hours });
  }
  const wanted = new Set(expected?.nodes ?? nodes.map(({ name }) => name));
  return [...known.values()]
    .filter(({ name, lastAt }) => wanted.has(name) || (lastAt !== undefined && lastAt > now - NODE_KEPT_MS))
    .toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0) || compareText(a.name, b.name))
    .slice(0, limit)
    .toSorted((a, b) => compareText(a.name, b.name));
};

const quietSince = ({ lastAt, expectedSince }: NodeMemory, now: number): number =>
  Math.max(lastAt ?? 0, expectedSince ?? (lastAt === undefined ? now : 0));

const isSilent = (node: NodeMemory, now: number): boolean =>
  now - quietSince(node, now) > Math.max(SILENT_AFTER_MS, PAUSES * medianPauseMs(node.hours));

const silent = (subject: Subject, who: string, deed: string, firstAt: number, lastAt: number): SignalMemory => ({
  raised: 'log-silence',
  subject,
  source: '',
  who,
  deed,
  details: [],
  pairs: [],
  count: 0,
  firstAt,
  lastAt,
  holdMs: 0,
});

const NODE_DEED = 'sending no verdict lines, although policies isolate pods on it and other nodes report';
const CLUSTER_DEED = 'sending no verdict lines, although policies isolate pods';
const SWITCHED_OFF = 'not logging verdicts, although policies isolate pods: the event logs are switched off';

const nodeSilence = (node: NodeMemory, now: number): SignalMemory => {
  const name = singleLine(node.name, 200);
  return silent({ type: 'node', id: node.name, name }, `Node ${name}`, NODE_DEED, quietSince(node, now), now);
};

/** What is silent now; undefined where nobody knows who should report. */
const silences = (
  nodes: readonly NodeMemory[],
  { expected, now }: Pick<SignalInput, 'expected' | 'now'>,
): readonly SignalMemory[] | undefined => {
  if (expected === undefined) return undefined;
  if (expected.nodes.length === 0) return [];
  const wanted = new Set(expected.nodes);
  const due = nodes.filter(({ name }) => wanted.has(name));
  const lines = nodes.flatMap(({ lastAt }) => lastAt ?? []);
  const newest = lines.reduce((a, b) => Math.max(a, b), 0);
  const since = Math.max(
    newest,
    due.reduce((least, node) => Math.min(least, node.expectedSince ?? now), now),
  );
  if (expected.eventLogs === false) return [silent(CLUSTER_SUBJECT, 'The cluster', SWITCHED_OFF, since, now)];
  // With one node there are no others to compare it with, and the whole cluster is silent when it is.
  if (!nodes.some((node) => node.lastAt !== undefined && !isSilent(node, now))) {
    return due.length > 0 && due.every((node) => isSilent(node, now))
      ? [silent(CLUSTER_SUBJECT, 'The cluster', CLUSTER_DEED, since, now)]
      : [];
  }
  return due.filter((node) => isSilent(node, now)).map((node) => nodeSilence(node, now));
};

/** The signals of silence, and nothing else, after this input. A node that is no longer expected has none. */
export const hearSilence = (
  known: readonly SignalMemory[],
  nodes: readonly NodeMemory[],
  input: Pick<SignalInput, 'expected' | 'now'>,
  until: number,
): readonly SignalMemory[] => {
  const now = silences(nodes, input);
  if (now === undefined) return known;
  const keyOf = ({ raised, subject }: SignalMemory): string => signalKey(raised, subject);
  const active = new Map(now.map((signal) => [keyOf(signal), signal]));
  const clusterIsSilent = now.some(({ subject }) => subject.type === 'cluster');
  const wanted = new Set(input.expected?.nodes);
  const before = new Map(known.map((signal) => [keyOf(signal), signal]));
  const ended = known
    .filter((signal) => !active.has(keyOf(signal)))
    .filter(({ subject }) => subject.type === 'cluster' || wanted.has(subject.id))
    // While nobody reports, a node that was silent still is.
    .map((signal) =>
      signal.clearedAt !== undefined || (clusterIsSilent && subjectIsNode(signal))
        ? signal
        : { ...signal, clearedAt: until },
    );
  const going = [...active.values()].map((signal) => ({
    ...signal,
    firstAt: Math.min(signal.firstAt, before.get(keyOf(signal))?.firstAt ?? signal.firstAt),
  }));
  return [...ended, ...going];
};

const subjectIsNode = ({ subject }: SignalMemory): boolean => subject.type === 'node';
