/** As much of ASN.1 DER (ITU-T X.690) as an X.509 certificate takes. Every function gives one whole element. */

export const element = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const short = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | short.length]), short, body]);
};

export const sequence = (...content: readonly Buffer[]): Buffer => element(0x30, ...content);
export const set = (...content: readonly Buffer[]): Buffer => element(0x31, ...content);
export const octets = (content: Buffer): Buffer => element(0x04, content);
export const yes = (): Buffer => element(0x01, Buffer.from([0xff]));
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text));

/** Bytes as a positive whole number. */
export const integer = (bytes: Buffer): Buffer =>
  element(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.from([0]), bytes]));

/** Whole bytes, no bit unused. */
export const bits = (content: Buffer): Buffer => element(0x03, Buffer.from([0]), content);

/** `[tag]`, explicit. */
export const tagged = (tag: number, content: Buffer): Buffer => element(0xa0 | tag, content);

/** GeneralizedTime of a `YYYY-MM-DD`, at its beginning. */
export const time = (day: string): Buffer => element(0x18, Buffer.from(`${day.replaceAll('-', '')}000000Z`));

export const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const base128 = (value: number): number[] => {
    const digits = [value % 128];
    for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
      digits.unshift(0x80 | (left % 128));
    return digits;
  };
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};
