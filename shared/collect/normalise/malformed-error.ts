import { oneLine } from './one-line.ts';

/** Thrown where a vendor's answer is not what its documentation promises. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
  /** Where in the answer: `items[3].status.nodeInfo.kernelVersion`; empty for the whole of it. */
  readonly path: string;
  readonly expected: string;
  /** What stood there: its type, or its text bounded and quoted. */
  readonly found: string;

  constructor(path: string, expected: string, found: string) {
    super(oneLine(`${path === '' ? 'the whole document' : path}: expected ${expected}, found ${found}`));
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}
