import * as fc from 'fast-check';
import type { Shape, Struct } from '../../../shared/runtime/aws/xml-answer.ts';

const TIME = fc
  .date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

const TEXT = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', '"', "'", ']]>', '\n', '\r', '\r\n', '\t', ' ', 'ü', '😀', 'a', '\u0001'),
  }),
  fc.constantFrom('', ' ', '\n', '</item>', '<!--', '&amp;', 'aws:ec2launchtemplate:id', '__proto__'),
);

/** What may be said in another way without meaning anything else. */
type Way = fc.Arbitrary<(text: string) => string>;

const NAMES: { readonly [character: string]: string } = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (it) => `&${NAMES[it] ?? ''};`);
// By code unit and below the surrogates: the SDK cuts greater numbers to 16 bits.
const numbered = (radix: 10 | 16, text: string): string =>
  text.replaceAll(/[^\ud800-\udfff]/g, (it) => `&#${radix === 16 ? 'x' : ''}${it.charCodeAt(0).toString(radix)};`);

const textWay: Way = fc.constantFrom(
  escaped,
  (text: string) => numbered(10, text),
  (text: string) => numbered(16, text),
  (text: string) => (text.includes(']]>') ? escaped(text) : `<![CDATA[${text}]]>`),
  (text: string) => `${escaped(text.slice(0, 3))}<!-- </key> -->${escaped(text.slice(3))}`,
);

// Never without a line break: of an element with a space before its children the SDK keeps the space alone.
const SPACE = fc.constantFrom('', '', '', '\n', '\n   ', '\r\n\t', '<!-- <item> -->', '<?x </item>?>');

/** Elements of which neither the SDK nor we know anything. */
const NOISE_NAMES = ['x', 'item', 'foo-bar', 'ns:thing', 'toString', 'reservationSets'];
const noise: fc.Arbitrary<string> = fc.letrec<{ element: string }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...NOISE_NAMES).map((name) => `<${name}/>`),
    fc
      .tuple(fc.constantFrom(...NOISE_NAMES), TEXT, fc.constantFrom('', ' a="<b> > &amp;"', " b='/>' "))
      .map(([name, text, attributes]) => `<${name}${attributes.replace('<b>', '')}>${escaped(text)}</${name} >`),
    fc
      .tuple(fc.constantFrom(...NOISE_NAMES), fc.array(tie('element'), { maxLength: 3 }), SPACE)
      .map(([name, inner, space]) => `<${name}>${inner.join(space)}${space}<![CDATA[</${name}>]]></${name}>`),
  ),
})).element;

const element = (name: string, inner: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(inner, fc.boolean(), fc.constantFrom('', ' ', '\n'))
    .map(([text, short, space]) =>
      text === '' && short ? `<${name}${space}/>` : `<${name}${space}>${text}</${name}${space}>`,
    );

const content = (shape: Shape): fc.Arbitrary<string> => {
  switch (shape.kind) {
    case 'text':
      return fc.tuple(TEXT, textWay).map(([text, way]) => way(text));
    case 'time':
      return TIME;
    case 'list':
      return fc
        .tuple(fc.array(element('item', content(shape.item)), { maxLength: 4 }), SPACE)
        .map(([items, space]) => items.map((item) => `${space}${item}`).join('') + space);
    case 'struct': {
      const members = shape.members.map(({ tag, shape: inner }) =>
        fc.option(element(tag.toString(), content(inner)), { nil: '' }),
      );
      return fc
        .tuple(fc.tuple(...members), fc.array(noise, { maxLength: 2 }), SPACE)
        .chain(([known, unknown, space]) =>
          fc
            .shuffledSubarray([...known, ...unknown], { minLength: known.length + unknown.length })
            .map((all) => all.join(space)),
        );
    }
  }
};

/** A well-formed answer of this shape, in any of the ways XML has of writing it. */
export const arbitraryAnswer = (root: string, shape: Struct): fc.Arbitrary<string> =>
  content(shape).map(
    (inner) =>
      `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${inner}</${root}>\n`,
  );
