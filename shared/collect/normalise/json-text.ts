export type JsonText = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly found: string };

/** V8's message quotes the source, which may hold anything: only the place is told. */
const describeProblem = (error: unknown): string => {
  const message = error instanceof Error ? error.message : '';
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return `an error at position ${position}`;
  return message.includes('end of JSON input') ? 'an early end' : 'other text';
};

/** A JSON document, with or without byte order mark, or in words what stood there instead. */
export const parseJsonText = (text: string): JsonText => {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (source.trim() === '') return { ok: false, found: 'an empty file' };
  try {
    return { ok: true, value: JSON.parse(source) };
  } catch (error) {
    return { ok: false, found: describeProblem(error) };
  }
};
