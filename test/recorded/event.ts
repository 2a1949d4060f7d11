import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const DIRECTORY = join(import.meta.dirname, 'events');

/** One of the events in `events/`, by its file's name. */
export const recordedEvent = (name: string): { readonly [key: string]: unknown } =>
  // Each file holds one JSON object.
  JSON.parse(readFileSync(join(DIRECTORY, `${name}.json`), 'utf8')) as { readonly [key: string]: unknown };

/** The data of a CloudWatch Logs subscription: base64 of gzip of the document. */
export const subscriptionData = (document: unknown): string =>
  gzipSync(Buffer.from(JSON.stringify(document), 'utf8')).toString('base64');
