import { describe, expect, test } from 'vitest';
import { readAnswer, type Shape, type Struct } from '../../../shared/runtime/aws/xml-answer.ts';
import { XmlAnswerError } from '../../../shared/runtime/aws/xml-cursor.ts';

const text: Shape = { kind: 'text' };
const member = (tag: string, shape: Shape = text) => ({ tag: Buffer.from(tag), name: tag.toUpperCase(), shape });
const struct = (...members: Struct['members']): Struct => ({ kind: 'struct', members });

const SHAPE = struct(
  member('name'),
  member('time', { kind: 'time' }),
  member('set', { kind: 'list', item: struct(member('key'), member('inner', struct(member('value')))) }),
);

const scan = (inner: string | Buffer): unknown =>
  readAnswer(Buffer.concat([Buffer.from('<answer>'), Buffer.from(inner), Buffer.from('</answer>')]), 'answer', SHAPE);

const whole = (document: string): unknown => readAnswer(Buffer.from(document), 'answer', SHAPE);

const problemOf = (read: () => unknown): string => {
  try {
    return `read ${JSON.stringify(read())}`;
  } catch (error) {
    return error instanceof XmlAnswerError ? error.message : `not ours: ${String(error)}`;
  }
};

describe('an answer', () => {
  test('gives the fields asked for, of nested sets too, and nothing else', () => {
    expect(
      scan(
        '<requestId>r</requestId><name>a</name><set><item><key>k</key><other><key>no</key></other>' +
          '<inner><value>v</value></inner></item><item/></set><time>2026-11-21T09:00:00.5Z</time>',
      ),
    ).toEqual({
      NAME: 'a',
      SET: [{ KEY: 'k', INNER: { VALUE: 'v' } }, {}],
      TIME: new Date('2026-11-21T09:00:00.500Z'),
    });
  });

  test('leaves out what is not there, and keeps an empty text and an empty list', () => {
    expect(scan('')).toEqual({});
    expect(scan('<name/><set/>')).toEqual({ NAME: '', SET: [] });
    expect(scan('<name></name><set>\n</set>')).toEqual({ NAME: '', SET: [] });
  });

  test.each([
    ['the five entities', '&lt;&gt;&amp;&quot;&apos;', '<>&"\''],
    ['numbers', '&#65;&#x42;&#xfc;', 'ABü'],
    ['a number beyond 16 bits, which the SDK cuts off', '&#x1F600;', '😀'],
    ['an entity only once', '&amp;lt;', '&lt;'],
    ['CDATA as it stands', 'a<![CDATA[<b>&amp;]]>c', 'a<b>&amp;c'],
    ['a comment as nothing', 'a<!-- </name> -->b', 'ab'],
    ['an instruction as nothing', 'a<?x </name>?>b', 'ab'],
    ['letters of any script', 'Zürich 東京', 'Zürich 東京'],
    ['line breaks as one character', 'a\r\nb\rc', 'a\nb\nc'],
    ['space that is the value', '  ', '  '],
    ['layout as nothing', '\n    ', ''],
    ['a bracket that closes nothing', 'a]]b>c', 'a]]b>c'],
  ])('reads %s', (_what, written, value) => {
    expect(scan(`<name>${written}</name>`)).toEqual({ NAME: value });
  });

  test('passes over prolog, comments and attributes', () => {
    expect(
      whole(
        '<?xml version="1.0"?>\n<!-- <answer> -->\n<answer xmlns="http://x/" a=\'>\'><name b="/>">n</name ></answer>\n<!-- -->\n',
      ),
    ).toEqual({ NAME: 'n' });
  });

  test('keeps names of a prototype in their place', () => {
    expect(scan('<__proto__><name>p</name></__proto__><constructor/><name>n</name>')).toEqual({ NAME: 'n' });
    expect(Object.prototype).not.toHaveProperty('NAME');
  });

  test('makes strings that do not hold on to the body', () => {
    const body = Buffer.from(`<answer><name>${'n'.repeat(20)}</name></answer>`);
    const read = readAnswer(body, 'answer', SHAPE);
    body.fill('x');
    expect(read).toEqual({ NAME: 'n'.repeat(20) });
  });
});

describe('an answer that is not what was promised is an error', () => {
  test.each([
    ['nothing', '', 'byte 0 of 0: expected <answer>'],
    ['a text', 'upstream error', 'byte 0 of 14: expected <answer>'],
    ['another document', '<html></html>', 'byte 6 of 13: expected <answer>'],
    ['an error in an answer that says 200', '<Response><Errors/></Response>', 'byte 10 of 30: expected <answer>'],
    ['a longer name', '<answers></answers>', 'byte 9 of 19: expected <answer>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><answer/>', 'byte 0 of 39: expected the name of an element'],
    ['something behind it', '<answer/><answer/>', 'byte 9 of 18: expected the end of the document'],
    ['no end', '<answer>', 'byte 8 of 8: expected an element'],
    ['an end in a tag', '<answer><name', 'byte 8 of 13: expected the name of an element'],
    ['an end in an attribute', '<answer a="', 'byte 11 of 11: expected "'],
    ['an end in a comment', '<answer><!-- ', 'byte 12 of 13: expected -->'],
    ['an end in a text', '<answer><name>a', 'byte 15 of 15: expected </name>'],
    ['an end in what is passed over', '<answer><x><y>a</y>', 'byte 19 of 19: expected </x>'],
  ])('%s', (_what, document, problem) => {
    expect(problemOf(() => whole(document))).toBe(problem);
  });

  test.each([
    ['an end tag of another element', '<name>a</nam></answer>', 'byte 15 of 39: expected </name>'],
    ['a longer end tag', '<name>a</names>', 'byte 15 of 32: expected </name>'],
    ['crossed tags in what is passed over', '<x><y></x></y>', 'byte 14 of 31: expected </y>'],
    ['an element in a text', '<name><b/></name>', 'byte 14 of 34: expected </name>'],
    ['a text between elements', 'a<name/>', 'byte 8 of 25: expected an element'],
    ['a text instead of a set', '<set>a</set>', 'byte 13 of 29: expected an element'],
    ['a set of something else', '<set><member/></set>', 'byte 22 of 37: expected <item> before here'],
    ['a field that comes twice', '<name/><name/>', 'byte 22 of 31: expected one <name>, not two, before here'],
    [
      'an unknown entity',
      '<name>&nbsp;</name>',
      'byte 20 of 36: expected an entity that XML itself defines before here',
    ],
    ['a bare ampersand', '<name>a & b</name>', 'byte 19 of 35: expected an entity that XML itself defines before here'],
    [
      'a number that no character has',
      '<name>&#x110000;</name>',
      'byte 24 of 40: expected an entity that XML itself defines before here',
    ],
    ['a time that is none', '<time>yesterday</time>', 'byte 30 of 39: expected an RFC 3339 time before here'],
    ['a day that is none', '<time>2026-13-01T00:00:00Z</time>', 'byte 41 of 50: expected an RFC 3339 time before here'],
    ['a tag without a name', '< name/>', 'byte 8 of 25: expected the name of an element'],
    ['a tag that a tag follows', '<name <b>', 'byte 15 of 26: expected the end of a tag'],
    ['a slash in a tag', '<name / >', 'byte 15 of 26: expected />'],
  ])('%s', (_what, inner, problem) => {
    expect(problemOf(() => scan(inner))).toBe(problem);
  });

  test('bytes that are not UTF-8', () => {
    expect(problemOf(() => scan(Buffer.from([0x3c, 0xff, 0x3e])))).toBe('expected UTF-8');
  });

  test('elements in one another beyond measure, in constant time and without a stack', () => {
    expect(problemOf(() => scan('<x>'.repeat(1_000_000)))).toBe(
      'byte 311 of 3000017: expected at most 100 elements in one another',
    );
    expect(scan(`${'<x>'.repeat(100)}${'</x>'.repeat(100)}<name/>`)).toEqual({ NAME: '' });
  });
});
