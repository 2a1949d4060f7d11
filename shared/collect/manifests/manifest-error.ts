import { MAX_LINE } from '../normalise/bounded.ts';
import { oneLine } from '../normalise/one-line.ts';

/** Room for the file's name in a message; the whole name is in `file`. */
const MAX_FILE = 120;

/** Where an object was written: a file, and the number of the document in it, the first being 1. */
export interface Origin {
  readonly file: string;
  readonly document: number;
}

export const originText = ({ file, document }: Origin): string => `${oneLine(file, MAX_FILE)}: document ${document}`;

/** Thrown where a manifest cannot be read, or is none that the API server would take. The message is one bounded line. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly file: string;
  /** Inside the document, `spec.ingress[0].from[1]`; empty for the whole of it. */
  readonly path: string;
  readonly expected: string;

  /** @param where a file, or a document of one */
  constructor(where: string | Origin, path: string, expected: string, found: string, cause?: unknown) {
    const place = typeof where === 'string' ? oneLine(where, MAX_FILE) : originText(where);
    const at = path === '' ? place : `${place}: ${path}`;
    super(oneLine(`${at}: expected ${expected}, found ${found}`, MAX_LINE), cause === undefined ? {} : { cause });
    this.file = typeof where === 'string' ? where : where.file;
    this.path = path;
    this.expected = expected;
  }
}
