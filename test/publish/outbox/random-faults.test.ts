import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Announcement, findingOf } from '../../../shared/model/announcement.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { entriesOf, FAULTS, NAMES, run, schedule, type World } from './schedules.ts';

const RUNS = 10_000;

/** What a reader of the destination takes a finding for; a refresh alone need not arrive. */
const view = ({ id, status, severity, closeReason, firstSeenAt, openedAt, reopenCount, unverifiedSince }: Finding) => ({
  id,
  status,
  severity,
  closeReason,
  firstSeenAt,
  openedAt,
  reopenCount,
  unverifiedSince,
});

const viewOf = (announcements: readonly Announcement[]) =>
  Object.fromEntries(announcements.map((each) => [findingOf(each).id, view(findingOf(each))]));

const present = ({ findings }: World) =>
  Object.fromEntries(Object.entries(findings.record.findings).map(([id, finding]) => [id, view(finding)]));

const bySequence = (announcements: readonly Announcement[]): readonly Announcement[] =>
  announcements.toSorted((a, b) => a.sequence - b.sequence);

const sequencesByFinding = (announcements: readonly Announcement[]): readonly (readonly number[])[] =>
  [...Map.groupBy(announcements, (each) => findingOf(each).id).values()].map((its) =>
    its.map(({ sequence }) => sequence),
  );

const missing = ({ findings, arrivals: { history } }: World): readonly string[] => {
  const arrived = new Set(history.announcements.map(({ id }) => id));
  return findings.stream
    .filter(({ id, change }) => change.kind !== 'refreshed' && !arrived.has(id))
    .map(({ id, change }) => `${change.kind} ${id}`);
};

/** What people were last told of each finding, and where that is not how it is. */
const misled = async (world: World): Promise<readonly string[]> => {
  const lastHeard = new Map(world.arrivals.chat.announcements.map((each) => [findingOf(each).id, findingOf(each)]));
  const entries = await entriesOf(world, NAMES.chat);
  return entries.flatMap(({ finding: id, told }) => {
    const finding = world.findings.record.findings[id];
    const heard = lastHeard.get(id);
    if (finding === undefined) return [`unknown ${id}`];
    const isOpen = finding.status === 'open';
    const problems = [
      (told?.status === 'open') === isOpen ? [] : ['told'],
      (heard?.status === 'open') === isOpen ? [] : ['heard'],
      !isOpen || told?.isUnverified === (finding.unverifiedSince !== undefined) ? [] : ['unverified'],
      !isOpen || finding.severity !== 'critical' || told?.severity === 'critical' ? [] : ['severity'],
    ].flat();
    return problems.map((problem) => `${problem} ${finding.status} ${id}`);
  });
};

describe(`over ${RUNS} schedules of crashes, failures, repeated batches, two dispatchers and late audits`, () => {
  it(
    'every destination ends as without a fault, every change has arrived, and never an older after a newer',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(schedule(FAULTS), async (each) => {
          const world = await run(each);

          expect(missing(world)).toEqual([]);
          for (const { announcements } of Object.values(world.arrivals)) {
            for (const sequences of sequencesByFinding(announcements)) {
              expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
            }
          }
          expect(viewOf(world.arrivals.history.announcements)).toEqual(present(world));
          expect(viewOf(world.arrivals.state.announcements)).toEqual(present(world));
          expect(await misled(world)).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
  );

  it(
    'and where destinations refuse, all that was parked has arrived after it was sent again',
    { timeout: 120_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(schedule([...FAULTS, 'refused', 'refused']), async (each) => {
          const world = await run(each);

          expect(missing(world)).toEqual([]);
          expect(viewOf(bySequence(world.arrivals.history.announcements))).toEqual(present(world));
          expect(viewOf(world.arrivals.state.announcements)).toEqual(present(world));
          expect(await misled(world)).toEqual([]);
        }),
        { numRuns: RUNS / 4 },
      );
    },
  );
});
