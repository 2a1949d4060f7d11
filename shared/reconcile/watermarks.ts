import { createHash } from 'node:crypto';
import type { ClusterRecord, Watermark } from '../model/finding.ts';

/** How far one check of one cluster has been examined. */
export interface CheckWatermarks {
  readonly overall: Watermark;
  /**
   * By `lagKey`: the resources which the newest look could not look at. For them `overall` says too much, and an older
   * look may still decide. Without `examinedAt`: never looked at.
   */
  readonly lagging: ReadonlyMap<string, Watermark>;
}

const NEVER: CheckWatermarks = { overall: {}, lagging: new Map() };

/** Negative: `a` is earlier; positive: later; 0: the same instant, however it is written. Missing is before all. */
export const compareInstants = (a: string | undefined, b: string | undefined): number => {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return Date.parse(a) - Date.parse(b);
};

/** 96 bits of a digest: short, and never a hostile name as a key. */
export const lagKey = (resourceKey: string): string =>
  createHash('sha256').update(resourceKey, 'utf8').digest('base64url').slice(0, 16);

/** When the resource was last decided; undefined where it never was. */
export const decidedAt = ({ overall, lagging }: CheckWatermarks, resourceKey: string): string | undefined => {
  const lag = lagging.size === 0 ? undefined : lagging.get(lagKey(resourceKey));
  return (lag ?? overall).examinedAt;
};

/** The run which since then could not look at this resource although it looked at others; undefined: it is up to date. */
export const passedOverAt = ({ overall, lagging }: CheckWatermarks, resourceKey: string): string | undefined =>
  lagging.size > 0 && lagging.has(lagKey(resourceKey)) ? overall.examinedAt : undefined;

/** A run could not look at all. One that is not newer than the newest look says nothing. */
export const withoutLook = (before: CheckWatermarks, takenAt: string): CheckWatermarks => {
  const { examinedAt, unverifiedSince } = before.overall;
  if (compareInstants(takenAt, examinedAt) <= 0) return before;
  if (unverifiedSince !== undefined && compareInstants(unverifiedSince, takenAt) <= 0) return before;
  return { ...before, overall: { ...before.overall, unverifiedSince: takenAt } };
};

/** A run looked at every resource but those in `notLooked` (keys by `lagKey`). */
export const withLook = (before: CheckWatermarks, notLooked: ReadonlySet<string>, takenAt: string): CheckWatermarks => {
  const { examinedAt, unverifiedSince } = before.overall;
  const lagging = new Map<string, Watermark>();
  if (compareInstants(takenAt, examinedAt) > 0) {
    const upToDate: Watermark = examinedAt === undefined ? {} : { examinedAt };
    for (const key of notLooked) lagging.set(key, before.lagging.get(key) ?? upToDate);
    const still = compareInstants(unverifiedSince, takenAt) > 0 && unverifiedSince !== undefined;
    return { overall: { examinedAt: takenAt, ...(still ? { unverifiedSince } : {}) }, lagging };
  }
  for (const [key, lag] of before.lagging) {
    if (notLooked.has(key) || compareInstants(takenAt, lag.examinedAt) <= 0) lagging.set(key, lag);
    // At the same instant as the newest look, the resource is no longer behind it.
    else if (compareInstants(takenAt, examinedAt) < 0) lagging.set(key, { examinedAt: takenAt });
  }
  return { overall: before.overall, lagging };
};

/**
 * In the record a check's own watermark stands under its id, and one of a lagging resource under `<check id> <lagKey>`:
 * check ids hold no space.
 */
export const readWatermarks = (stored: ClusterRecord['watermarks']): ReadonlyMap<string, CheckWatermarks> => {
  const byCheck = new Map<string, { overall: Watermark; lagging: Map<string, Watermark> }>();
  for (const [key, watermark] of Object.entries(stored)) {
    const space = key.indexOf(' ');
    const check = space === -1 ? key : key.slice(0, space);
    const entry = byCheck.get(check) ?? { overall: {}, lagging: new Map<string, Watermark>() };
    if (space === -1) entry.overall = watermark;
    else entry.lagging.set(key.slice(space + 1), watermark);
    byCheck.set(check, entry);
  }
  return byCheck;
};

export const writeWatermarks = (byCheck: ReadonlyMap<string, CheckWatermarks>): ClusterRecord['watermarks'] =>
  Object.fromEntries(
    [...byCheck].flatMap(([check, { overall, lagging }]) => [
      [check, overall] as const,
      ...[...lagging].map(([key, watermark]) => [`${check} ${key}`, watermark] as const),
    ]),
  );

export const watermarksOf = (byCheck: ReadonlyMap<string, CheckWatermarks>, check: string): CheckWatermarks =>
  byCheck.get(check) ?? NEVER;
