import { describe, expect, it } from 'vitest';
import { selectChecks, UnknownCheckError } from '../../shared/evaluate/select-checks.ts';
import { SYNTHETIC_CATALOGUE } from './synthetic-checks.ts';

const selected = (...patterns: readonly string[]): readonly string[] =>
  selectChecks(SYNTHETIC_CATALOGUE, patterns).map(({ id }) => id);

describe('selectChecks', () => {
  it('selects every check where there are no patterns', () => {
    expect(selectChecks(SYNTHETIC_CATALOGUE, [])).toBe(SYNTHETIC_CATALOGUE);
  });

  it.each([
    ['fleet/addon-active', ['fleet/addon-active']],
    ['fleet/*', ['fleet/addon-active', 'fleet/namespaces-labelled']],
    ['*ready', ['network-policy/nodes-ready']],
    ['*/n*', ['network-policy/nodes-ready', 'fleet/namespaces-labelled']],
    ['fleet/addon?active', ['fleet/addon-active']],
    [
      '**',
      [
        'network-policy/nodes-ready',
        'fleet/addon-active',
        'fleet/namespaces-labelled',
        'network-policy/throws-on-broken',
      ],
    ],
  ])('takes %s as a glob over whole ids', (pattern, ids) => {
    expect(selected(pattern)).toEqual(ids);
  });

  it('selects what any pattern matches, once, in the order of the catalogue', () => {
    expect(selected('fleet/addon-active', '*ready', 'fleet/addon-*')).toEqual([
      'network-policy/nodes-ready',
      'fleet/addon-active',
    ]);
  });

  it('refuses a pattern that matches nothing, and names what is near', () => {
    const select = () => selected('fleet/*', 'network-policy/node-ready');

    expect(select).toThrow(UnknownCheckError);
    expect(select).toThrow(
      "no check matches 'network-policy/node-ready'; nearest: network-policy/nodes-ready, network-policy/throws-on-broken, fleet/namespaces-labelled",
    );
  });

  it.each(['addon-active', 'fleet/addon.active', 'fleet/(addon|pod)-active', 'FLEET/*', ''])(
    'knows no other syntax: %j matches nothing',
    (pattern) => {
      expect(() => selected(pattern)).toThrow(UnknownCheckError);
    },
  );

  it('shows a hostile pattern escaped and bounded', () => {
    expect(() => selected(`\u001b[31m${'x'.repeat(1000)}`)).toThrow(
      `no check matches '\\u{1b}[31m${'x'.repeat(109)}…'; nearest: `,
    );
  });
});
