import { MAX_LINE } from '../normalise/bounded.ts';
import { oneLine } from '../normalise/one-line.ts';

/** Room for the file's name in a message; the whole name is in `file`. */
const MAX_FILE = 120;

/** Thrown where a snapshot file cannot be read, is none, or breaks the schema. The message is one bounded line. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly file: string;
  /** JSON path inside the file, `facts["kubernetes.nodes"].value[3].uid`; empty for the file itself. */
  readonly path: string;
  readonly expected: string;

  constructor(file: string, path: string, expected: string, found: string, cause?: unknown) {
    const where = path === '' ? oneLine(file, MAX_FILE) : `${oneLine(file, MAX_FILE)}: ${path}`;
    super(oneLine(`${where}: expected ${expected}, found ${found}`, MAX_LINE), cause === undefined ? {} : { cause });
    this.file = file;
    this.path = path;
    this.expected = expected;
  }
}
