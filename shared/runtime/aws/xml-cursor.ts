import { isUtf8 } from 'node:buffer';
import { decodedText, withLineBreaks } from './xml-text.ts';

/**
 * An answer that is not well-formed, or not of the shape promised. It keeps the name `SyntaxError`, under which the SDK
 * reports bodies it cannot read either.
 */
export class XmlAnswerError extends SyntaxError {}

const [LT, GT, SLASH, BANG, QUESTION, AMP, CR, LF, EQUALS] = Buffer.from('<>/!?&\r\n=');
const [SPACE, TAB, QUOTE, APOSTROPHE] = Buffer.from(' \t"\'');
const COMMENT = Buffer.from('<!--');
const CDATA = Buffer.from('<![CDATA[');

/** Deeper than any answer of EC2's. */
const MAX_DEPTH = 100;

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === LF || byte === CR || byte === TAB;

/** An element whose children are being read: where its name stands. */
export interface Opened {
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly selfClosed: boolean;
}

/** One pass over the bytes of one document, tag by tag. Strings are made of the texts asked for and of nothing else. */
export class XmlCursor {
  readonly #bytes: Buffer;
  #at = 0;
  // Of the start tag read last.
  #nameStart = 0;
  #nameEnd = 0;
  #selfClosed = false;

  /** @throws XmlAnswerError where it is not UTF-8, the encoding of every AWS service */
  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (!isUtf8(this.#bytes)) throw new XmlAnswerError('expected UTF-8');
  }

  /** Reads the start tag of the root. */
  root(name: string): void {
    this.#skipMisc();
    if (this.#bytes[this.#at] !== LT) this.fail(`<${name}>`);
    this.#startTag();
    if (!this.isNamed(Buffer.from(name))) this.fail(`<${name}>`);
  }

  /** After the root there is nothing more. */
  end(): void {
    this.#skipMisc();
    if (this.#at < this.#bytes.length) this.fail('the end of the document');
  }

  /** Of the element whose start tag was read last. */
  open(): Opened {
    return { nameStart: this.#nameStart, nameEnd: this.#nameEnd, selfClosed: this.#selfClosed };
  }

  /** @throws XmlAnswerError */
  fail(expected: string): never {
    throw new XmlAnswerError(`byte ${this.#at} of ${this.#bytes.length}: expected ${expected}`);
  }

  /** Whether the element whose start tag was read last has this name. */
  isNamed(name: Buffer): boolean {
    const start = this.#nameStart;
    if (this.#nameEnd - start !== name.length) return false;
    for (let index = 0; index < name.length; index += 1) {
      if (this.#bytes[start + index] !== name[index]) return false;
    }
    return true;
  }

  /** Goes behind the next occurrence. */
  #past(end: string): void {
    const found = this.#bytes.indexOf(end, this.#at, 'latin1');
    if (found === -1) this.fail(end);
    this.#at = found + end.length;
  }

  #startsWith(text: Buffer): boolean {
    return (
      this.#bytes.compare(text, 0, text.length, this.#at, Math.min(this.#at + text.length, this.#bytes.length)) === 0
    );
  }

  /** A comment or a processing instruction, if one begins here. */
  #isSkippedMarkup(): boolean {
    if (this.#bytes[this.#at + 1] === QUESTION) {
      this.#past('?>');
      return true;
    }
    if (!this.#startsWith(COMMENT)) return false;
    this.#at += COMMENT.length;
    this.#past('-->');
    return true;
  }

  /** Outside the root. A document type is refused: EC2 sends none, and entities of one's own could make anything. */
  #skipMisc(): void {
    for (;;) {
      while (isBlank(this.#bytes[this.#at])) this.#at += 1;
      if (this.#bytes[this.#at] !== LT || !this.#isSkippedMarkup()) return;
    }
  }

  /** From `<` to behind `>`. Attributes are skipped: EC2 has them in the root only, for the namespace. */
  #startTag(): void {
    const bytes = this.#bytes;
    let at = this.#at + 1;
    this.#nameStart = at;
    for (;;) {
      const byte = bytes[at];
      if (byte === GT || byte === SLASH || isBlank(byte)) break;
      if (byte === undefined || byte === LT || byte === AMP || byte === BANG || byte === EQUALS) {
        this.fail('the name of an element');
      }
      at += 1;
    }
    if (at === this.#nameStart) this.fail('the name of an element');
    this.#nameEnd = at;
    this.#at = at;
    this.#selfClosed = false;
    if (bytes[at] === GT) this.#at += 1;
    else this.#restOfStartTag();
  }

  #restOfStartTag(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      this.#at += 1;
      if (byte === GT) return;
      if (byte === SLASH) {
        if (this.#bytes[this.#at] !== GT) this.fail('/>');
        this.#at += 1;
        this.#selfClosed = true;
        return;
      }
      if (byte === QUOTE) this.#past('"');
      else if (byte === APOSTROPHE) this.#past("'");
      else if (byte === undefined || byte === LT) this.fail('the end of a tag');
    }
  }

  /** From `</` to behind `>`, of the element with this name. */
  #endTag(nameStart: number, nameEnd: number): void {
    const bytes = this.#bytes;
    let at = this.#at + 2;
    for (let index = nameStart; index < nameEnd; index += 1, at += 1) {
      if (bytes[at] !== bytes[index]) this.#failEndTag(nameStart, nameEnd);
    }
    while (isBlank(bytes[at])) at += 1;
    if (bytes[at] !== GT) this.#failEndTag(nameStart, nameEnd);
    this.#at = at + 1;
  }

  #failEndTag(nameStart: number, nameEnd: number): never {
    this.fail(`</${this.#bytes.toString('utf8', nameStart, Math.min(nameEnd, nameStart + 60))}>`);
  }

  /** Reads the start tag of the next child, or the end tag of the element and is false. */
  nextChild({ nameEnd, nameStart, selfClosed }: Opened): boolean {
    if (selfClosed) return false;
    for (;;) {
      while (isBlank(this.#bytes[this.#at])) this.#at += 1;
      if (this.#bytes[this.#at] !== LT) this.fail('an element');
      if (this.#bytes[this.#at + 1] === SLASH) {
        this.#endTag(nameStart, nameEnd);
        return false;
      }
      if (this.#isSkippedMarkup()) continue;
      this.#startTag();
      return true;
    }
  }

  /** To behind the end tag of the element whose start tag was read: its tags have to match, its text is not looked at. */
  skip(): void {
    if (this.#selfClosed) return;
    const bytes = this.#bytes;
    const names = [this.#nameStart, this.#nameEnd];
    while (names.length > 0) {
      let at = this.#at;
      while (at < bytes.length && bytes[at] !== LT) at += 1;
      this.#at = at;
      if (at === bytes.length) this.#failEndTag(names.at(-2) ?? 0, names.at(-1) ?? 0);
      const next = bytes[at + 1];
      if (next === SLASH) {
        const nameEnd = names.pop() ?? 0;
        this.#endTag(names.pop() ?? 0, nameEnd);
      } else if (next === BANG && this.#startsWith(CDATA)) this.#past(']]>');
      else if ((next !== BANG && next !== QUESTION) || !this.#isSkippedMarkup()) {
        this.#startTag();
        if (!this.#selfClosed) names.push(this.#nameStart, this.#nameEnd);
        if (names.length > 2 * MAX_DEPTH) this.fail(`at most ${MAX_DEPTH} elements in one another`);
      }
    }
  }

  /** The text of an element without children. */
  text(): string {
    if (this.#selfClosed) return '';
    const bytes = this.#bytes;
    const { nameStart, nameEnd } = this.open();
    let text = '';
    let start = this.#at;
    let plain = true;
    for (;;) {
      const byte = bytes[this.#at];
      if (byte === undefined) this.#failEndTag(nameStart, nameEnd);
      if (byte === AMP || byte === CR) plain = false;
      if (byte !== LT) {
        this.#at += 1;
        continue;
      }
      const part = bytes.toString('utf8', start, this.#at);
      text += plain ? part : decodedText(part, () => this.fail('an entity that XML itself defines before here'));
      if (bytes[this.#at + 1] === SLASH) break;
      if (this.#startsWith(CDATA)) {
        start = this.#at + CDATA.length;
        this.#past(']]>');
        text += withLineBreaks(bytes.toString('utf8', start, this.#at - 3));
      } else if (!this.#isSkippedMarkup()) this.#failEndTag(nameStart, nameEnd);
      start = this.#at;
      plain = true;
    }
    this.#endTag(nameStart, nameEnd);
    // As the SDK has it: line breaks between tags are layout, a tag whose value is a space has that value.
    return text.includes('\n') && text.trim() === '' ? '' : text;
  }
}
