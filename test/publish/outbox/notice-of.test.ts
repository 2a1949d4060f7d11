import { expect, it } from 'vitest';
import { emptyEntry, type OutboxEntry } from '../../../shared/model/outbox.ts';
import { noticeIdOf, noticeOf, type Telling } from '../../../shared/publish/outbox/notice-of.ts';
import { at, became } from './scene.ts';

const telling = (node: string, held?: OutboxEntry['held']): Telling => {
  const announcement = became('opened', 1, node);
  const entry = emptyEntry('chat', announcement.change.finding.id);
  return { entry: held === undefined ? entry : { ...entry, held }, announcement, kind: 'opened' };
};

it('a notice is in order of resource names, whatever order its findings come in, and so is its id the same', () => {
  const notice = noticeOf([telling('c'), telling('a'), telling('b')], 5);

  expect(notice.announcements.map(({ change }) => change.finding.resource.name)).toEqual(['a', 'b', 'c']);
  expect(notice).toEqual(noticeOf([telling('b'), telling('c'), telling('a')], 5));
  expect(notice.id).not.toBe(noticeOf([telling('b'), telling('c')], 5).id);
  expect(notice.id).toBe(
    noticeIdOf('opened', [became('opened', 1, 'b'), became('opened', 1, 'a'), became('opened', 1, 'c')]),
  );
});

it('says how often all of them went to and fro, and since when the first did', () => {
  const held = (minutes: number) => ({ flips: 2, since: at(minutes), lastAt: at(0) });

  expect(noticeOf([telling('a', held(-5)), telling('b', held(-9)), telling('c')], 3).damped).toEqual({
    flips: 4,
    since: at(-9),
  });
  expect(noticeOf([telling('c')], 3)).not.toHaveProperty('damped');
});
