import { describe, expect, it } from 'vitest';
import type { Announcement, NoticeKind } from '../../../shared/model/announcement.ts';
import { emptyEntry, type OutboxEntry, type Told } from '../../../shared/model/outbox.ts';
import {
  DEFAULT_NOISE_RULES,
  type NoiseRules,
  noticeKindOf,
  rule,
  toldAfterSettling,
  toldOf,
} from '../../../shared/publish/outbox/noise.ts';
import { clusterArn } from '../../../shared/model/cluster.ts';
import { CLUSTER } from '../../support/cluster.ts';
import { at, became, idOf, NOW } from './scene.ts';

const told = (status: Told['status'], rest: Partial<Told> = {}): Told => ({
  status,
  severity: 'high',
  isUnverified: false,
  flips: [],
  ...rest,
});
const OPEN = became('opened', 5, 'a', { severity: 'high' });
const CRITICAL = became('updated', 5, 'a', { severity: 'critical' });
const LOW = became('updated', 5, 'a', { severity: 'low' });
const UNVERIFIED = became('unverified', 5, 'a', { severity: 'high' });
const RESOLVED = became('resolved', 5);
const CLOSED = became('closed', 5);
const REOPENED = became('reopened', 5, 'a', { severity: 'high' });

describe('people are told the difference between what they know and how it is', () => {
  it.each([
    ['opened', OPEN, undefined],
    ['reopened', REOPENED, undefined],
    ['reopened', OPEN, told('ended')],
    ['resolved', RESOLVED, told('open')],
    ['closed', CLOSED, told('open')],
    ['worse', CRITICAL, told('open')],
    ['unverified', UNVERIFIED, told('open')],
    [undefined, OPEN, told('open')],
    [undefined, LOW, told('open')],
    [undefined, OPEN, told('open', { isUnverified: true })],
    [undefined, UNVERIFIED, told('open', { isUnverified: true })],
    [undefined, RESOLVED, undefined],
    [undefined, CLOSED, undefined],
    [undefined, RESOLVED, told('ended')],
    ['worse', became('unverified', 5, 'a', { severity: 'critical' }), told('open')],
  ] satisfies readonly (readonly [NoticeKind | undefined, Announcement, Told | undefined])[])(
    '%s (row %#)',
    (kind, announcement, known) => {
      expect(noticeKindOf(announcement, known)).toBe(kind);
    },
  );
});

const entry = (rest: Partial<OutboxEntry> = {}): OutboxEntry => ({ ...emptyEntry('chat', idOf()), ...rest });
const ruling = (announcement: Announcement, rest: Partial<OutboxEntry> = {}, rules: Partial<NoiseRules> = {}) => {
  const { kind, ...more } = rule(entry({ waiting: [announcement], ...rest }), announcement, NOW, {
    ...DEFAULT_NOISE_RULES,
    ...rules,
  });
  if ('notice' in more) return `${kind} ${more.notice}`;
  return 'until' in more ? `${kind} ${more.reason} ${more.until.toISOString()}` : `${kind} ${more.reason}`;
};
const excepted = (announcement: Announcement): Announcement => ({
  ...announcement,
  exception: { check: 'c', owner: 'o', reason: 'r', expires: '2027-01-01' },
});

describe('what nobody wants to hear is settled', () => {
  it('what they know', () => {
    expect(ruling(OPEN, { told: told('open') })).toBe('settle people know');
  });

  it.each([
    ['high', 'tell opened'],
    ['critical', 'settle below critical'],
  ] as const)('below the severity of the destination: at least %s', (chat, expected) => {
    expect(ruling(OPEN, {}, { severityAtLeast: { chat, other: 'critical' } })).toBe(expected);
  });

  it('what an exception holds for', () => {
    expect(ruling(excepted(OPEN))).toBe('settle excepted');
    expect(ruling(excepted(CRITICAL), { told: told('open') })).toBe('settle excepted');
  });

  it('but who was told of it opening is told of its end, whatever the rules say by then', () => {
    const rules = {
      severityAtLeast: { chat: 'critical' },
      maintenance: [{ from: at(-5), to: at(5) }],
    } as const;

    expect(ruling(excepted(RESOLVED), { told: told('open') }, rules)).toBe('tell resolved');
  });
});

describe('a maintenance window', () => {
  it.each([
    ['of every cluster', { from: at(-5), to: at(5) }, `hold maintenance ${at(5)}`],
    ['of the cluster by name', { cluster: CLUSTER.name, from: at(0), to: at(5) }, `hold maintenance ${at(5)}`],
    ['of the cluster by ARN', { cluster: clusterArn(CLUSTER), from: at(-5), to: at(5) }, `hold maintenance ${at(5)}`],
    ['of the account', { account: CLUSTER.account, from: at(-5), to: at(5) }, `hold maintenance ${at(5)}`],
    ['of another cluster', { cluster: 'other', from: at(-5), to: at(5) }, 'tell opened'],
    ['of another account', { account: '999999999999', from: at(-5), to: at(5) }, 'tell opened'],
    ['that is over', { from: at(-5), to: at(0) }, 'tell opened'],
    ['that is to come', { from: at(1), to: at(5) }, 'tell opened'],
  ])('%s', (_, window, expected) => {
    expect(ruling(OPEN, {}, { maintenance: [window] })).toBe(expected);
  });

  it('lasts as long as the longest of several', () => {
    const maintenance = [5, 60, 7].map((minutes) => ({ from: at(-1), to: at(minutes) }));

    expect(ruling(OPEN, {}, { maintenance })).toBe(`hold maintenance ${at(60)}`);
  });
});

describe('what goes to and fro', () => {
  const flapping = told('open', { flips: [-50, -40, -30, -20].map(at) });

  it('too often within the hour is held until it was quiet for half an hour', () => {
    expect(ruling(RESOLVED, { told: flapping })).toBe(`hold flapping ${at(30)}`);
    expect(ruling(RESOLVED, { told: { ...flapping, flips: flapping.flips.slice(1) } })).toBe('tell resolved');
    expect(ruling(RESOLVED, { told: { ...flapping, flips: [-60, -40, -30, -20].map(at) } })).toBe('tell resolved');
  });

  it.each([
    ['it goes on', { flips: 2, since: at(-40), lastAt: at(-1) }, `hold flapping ${at(29)}`],
    ['it has been quiet', { flips: 2, since: at(-40), lastAt: at(-30) }, 'tell resolved'],
    ['nobody heard anything for two hours', { flips: 9, since: at(-120), lastAt: at(-1) }, 'tell resolved'],
    ['that is soon the case', { flips: 9, since: at(-119), lastAt: at(-1) }, `hold flapping ${at(1)}`],
  ])('once it is held: %s', (_, held, expected) => {
    expect(ruling(RESOLVED, { told: flapping, held })).toBe(expected);
  });

  it('and is where it was is looked at again when it has been quiet, and then nobody need hear of it', () => {
    const held = { flips: 2, since: at(-40), lastAt: at(-1) };

    expect(ruling(REOPENED, { told: flapping, held })).toBe(`hold flapping ${at(29)}`);
    expect(ruling(REOPENED, { told: flapping, held: { ...held, lastAt: at(-30) } })).toBe('settle people know');
  });
});

describe('what people may have heard although no answer said so', () => {
  it.each([
    ['the end of what may have been told to be open', [became('opened', 1), CLOSED], undefined, 'tell closed'],
    [
      'the opening of what may have been told to have ended',
      [became('resolved', 1), REOPENED],
      told('open'),
      'tell reopened',
    ],
    ['nothing new', [became('updated', 1), REOPENED], told('open'), 'settle people know'],
  ] as const)('is counted: %s', (_, waiting, known, expected) => {
    const last = waiting[1];

    expect(ruling(last, { waiting, ...(known === undefined ? {} : { told: known }) })).toBe(expected);
  });

  it('is what they know when the rest is settled', () => {
    const waiting = [became('opened', 1, 'a', { severity: 'low' }), excepted(OPEN)];

    expect(toldAfterSettling(entry({ waiting }), excepted(OPEN))).toEqual(told('open', { severity: 'low' }));
    expect(toldAfterSettling(entry({ waiting, told: told('ended', { flips: [at(-9)] }) }), excepted(OPEN))).toEqual(
      told('open', { severity: 'low', flips: [at(-9)] }),
    );
    expect(toldAfterSettling(entry({ waiting, told: told('open') }), OPEN)).toEqual(told('open'));
    expect(toldAfterSettling(entry({ waiting: [OPEN] }), OPEN)).toBeUndefined();
  });
});

describe('after a notice people know', () => {
  it('how it is, and that it moved', () => {
    expect(toldOf(undefined, OPEN, 'opened', NOW)).toEqual(told('open', { flips: [at(0)] }));
    expect(toldOf(told('open', { flips: [at(-1)] }), RESOLVED, 'resolved', NOW)).toMatchObject({
      status: 'ended',
      flips: [at(-1), at(0)],
    });
    expect(toldOf(told('open'), UNVERIFIED, 'unverified', NOW)).toEqual(
      told('open', { isUnverified: true, flips: [at(0)] }),
    );
    expect(toldOf(told('open'), CRITICAL, 'worse', NOW)).toEqual(told('open', { severity: 'critical' }));
  });

  it('of its last 16 moves only', () => {
    const flips = Array.from({ length: 16 }, (_, index) => at(index - 20));

    expect(toldOf(told('open', { flips }), RESOLVED, 'resolved', NOW).flips).toEqual([...flips.slice(1), at(0)]);
  });

  it('without a notice, that somebody can look again', () => {
    const known = { told: told('open', { isUnverified: true }) };

    expect(toldAfterSettling(entry(known), OPEN)).toEqual(told('open'));
    expect(toldAfterSettling(entry(known), UNVERIFIED)).toEqual(known.told);
  });
});
