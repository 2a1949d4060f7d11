/** Wires what is stored about findings, in a directory or in the service's table, for those who ask or decide. */
import { join } from 'node:path';
import type { Finding } from './model/finding.ts';
import type { ExceptionsStore } from './store/exceptions.ts';
import { EXCEPTIONS_FILE, fileExceptions } from './store/file-exceptions.ts';
import { fileStore } from './store/file-store.ts';
import { type FindingsQueries, queriesOf } from './store/queries.ts';

/** What the store knows of a finding's last change beside the finding. */
export interface Stamp {
  readonly sequence: number;
  /** RFC 3339: when it was committed. */
  readonly at: string;
  readonly owner?: string;
}

/** Where findings are kept. */
export interface FindingsPlace {
  /** What messages call it. */
  readonly name: string;
  readonly queries: FindingsQueries;
  readonly exceptions: ExceptionsStore;
  /** By finding's id; one of which nothing is known is left out. */
  readonly stamps: (findings: readonly Finding[]) => Promise<ReadonlyMap<string, Stamp>>;
}

/** The document of exceptions in a state directory. */
export const stateExceptions = (directory: string): ExceptionsStore => fileExceptions(join(directory, EXCEPTIONS_FILE));

/** The file store of the command line. It records neither who owns a finding nor a sequence. */
export const findingsInDirectory = (directory: string, exceptionsFile?: string): FindingsPlace => ({
  name: directory,
  queries: queriesOf(fileStore(directory), () => undefined),
  exceptions: exceptionsFile === undefined ? stateExceptions(directory) : fileExceptions(exceptionsFile),
  stamps: () => Promise.resolve(new Map()),
});

export { inOrder, moveOf } from './store/queries.ts';
