import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { instanceTypesModule } from '../../infra/generate/instance-types.ts';
import { INSTANCE_TYPE_ROWS, INSTANCE_TYPES_SOURCE } from '../../shared/collect/instance-types.generated.ts';

test('the committed table is the generated one', async () => {
  const committed = new URL('../../shared/collect/instance-types.generated.ts', import.meta.url);
  expect(await readFile(committed, 'utf8')).toBe(await instanceTypesModule());
});

test('it names its commit and date, and each type once', () => {
  expect(INSTANCE_TYPES_SOURCE).toBe('amazon-vpc-resource-controller-k8s b8d425119bdb of 2026-03-20');
  const names = INSTANCE_TYPE_ROWS.flatMap(([, , , , , of]) => of.split(' '));
  expect(names).toHaveLength(1164);
  expect(new Set(names).size).toBe(1164);
});

test('a type without a trunk has no branch interface, and one with a trunk has some', () => {
  for (const [, trunking, branches, , , names] of INSTANCE_TYPE_ROWS) {
    expect({ names, has: branches > 0 }).toEqual({ names, has: trunking === 'yes' });
  }
});
