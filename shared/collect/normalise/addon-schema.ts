import * as z from 'zod';
import type { AddonSchema } from '../../model/facts-aws-network.ts';
import type { Json, JsonObject } from '../../model/facts-aws.ts';
import { describeFound } from './expectation.ts';
import { text } from './field.ts';
import { parseJsonText } from './json-text.ts';
import { readJsonValue } from './json-value.ts';
import { MalformedError } from './malformed-error.ts';
import { parse } from './parse.ts';

/** The longest published schema of an add-on is a tenth of it. */
const MAX_SCHEMA = 524_288;

const answer = z.object({ addonVersion: text, configurationSchema: z.string().max(MAX_SCHEMA) });

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * eks:DescribeAddonConfiguration, `{ addonVersion, configurationSchema }`, the schema being a **string** of JSON
 * (https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonConfiguration.html).
 * @throws MalformedError
 */
export const normaliseAddonSchema = (raw: unknown): AddonSchema => {
  const { addonVersion, configurationSchema } = parse(answer, raw, '');
  const document = parseJsonText(configurationSchema);
  if (!document.ok) throw new MalformedError('configurationSchema', 'JSON', document.found);
  const reading = readJsonValue(document.value);
  if (!reading.ok) throw new MalformedError('configurationSchema', 'JSON of an ordinary size', reading.problem);
  if (!isObject(reading.value)) {
    throw new MalformedError('configurationSchema', 'JSON object', describeFound(reading.value));
  }
  return { addonVersion, schema: reading.value };
};
