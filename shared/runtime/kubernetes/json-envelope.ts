import * as z from 'zod';
import { malformed, messageOf } from './error.ts';
import type { ListEnvelope } from './list-envelope.ts';

/** Where a list keeps its elements: `rows` in a Table, `items` in everything else. */
export type ArrayKey = 'items' | 'rows';

/** Empty by the time it gets here; null is how Go writes a list that was never filled. */
const Elements = z.array(z.never()).nullable();

const Envelope = z.object({
  kind: z.string().default(''),
  metadata: z
    .object({ resourceVersion: z.string().default(''), continue: z.string().default('') })
    .nullish()
    .transform((metadata) => metadata ?? { resourceVersion: '', continue: '' }),
  columnDefinitions: z.array(z.object({ name: z.string() })).nullish(),
});

const Shape = { items: Envelope.extend({ items: Elements }), rows: Envelope.extend({ rows: Elements }) };

/**
 * Reads a page of a list from which the elements were taken out.
 *
 * @throws KubernetesError `malformed` when the text is not JSON or not a list
 */
export const readJsonEnvelope = (text: string, arrayKey: ArrayKey): ListEnvelope => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(`the body is not JSON: ${messageOf(error)}`, error);
  }
  const parsed = Shape[arrayKey].safeParse(value);
  if (!parsed.success) throw malformed(`the body is not a list: ${describe(parsed.error)}`, parsed.error);
  const { columnDefinitions, kind, metadata } = parsed.data;
  return {
    kind,
    resourceVersion: metadata.resourceVersion,
    continueToken: metadata.continue,
    columns: columnDefinitions?.map(({ name }) => name) ?? [],
  };
};

const describe = (error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`).join('; ');
