/** Requests at once: far below the 1,000 writes per second of one partition, which the findings of a cluster share. */
const CONCURRENCY = 8;

/** Acts on every item, several at once. After a failure nothing new is begun; it is thrown when all that ran has ended. */
export const inParallel = async <T>(items: readonly T[], act: (item: T) => Promise<unknown>): Promise<void> => {
  const left = items.values();
  let failed = false;
  const work = async (): Promise<void> => {
    for (const item of left) {
      if (failed) return;
      try {
        await act(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: CONCURRENCY }, work));
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
};
