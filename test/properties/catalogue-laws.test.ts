import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../shared/checks/catalogue.generated.ts';
import { importDump } from '../../shared/collect/dump/import-dump.ts';
import { needsLaw, orderLaw } from '../support/laws.ts';

const FLEET = join(import.meta.dirname, '../fleet');
const dumps = readdirSync(FLEET, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

it('has clusters to try the catalogue on', () => {
  expect(dumps.length).toBeGreaterThan(0);
});

describe.each(dumps)('the catalogue over %s', (name) => {
  it('says what is missing when a fact is taken away, and changes nothing else', async () => {
    const snapshot = await importDump(join(FLEET, name));

    expect(() => needsLaw(CATALOGUE, [snapshot])).not.toThrow();
  });

  it('judges the same in every order of checks and lists', async () => {
    const snapshot = await importDump(join(FLEET, name));

    expect(() => orderLaw(CATALOGUE, [snapshot])).not.toThrow();
  });
});
