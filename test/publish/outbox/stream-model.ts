import type { Announcement } from '../../../shared/model/announcement.ts';
import type { Check } from '../../../shared/model/check.ts';
import type { ClusterRecord } from '../../../shared/model/finding.ts';
import type { Evaluation } from '../../../shared/model/outcome.ts';
import type { OutboxStore } from '../../../shared/model/outbox.ts';
import type { Delivery, NoticeDestination, RecordDestination } from '../../../shared/publish/port.ts';
import { reconcile } from '../../../shared/reconcile/reconcile.ts';
import { checkNamed, EMPTY } from '../../reconcile/scenario.ts';

/** What becomes of one call. `done-unheard`: it is done, and the caller is told that it failed. */
export type Fate = 'done' | 'failed' | 'done-unheard' | 'dies-before' | 'dies-after' | 'refused' | 'forgotten';

/** The end of a process: nothing of it is heard again. */
export class ProcessDeath extends Error {
  override readonly name = 'ProcessDeath';
}

export interface Process {
  dead: boolean;
  /** The fate of its next call of the store, and of the next item at a destination. */
  readonly fate: () => Fate;
  readonly itemFate: () => Fate;
  /** Turns that others get before its next call. */
  readonly turns: () => number;
}

const othersFirst = async (process: Process): Promise<void> => {
  for (let left = process.turns(); left > 0; left -= 1) await Promise.resolve();
};

const call = async <T>(process: Process, act: () => Promise<T>): Promise<T> => {
  await othersFirst(process);
  if (process.dead) throw new ProcessDeath('this process is dead');
  const fate = process.fate();
  if (fate === 'failed') throw new Error('failed');
  process.dead = fate === 'dies-before' || fate === 'dies-after';
  if (fate === 'dies-before') throw new ProcessDeath('died before the call');
  const answer = await act();
  if (fate === 'dies-after') throw new ProcessDeath('died after the call');
  if (fate === 'done-unheard') throw new Error('connection lost');
  return answer;
};

/** The outbox as one process sees it. */
export const faultyOutbox = (store: OutboxStore, process: Process): OutboxStore => ({
  read: async (destination, findings) => call(process, async () => store.read(destination, findings)),
  write: async (entry) => call(process, async () => store.write(entry)),
  due: async (destination, now, limit) => call(process, async () => store.due(destination, now, limit)),
  parked: async (destination, limit) => call(process, async () => store.parked(destination, limit)),
  readThread: async (destination, thread) => call(process, async () => store.readThread(destination, thread)),
  writeThread: async (thread) => call(process, async () => store.writeThread(thread)),
});

/** What a destination makes of items, one fate for each; a call may be cut off in the middle. */
const taken = async <T extends { readonly id: string }>(
  process: Process,
  items: readonly T[],
  take: (item: T) => void,
): Promise<readonly Delivery[]> => {
  await othersFirst(process);
  return items.flatMap((item): readonly Delivery[] => {
    if (process.dead) throw new ProcessDeath('this process is dead');
    const { id } = item;
    const fate = process.itemFate();
    if (fate === 'failed') return [{ id, outcome: 'retry', reason: 'HTTP 503' }];
    if (fate === 'refused') return [{ id, outcome: 'refused', reason: 'HTTP 400' }];
    process.dead = fate === 'dies-before' || fate === 'dies-after';
    if (fate === 'dies-before') throw new ProcessDeath('died before the item');
    take(item);
    if (fate === 'dies-after') throw new ProcessDeath('died after the item');
    if (fate === 'done-unheard') return [{ id, outcome: 'retry', reason: 'no answer' }];
    return fate === 'forgotten' ? [] : [{ id, outcome: 'delivered', reference: `ref ${id}` }];
  });
};

/** All that ever arrived at one destination, in order. */
export interface Arrivals {
  readonly announcements: Announcement[];
}

export const recordsInto = (
  arrivals: Arrivals,
  process: Process,
  { name, wants }: Pick<RecordDestination, 'name' | 'wants'>,
): RecordDestination => ({
  kind: 'record',
  name,
  wants,
  publish: async (items) => taken(process, items, (item) => void arrivals.announcements.push(item)),
});

export const noticesInto = (arrivals: Arrivals, process: Process, name: string): NoticeDestination => ({
  kind: 'notice',
  name,
  publish: async (items) =>
    taken(
      process,
      items.map(({ notice }) => notice),
      ({ announcements }) => void arrivals.announcements.push(...announcements),
    ),
});

/** Findings of one cluster, and the stream of their changes. */
export interface Findings {
  record: ClusterRecord;
  revision: number;
  readonly stream: Announcement[];
}

export const noFindings = (): Findings => ({ record: EMPTY, revision: 0, stream: [] });

const textOf = ({ id, title, severity, rationale, remediation, references }: Check): Announcement['check'] => ({
  id,
  title,
  severity,
  rationale,
  remediation,
  references,
});

/** One audit, committed: whole or not at all. */
export const commitAudit = (
  findings: Findings,
  evaluation: Evaluation,
  catalogue: readonly Check[],
  at: Date,
): void => {
  const { record, changes } = reconcile(findings.record, evaluation, catalogue);
  findings.record = record;
  if (changes.length === 0) return;
  findings.revision += 1;
  for (const change of changes) {
    const check = catalogue.find(({ id }) => id === change.finding.check) ?? checkNamed(change.finding.check);
    findings.stream.push({
      id: `${change.finding.id}#${findings.revision}`,
      sequence: findings.revision,
      at: at.toISOString(),
      change,
      check: textOf(check),
      links: {},
    });
  }
};
