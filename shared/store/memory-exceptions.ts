import type { Exception } from '../model/exception.ts';
import { type ExceptionsStore, subjectKey } from './exceptions.ts';

/** Remembers for as long as the process lives. */
export const memoryExceptions = (): ExceptionsStore => {
  const held = new Map<string, Exception>();
  return {
    put: (exception) => {
      held.set(subjectKey(exception), exception);
      return Promise.resolve();
    },
    list: () => Promise.resolve([...held].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, exception]) => exception)),
    delete: (subject) => {
      held.delete(subjectKey(subject));
      return Promise.resolve();
    },
  };
};
