import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ResourceType } from '../../shared/model/outcome.ts';
import { findingId } from '../../shared/reconcile/identity.ts';

/** Few pieces, so that the parts of different keys often join to the same text. */
const text = fc.oneof(
  fc
    .array(fc.constantFrom('', 'a', '/', ',', '"', '\\', '","', ':', ' ', '\u0000', 'é', 'e\u0301', '🚀', '\ud800'), {
      maxLength: 3,
    })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

const type = fc.constantFrom<ResourceType>(
  'cluster',
  'node',
  'addon',
  'daemonset',
  'configmap',
  'namespace',
  'nodegroup',
);

const key = fc.tuple(text, text, text, text, text, type, text);
type Key = readonly [string, string, string, string, string, ResourceType, string];

const idOf = ([partition, account, region, name, check, type, id]: Key): string =>
  findingId({ partition, account, region, name }, check, { type, id, name: id });

const digestOf = (each: Key): string => idOf(each).slice(-64);

it('different keys have different ids, and different digests, whatever stands in them', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const same = a.every((part, index) => part === b[index]);

      expect(idOf(a) === idOf(b)).toBe(same);
      expect(digestOf(a) === digestOf(b)).toBe(same);
    }),
    { numRuns: 2000 },
  );
});

it('keys whose parts join to the same text have different ids', () => {
  const split = fc.tuple(fc.string({ minLength: 2 }), fc.nat(), fc.nat());
  fc.assert(
    fc.property(split, ([joined, first, second]) => {
      const [at, other] = [first % (joined.length + 1), second % (joined.length + 1)];
      const cut = (position: number): Key => [
        'aws',
        '1',
        'r',
        joined.slice(0, position),
        joined.slice(position),
        'node',
        '',
      ];

      expect(idOf(cut(at)) === idOf(cut(other))).toBe(at === other);
    }),
  );
});
