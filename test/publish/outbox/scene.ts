import type { Announcement, Notice } from '../../../shared/model/announcement.ts';
import type { ChangeKind, Finding } from '../../../shared/model/finding.ts';
import type { OutboxEntry, OutboxStore } from '../../../shared/model/outbox.ts';
import type {
  Delivered,
  Delivery,
  Destination,
  NoticeDestination,
  RecordDestination,
} from '../../../shared/publish/port.ts';
import { DEFAULT_NOISE_RULES, type NoiseRules } from '../../../shared/publish/outbox/noise.ts';
import { dispatch, enqueue, type OutboxDependencies } from '../../../shared/publish/outbox/outbox.ts';
import { memoryOutbox } from '../../../shared/store/memory-outbox.ts';
import { announcementOf } from '../announcements.ts';

export const NOW = new Date('2026-11-20T10:00:00.000Z');

/** RFC 3339, minutes from `NOW`. */
export const at = (minutes: number): string => new Date(NOW.getTime() + minutes * 60_000).toISOString();

const STATES: { readonly [kind in ChangeKind]: Partial<Finding> } = {
  opened: {},
  updated: {},
  refreshed: {},
  backdated: {},
  resolved: { status: 'resolved', endedAt: at(0) },
  closed: { status: 'closed', closeReason: 'resource-gone', endedAt: at(0) },
  reopened: { reopenCount: 1 },
  unverified: { unverifiedSince: at(0) },
};

/** The change of this sequence of the finding on the node. */
export const became = (
  kind: ChangeKind,
  sequence: number,
  node = 'a',
  finding: Partial<Finding> = {},
  rest: Partial<Announcement> = {},
): Announcement =>
  announcementOf(
    { resource: { type: 'node', id: node, name: node }, ...STATES[kind], ...finding },
    { kind, sequence, ...rest },
  );

export const idOf = (node = 'a'): string => became('opened', 1, node).change.finding.id;

export interface Heard {
  readonly notice: Notice;
  readonly before?: Delivered;
}

/** `<kind> <nodes>` */
export const briefly = (heard: readonly Heard[]): readonly string[] =>
  heard.map(
    ({ notice: { kind, announcements } }) =>
      `${kind} ${announcements.map(({ change }) => change.finding.resource.name).join(',')}`,
  );

export type Says = (id: string) => Delivery | Error | undefined;

const delivered: Says = (id) => ({ id, outcome: 'delivered', reference: `ref ${id}` });

export interface Scene {
  readonly store: OutboxStore;
  readonly dependencies: OutboxDependencies;
  /** What every destination answers from now on. */
  readonly answers: { says: Says; openNow: OutboxDependencies['openNow'] };
  readonly clock: { now: Date };
  readonly heard: Heard[];
  readonly records: Announcement[];
  readonly enqueue: (...announcements: readonly Announcement[]) => Promise<void>;
  readonly dispatch: () => Promise<void>;
  readonly entry: (node?: string) => Promise<OutboxEntry>;
  /** Minutes. */
  readonly wait: (minutes: number) => void;
}

const answersOf = (ids: readonly string[], says: Says): readonly Delivery[] =>
  ids.flatMap((id) => {
    const answer = says(id);
    if (answer instanceof Error) throw answer;
    return answer ?? [];
  });

/** One destination over an outbox in memory. */
export const scene = (
  kind: 'notice' | RecordDestination['wants'],
  rules: Partial<NoiseRules> = {},
  store: OutboxStore = memoryOutbox(),
): Scene => {
  const clock = { now: NOW };
  const answers: Scene['answers'] = { says: delivered, openNow: async () => 7 };
  const heard: Heard[] = [];
  const records: Announcement[] = [];
  const people: NoticeDestination = {
    kind: 'notice',
    name: 'chat',
    publish: async (notices) => {
      heard.push(...notices);
      return answersOf(
        notices.map(({ notice }) => notice.id),
        answers.says,
      );
    },
  };
  const destination: Destination =
    kind === 'notice'
      ? people
      : {
          kind: 'record',
          name: 'chat',
          wants: kind,
          publish: async (items) => {
            records.push(...items);
            return answersOf(
              items.map(({ id }) => id),
              answers.says,
            );
          },
        };
  const dependencies: OutboxDependencies = {
    store,
    destinations: [destination],
    rules: { ...DEFAULT_NOISE_RULES, ...rules },
    now: () => clock.now,
    openNow: async (cluster, check) => answers.openNow(cluster, check),
  };
  return {
    store,
    dependencies,
    answers,
    clock,
    heard,
    records,
    enqueue: async (...announcements) => {
      const failed = await enqueue(dependencies, announcements);
      for (const error of failed.values()) throw error;
    },
    dispatch: async () => void (await dispatch(dependencies, destination)),
    entry: async (node) => {
      const [entry] = await store.read('chat', [idOf(node)]);
      if (entry === undefined) throw new Error('nothing was read');
      return entry;
    },
    wait: (minutes) => {
      clock.now = new Date(clock.now.getTime() + minutes * 60_000);
    },
  };
};
