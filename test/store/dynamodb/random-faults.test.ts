import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterRecord, Finding } from '../../../shared/model/finding.ts';
import type { Snapshot } from '../../../shared/model/snapshot.ts';
import type { Table } from '../../../shared/store/dynamodb/table.ts';
import { audit, histories, recordOf, shown, type Shown } from '../../support/dynamodb/audits.ts';
import { type Fate, faultyTable } from '../../support/dynamodb/faults.ts';
import { memoryTable, published } from '../../support/dynamodb/memory-table.ts';

const nodes = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('True' as const, 'False' as const), {
      noNullPrototype: true,
    }),
  },
  fc.constant('denied' as const),
);
const showing: fc.Arbitrary<Shown> = fc.record({
  nodes,
  addon: fc.constantFrom('ACTIVE', 'DEGRADED', 'UPDATE_FAILED'),
});

/** Snapshots an hour apart, as they arrive: in any order, some of them more than once. */
const deliveries: fc.Arbitrary<readonly Snapshot[]> = fc
  .array(showing, { minLength: 1, maxLength: 4 })
  .map((all) => all.map((each, index) => shown(index, each)))
  .chain((all) =>
    fc
      .array(fc.constantFrom(...all), { maxLength: 2 })
      .chain((again) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
  );

const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fate>('done') },
  fc.constantFrom<Fate>('refused', 'cut', 'repeated', 'dies-before', 'dies-after'),
);

/** Fates one after the other; when they are used up, all goes well. */
const fates = fc.array(fate, { maxLength: 60 });

const drawn = (all: readonly Fate[]): (() => Fate) => {
  const left = all.values();
  return () => left.next().value ?? 'done';
};

/** A queue: what fails is delivered again, to a new process. */
const deliver = async (table: () => Table, snapshots: readonly Snapshot[]): Promise<void> => {
  for (const snapshot of snapshots) {
    let isDone = false;
    while (!isDone) {
      isDone = await audit(table(), snapshot).then(
        () => true,
        () => false,
      );
    }
  }
};

/** What every order of delivery agrees on; see docs/decisions/0004-reconcile-and-late-results.md. */
const agreed = ({ findings, watermarks }: ClusterRecord): unknown => ({
  open: Object.values(findings)
    .filter(({ status }) => status === 'open')
    .map(({ id, message, evidence, lastSeenAt }) => ({ id, message, evidence, lastSeenAt }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  // `unverifiedSince` tells the history as it arrived.
  examined: Object.fromEntries(Object.entries(watermarks).map(([check, { examinedAt }]) => [check, examinedAt])),
});

describe('over random failures, deaths, lost answers and duplicates', () => {
  it(
    'audits one after the other end as those that nothing disturbs, and so does the outbox',
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(deliveries, fates, async (snapshots, all) => {
        const [table, undisturbed] = [memoryTable(), memoryTable()];
        const next = drawn(all);
        await deliver(() => faultyTable(table, { onRead: next, onWrite: next }), snapshots);
        await deliver(() => undisturbed, snapshots);

        expect(await recordOf(table)).toEqual(await recordOf(undisturbed));
        expect(histories(published(table.images()))).toEqual(histories(published(undisturbed.images())));
      });
      await fc.assert(property, { numRuns: 1200 });
    },
  );

  it(
    'audits that overlap in any way lose nothing, and the outbox adds up to what is stored',
    { timeout: 120_000 },
    async () => {
      const property = fc.asyncProperty(deliveries, fates, fc.scheduler(), async (snapshots, all, scheduler) => {
        const [table, undisturbed] = [memoryTable(), memoryTable()];
        const next = drawn(all);
        const turn = async (): Promise<unknown> => scheduler.schedule(Promise.resolve());
        const consumer = async (): Promise<void> =>
          deliver(() => faultyTable(table, { onRead: next, onWrite: next, turn }), queue.splice(0, 1));
        const queue = [...snapshots];
        const consumers = Promise.all(
          [0, 1, 2].map(async () => {
            while (queue.length > 0) await consumer();
          }),
        );
        await scheduler.waitFor(consumers);
        await deliver(() => undisturbed, snapshots);

        const stored = await recordOf(table);
        expect(agreed(stored)).toEqual(agreed(await recordOf(undisturbed)));

        const last = new Map<string, { readonly sequence: number; readonly finding: Finding }>();
        for (const { change, sequence } of published(table.images())) {
          expect(sequence).toBeGreaterThan(last.get(change.finding.id)?.sequence ?? 0);
          expect(change.kind === 'opened').toBe(!last.has(change.finding.id));
          last.set(change.finding.id, { sequence, finding: change.finding });
        }
        expect(Object.fromEntries([...last].map(([id, { finding }]) => [id, finding]))).toEqual(stored.findings);
      });
      await fc.assert(property, { numRuns: 1200 });
    },
  );
});
