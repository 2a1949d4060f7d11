import { expect, it } from 'vitest';
import { nearNames } from '../../shared/evaluate/near-names.ts';

const IDS = [
  'fleet/kubernetes-access',
  'network-policy/bpffs-mounted',
  'network-policy/enforced',
  'network-policy/enforcing-mode',
];

it('puts the id with the fewest edits first', () => {
  expect(nearNames('network-policy/enforcd', IDS)[0]).toBe('network-policy/enforced');
});

it('also goes by the part after the section', () => {
  expect(nearNames('bpfs-mounted', IDS)[0]).toBe('network-policy/bpffs-mounted');
});

it('names three, equals by id', () => {
  expect(nearNames('', ['s/c', 's/b', 's/a', 's/dd'])).toEqual(['s/a', 's/b', 's/c']);
});

it('gives what there is', () => {
  expect(nearNames('anything', [])).toEqual([]);
});

it('looks at no more than the beginning of what was typed', () => {
  expect(nearNames('enforced'.padEnd(5_000_000, 'x'), ['network-policy/enforced'])).toEqual([
    'network-policy/enforced',
  ]);
});
