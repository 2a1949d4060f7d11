import { readFile, writeFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateSnapshotSchema } from '../../../infra/generate/snapshot-schema.ts';
import { encodeSnapshot, readSnapshot } from '../../../shared/collect/snapshot-file/snapshot-file.ts';
import { FACT_KEYS } from '../../../shared/model/snapshot.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { arbitrarySnapshot } from './arbitrary-snapshot.ts';
import { AT, SAMPLE } from './sample.ts';

const schema = JSON.parse(generateSnapshotSchema()) as { readonly [key: string]: unknown };
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const isValid = (document: unknown): boolean => validate(document);

/** What the schema finds wrong, for a readable failure. */
const faults = (document: unknown): readonly string[] =>
  isValid(document)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
const whole = JSON.parse(encodeSnapshot(SAMPLE)) as { readonly [key: string]: unknown };

describe('the published JSON Schema', () => {
  test('is the committed file', async () => {
    const committed = await readFile(new URL('../../../docs/snapshot.schema.json', import.meta.url), 'utf8');
    expect(generateSnapshotSchema()).toBe(committed);
  });

  test('names itself, its dialect and every fact', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://netpol-warden.dev/schema/snapshot/v1.json',
      title: 'Netpol Warden snapshot',
      required: ['schemaVersion', 'cluster', 'takenAt', 'facts'],
    });
    expect(schema).toHaveProperty(
      'properties.facts.properties',
      Object.fromEntries(FACT_KEYS.map((key) => [key, expect.anything()])),
    );
  });

  test('accepts every snapshot that is written', () => {
    fc.assert(
      fc.property(arbitrarySnapshot, (snapshot) => {
        expect(faults(JSON.parse(encodeSnapshot(snapshot)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    { name: 'another version', change: { schemaVersion: 2 } },
    { name: 'no cluster', change: { cluster: undefined } },
    { name: 'a time that is not UTC', change: { takenAt: '2026-11-20T10:00:00+01:00' } },
    { name: 'a state that is none', change: { facts: { 'eks.cluster': { state: 'maybe' } } } },
    {
      name: 'a map of numbers',
      change: {
        facts: { 'kubernetes.amazon-vpc-cni': { state: 'observed', source: 's', observedAt: AT, value: { a: 1 } } },
      },
    },
    {
      name: 'a count below none',
      change: {
        facts: {
          'kubernetes.network-workloads': {
            state: 'observed',
            source: 's',
            observedAt: AT,
            value: [{ kind: 'DaemonSet', namespace: 'a', name: 'b', createdAt: AT, images: [], ready: -1 }],
          },
        },
      },
    },
  ])('refuses $name, as the reader does', ({ change }) => {
    expect(isValid(whole)).toBe(true);
    expect(isValid(JSON.parse(JSON.stringify({ ...whole, ...change })))).toBe(false);
  });

  test('allows what the reader ignores', () => {
    expect(isValid({ ...whole, $schema: 'x', facts: { 'future.fact': 1 } })).toBe(true);
  });
});

describe('the example in docs/snapshots.md', () => {
  test('is a snapshot by schema and by reader', async () => {
    const page = await readFile(new URL('../../../docs/snapshots.md', import.meta.url), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
    expect(faults(JSON.parse(example))).toEqual([]);

    const path = `${await temporaryDirectory()}/example.json`;
    await writeFile(path, example);
    const states = Object.values((await readSnapshot(path)).facts).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['observed', 'absent', 'unobserved']));
  });
});
