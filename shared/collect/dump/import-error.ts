import { oneLine } from '../normalise/one-line.ts';

/** Thrown where a dump directory as a whole is of no use: nobody can tell which cluster it is of, or of when. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
  /** With the directory, as it was given. */
  readonly file: string;
  /** JSON path inside the file; empty for the whole of it. */
  readonly path: string;
  readonly expected: string;

  constructor(file: string, path: string, expected: string, found: string, cause?: unknown) {
    const where = path === '' ? file : `${file}: ${path}`;
    super(oneLine(`${where}: expected ${expected}, found ${found}`), cause === undefined ? {} : { cause });
    this.file = file;
    this.path = path;
    this.expected = expected;
  }
}
