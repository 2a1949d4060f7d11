import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Json, JsonObject } from '../../../shared/model/facts-aws.ts';

/** A dump directory: contents by path. Bytes are what somebody compressed. */
export type Dump = ReadonlyMap<string, string | Uint8Array>;

export type DumpFile = readonly [path: string, contents: string | Uint8Array];

const indented = (value: Json): string => `${JSON.stringify(value, undefined, 2)}\n`;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** kubectl prints the keys of every object in alphabetical order. */
const sorted = (value: Json): Json => {
  if (isList(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
};

/** The AWS CLI keeps the order of the service's model. */
export const awsFile = (name: string, answer: JsonObject): DumpFile => [`aws/${name}.json`, indented(answer)];

export const kubernetesFile = (name: string, answer: JsonObject): DumpFile => [
  `kubernetes/${name}.json`,
  indented(sorted(answer)),
];

/** What `kubectl get` prints for several objects, or for none. */
export const kubernetesList = (name: string, items: readonly JsonObject[]): DumpFile =>
  kubernetesFile(name, { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });

/** @param exitCode of the command whose standard error this is */
export const errorFile = (path: string, standardError: string, exitCode: number): DumpFile => [
  `${path}.error`,
  `${standardError}\nexit: ${exitCode}\n`,
];

/** Replaces the directory by the dump. */
export const writeDump = async (directory: string, dump: Dump): Promise<void> => {
  await rm(directory, { recursive: true, force: true });
  for (const [path, contents] of dump) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
  }
};
