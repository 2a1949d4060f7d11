const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** No other entity can be known without a document type, and there is none. https://www.w3.org/TR/xml/#sec-predefined-ent */
const REFERENCE = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-zA-Z]+));|&/g;

const LAST_CODE_POINT = 0x10ffff;

const characterOf = (hex?: string, decimal?: string, name?: string): string | undefined => {
  if (name !== undefined) return NAMED.get(name);
  // Neither is there for an ampersand alone: not a number.
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : undefined;
};

/** One kind of line break, as XML has it: https://www.w3.org/TR/xml/#sec-line-ends */
export const withLineBreaks = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

/** A text with its entities and line breaks resolved. `onUnknown` throws. */
export const decodedText = (text: string, onUnknown: () => never): string =>
  withLineBreaks(text).replaceAll(
    REFERENCE,
    (_all, hex?: string, decimal?: string, name?: string) => characterOf(hex, decimal, name) ?? onUnknown(),
  );
