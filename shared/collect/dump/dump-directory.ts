import { parseJsonText } from '../normalise/json-text.ts';
import { classifyError, type Failure } from './classify-error.ts';
import { openDumpFiles, type DumpFiles, type Unusable } from './dump-files.ts';

/** What a dump holds of one call. */
export type Look = { readonly file: string } & (
  | { readonly kind: 'answered'; readonly value: unknown }
  /** It left its standard error. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Nobody asked. */
  | { readonly kind: 'missing' }
  | Unusable
);

export interface DumpDirectory extends DumpFiles {
  /** `<name>.json` or else `<name>.error`; `name` is relative and has no ending. */
  readonly look: (name: string) => Promise<Look>;
}

const lookAt = async (files: DumpFiles, name: string): Promise<Look> => {
  const answer = `${name}.json`;
  const error = `${name}.error`;
  const answered = await files.text(answer);
  const failed = await files.text(error);
  if (answered.kind !== 'missing' && failed.kind !== 'missing') {
    return { kind: 'unusable', file: answer, expected: `this or ${error}`, found: 'both' };
  }
  if (answered.kind === 'unusable') return { ...answered, file: answer };
  if (failed.kind === 'unusable') return { ...failed, file: error };
  if (answered.kind === 'text') {
    const parsed = parseJsonText(answered.text);
    return parsed.ok
      ? { kind: 'answered', file: answer, value: parsed.value }
      : { kind: 'unusable', file: answer, expected: 'JSON', found: parsed.found };
  }
  return failed.kind === 'text'
    ? { kind: 'failed', file: error, failure: classifyError(failed.text) }
    : { kind: 'missing', file: answer };
};

/**
 * Opens a dump directory; see `openDumpFiles` for what it refuses.
 * @throws ImportError where the directory itself cannot be opened.
 */
export const openDump = async (dir: string): Promise<DumpDirectory> => {
  const files = await openDumpFiles(dir);
  return { ...files, look: (name) => lookAt(files, name) };
};
