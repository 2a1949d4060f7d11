import { describe, expect, it } from 'vitest';
import { expandArgument, writtenFlag } from '../../../shared/checks/links/argument.ts';
import { isUnresolved } from '../../../shared/model/unresolved-env.ts';

const env = { ON: 'true', EMPTY: '', OTHER: 'x$(ON)' };

describe('expandArgument', () => {
  it.each([
    ['--a=true', '--a=true'],
    ['--a=$(ON)', '--a=true'],
    ['--a=$(EMPTY)b', '--a=b'],
    ['$(ON)$(ON)', 'truetrue'],
    ['--a=$$(ON)', '--a=$(ON)'],
    ['--a=$$$(ON)', '--a=$true'],
    ['$ON costs $5', '$ON costs $5'],
    ['--a=$(ON', '--a=$(ON'],
  ])('%s is %s', (argument, expanded) => {
    expect(expandArgument(argument, { env })).toBe(expanded);
  });

  it.each(['--a=$(UNREAD)', '--a=$(ON)$(UNREAD)', '--a=$(OTHER)', '--a=$(constructor)', '--a=$()'])(
    '%s is not known',
    (argument) => {
      expect(expandArgument(argument, { env })).toBeUndefined();
    },
  );
});

describe('isUnresolved', () => {
  it('of a variable whose value stands elsewhere, and of no other', () => {
    const container = { env: { ON: 'true' }, unresolvedEnv: ['NODE'] };
    expect(['NODE', 'ON', 'NEITHER'].map((name) => isUnresolved(container, name))).toEqual([true, false, false]);
  });

  it('of every variable that is not literal, where whole ConfigMaps are taken in', () => {
    const container = { env: { ON: 'true' }, unresolvedEnv: 'any' } as const;
    expect(['NODE', 'ON', 'constructor'].map((name) => isUnresolved(container, name))).toEqual([true, false, true]);
  });

  it('of none where all are literal, or there is no container', () => {
    expect(isUnresolved({ env: {} }, 'NODE')).toBe(false);
    expect(isUnresolved(undefined, 'NODE')).toBe(false);
  });
});

describe('writtenFlag', () => {
  it('knows the name before a value', () => {
    expect(writtenFlag('--enable-ipv6=$(X)')).toEqual({ name: 'enable-ipv6' });
  });

  it('does not know a name that a variable is part of', () => {
    expect(writtenFlag('$(X)')).toEqual({ name: undefined });
    expect(writtenFlag('--enable-$(X)=true')).toEqual({ name: undefined });
  });

  it('takes a word with a variable in its value alone for no flag', () => {
    expect(writtenFlag('name=$(X)')).toBeUndefined();
  });
});
