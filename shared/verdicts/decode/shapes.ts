/**
 * The exact shapes that the hot path learns from. A record of one of these shapes is literal text around six fields;
 * two records with the same literal text differ in nothing but their fields, so what the reference decoder says of one
 * holds for the other. No literal part may hold a quote, a backslash or a control character of its own, or a key twice.
 */

/** Which literals stand between the fields. */
export type Form = 'cloudwatch' | 'keys' | 'text';

/** A record taken apart: `head` time `middle` source … destination port `tail`. */
export interface Shape {
  readonly form: Form;
  readonly head: string;
  readonly time: string;
  readonly middle: string;
  readonly source: string;
  readonly sourcePort: string;
  readonly destination: string;
  readonly destinationPort: string;
  readonly tail: string;
}

/** Between the fields: after source, after source port, after destination. */
export const INNER: { readonly [F in Form]: readonly [string, string, string] } = {
  cloudwatch: [';SPORT: ', ';DIP: ', ';DPORT: '],
  keys: ['","Src Port":', ',"Dest IP":"', '","Dest Port":'],
  text: [' Src Port: ', ' Dest IP: ', ' Dest Port: '],
};

const ADDRESS = '([0-9a-f.:]{1,45})';
const PORT = '(\\d{1,5})';
/** Printable ASCII without quote, comma, semicolon and backslash. */
const WORD = '[!#-+\\-./0-9:<-\\[\\]-~]{1,32}';
const WORDS = `${WORD}(?: ${WORD})?`;
/** A JSON text without escapes, in ASCII. */
const TEXT = '[ !#-\\[\\]-~]*';

const between = (form: Form): string => {
  const [afterSource, afterPort, afterDestination] = INNER[form];
  return `${ADDRESS}${afterSource}${PORT}${afterPort}${ADDRESS}${afterDestination}${PORT}`;
};

const EVENT = new RegExp(
  `^(\\{"id":"[0-?]{56}","timestamp":)([1-9]\\d{12})(,"message":"Node: [A-Za-z0-9.-]{1,253};SIP: )${between('cloudwatch')}` +
    `(;PROTOCOL: ${WORDS};PolicyVerdict: ${WORD}(?:;Tier: ${WORD})?"(?:,"extractedFields":\\{[ !"#-\\[\\]-z|~]*\\})?\\},\\{"id":")$`,
);

const LINE_HEAD = `^(\\{"level":"[a-z]+","(?:ts|timestamp)":")(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z)`;
const LINE_KEYS = `("(?:,"logger":"${TEXT}")?(?:,"caller":"${TEXT}")?,"msg":"Flow Info:`;

const KEYS = new RegExp(
  `${LINE_HEAD}${LINE_KEYS} *","Src IP":")${between('keys')}(,"Proto":"${WORDS}","Verdict":"${WORD}"\\}\\r?\\n)$`,
);

const WORDED = new RegExp(
  `${LINE_HEAD}${LINE_KEYS} Src IP: )${between('text')}` +
    `( Proto:? ${WORDS} Verdict:? ${WORD}(?: Direction:? ${WORD}(?:,? Tier:? ${WORD})?)?"\\}\\r?\\n)$`,
);

const shapeOf = (form: Form, match: RegExpExecArray | null): Shape | undefined => {
  if (match === null) return undefined;
  const [
    ,
    head = '',
    time = '',
    middle = '',
    source = '',
    sourcePort = '',
    destination = '',
    destinationPort = '',
    tail = '',
  ] = match;
  return { form, head, time, middle, source, sourcePort, destination, destinationPort, tail };
};

/** `text` is an event and, after its comma, the beginning of the next one. */
export const shapeOfEvent = (text: string): Shape | undefined => shapeOf('cloudwatch', EVENT.exec(text));

/** `text` is a line with its newline. */
export const shapeOfLine = (text: string): Shape | undefined =>
  shapeOf('text', WORDED.exec(text)) ?? shapeOf('keys', KEYS.exec(text));
