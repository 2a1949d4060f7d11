import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBook, EMPTY_HISTORY, observe } from '../../../shared/verdicts/resolve/index.ts';
import type { AddressHistory } from '../../../shared/verdicts/resolve/index.ts';
import { facts, pod } from '../../support/cluster.ts';

const T0 = Date.parse('2026-11-20T09:00:00Z');
const SECOND = 1000;
/** https://github.com/aws/amazon-vpc-cni-k8s README, `IP_COOLDOWN_PERIOD`: the default. */
const COOLDOWN = 30 * SECOND;
const BEFORE = 5 * SECOND;
const AFTER = SECOND;

interface Life {
  readonly name: string;
  /** [start, end), milliseconds. */
  readonly start: number;
  readonly end: number;
}

/** Pods that have one address after another. */
const anyLives = fc
  .array(fc.record({ idle: fc.integer({ min: 0, max: 600 }), life: fc.integer({ min: 1, max: 900 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((spans) => {
    const lives: Life[] = [];
    let at = T0;
    for (const [index, { idle, life }] of spans.entries()) {
      const start = at + COOLDOWN + idle * SECOND;
      lives.push({ name: `web-${index}`, start, end: start + life * SECOND });
      at = start + life * SECOND;
    }
    return lives;
  });

const listedAt = (lives: readonly Life[], at: number, history: AddressHistory): AddressHistory =>
  observe(history, {
    observedAt: at,
    complete: { pods: true },
    pods: lives
      .filter(({ start, end }) => start <= at && at < end)
      .map(({ name, start }) =>
        pod({ namespace: 'shop', name, uid: name, podIPs: ['10.0.1.20'], createdAt: new Date(start).toISOString() }),
      ),
  });

const scenario = fc.record({
  lives: anyLives,
  listings: fc.array(fc.integer({ min: 0, max: 9000 }), { maxLength: 12 }),
  asked: fc.integer({ min: 0, max: 9000 }),
});

describe('an address that one pod has after another', () => {
  it('is never said to be exactly the pod of another time, and in between is nobody’s', () => {
    fc.assert(
      fc.property(scenario, ({ lives, listings, asked }) => {
        const end = Math.max(...lives.map((life) => life.end)) + 1;
        const times = [...listings.map((second) => T0 + second * SECOND), end];
        const history = times.reduce((known, time) => listedAt(lives, time, known), EMPTY_HISTORY);
        const at = T0 + asked * SECOND;
        const { certainty, owners } = addressBook({ facts: facts({}), history }).resolve('10.0.1.20', at);
        const named = lives.filter(({ name }) => owners.some((owner) => owner.kind === 'pod' && owner.name === name));
        const begun = named.filter(({ start }) => start <= at + AFTER);
        expect(begun).toEqual(named);
        const then = lives.filter((life) => life.start <= at + AFTER && life.end > at - BEFORE);
        const isExact = certainty === 'exact' && named.length > 0;
        expect(isExact && !named.every((life) => then.includes(life))).toBe(false);
        expect(isExact && then.length === 0).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
