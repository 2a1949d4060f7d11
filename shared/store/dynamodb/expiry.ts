import type { Item } from './table.ts';

const DAY_SECONDS = 86_400;

/** For the attribute `TTL_ATTRIBUTE`: Unix seconds. */
export const afterDays = (now: Date, days: number): number => Math.floor(now.getTime() / 1000) + days * DAY_SECONDS;

/** DynamoDB deletes an expired item some day; nobody may depend on which. */
export const isExpired = ({ expiresAt }: Item, now: Date): boolean =>
  typeof expiresAt === 'number' && expiresAt * 1000 <= now.getTime();
