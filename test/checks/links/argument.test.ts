import { describe, expect, it } from 'vitest';
import { expandArgument, writtenFlag } from '../../../shared/checks/links/argument.ts';

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
