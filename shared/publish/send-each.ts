import pLimit from 'p-limit';
import type { Announcement } from '../model/announcement.ts';
import { singleLine } from '../model/single-line.ts';
import type { Delivery } from './port.ts';

const REASON = 400;

/** Names of SDK errors that repeat whatever is tried again with the same item. */
const FINAL = new Set([
  'InvalidParameter',
  'InvalidParameterException',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'ParameterValueInvalid',
  'ValidationException',
  'ValidationError',
]);

/** What an SDK's error means for the item it was about. */
export const failedWith = (id: string, error: unknown): Delivery => {
  const name = error instanceof Error ? error.name : 'UnknownError';
  const reason = singleLine(error instanceof Error ? `${name}: ${error.message}` : String(error), REASON);
  return FINAL.has(name) ? { id, outcome: 'refused', reason } : { id, outcome: 'retry', reason };
};

/** Sends items one by one, some at a time; an item that throws is an answer about that item and no other. */
export const sendEach = async (
  items: readonly Announcement[],
  concurrency: number,
  send: (item: Announcement) => Promise<Delivery>,
): Promise<readonly Delivery[]> => {
  const limit = pLimit(concurrency);
  return Promise.all(
    items.map(async (item) => limit(async () => send(item).catch((error: unknown) => failedWith(item.id, error)))),
  );
};
