import { StoreError } from '../../../shared/store/port.ts';
import type { Table } from '../../../shared/store/dynamodb/table.ts';

/**
 * What becomes of one request. `refused`: nothing is done, and it is said. `cut`: it is done, and the connection breaks
 * before the answer. `repeated`: it is done, the answer gets lost, and the SDK asks again. `dies-before` and
 * `dies-after`: so does the process, and nothing of it is heard again.
 */
export type Fate = 'done' | 'refused' | 'cut' | 'repeated' | 'dies-before' | 'dies-after';

/** The end of a process: no code of ours can go on after it. */
export class ProcessDeath extends Error {
  override readonly name = 'ProcessDeath';
}

export interface Faults {
  readonly onRead: () => Fate;
  readonly onWrite: () => Fate;
  /** Before every request; where several processes share the table, this decides whose turn it is. */
  readonly turn?: () => Promise<unknown>;
}

/** The table as one process sees it. */
export const faultyTable = (table: Table, { onRead, onWrite, turn = async () => undefined }: Faults): Table => {
  let dead = false;
  const request = async <T>(fate: () => Fate, act: () => Promise<T>): Promise<T> => {
    await turn();
    if (dead) throw new ProcessDeath('this process is dead');
    const is = fate();
    if (is === 'refused') throw new StoreError('refused: ProvisionedThroughputExceededException');
    dead = is === 'dies-before' || is === 'dies-after';
    if (is === 'dies-before') throw new ProcessDeath('died before the request');
    const answer = await act();
    if (is === 'cut') throw new StoreError('cut: socket hang up');
    if (is === 'dies-after') throw new ProcessDeath('died after the request');
    return is === 'repeated' ? act() : answer;
  };

  return {
    place: table.place,
    get: async (key) => request(onRead, async () => table.get(key)),
    getMany: async (keys) => request(onRead, async () => table.getMany(keys)),
    query: async (pk, range, newest) => request(onRead, async () => table.query(pk, range, newest)),
    queryIndex: async (index, pk, range) => request(onRead, async () => table.queryIndex(index, pk, range)),
    put: async (item, guard) => request(onWrite, async () => table.put(item, guard)),
    delete: async (key) => request(onWrite, async () => table.delete(key)),
  };
};
