/** Walks the tokens of JSON text, byte by byte and in place: white space, strings, numbers and literals. */
import { OddNotes } from './odd-notes.ts';
import { TextError } from './text-error.ts';

export class TextCursor {
  readonly bytes: Buffer;
  readonly end: number;
  pos: number;
  /** True when white space was found between tokens since the last reset. */
  spaced = false;
  /** Findings that differ from the model. */
  readonly odd = new OddNotes();

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.pos = start;
    this.end = end;
  }

  skipSpace(): void {
    const { bytes, end } = this;
    let pos = this.pos;
    while (pos < end) {
      const byte = bytes[pos]!;
      if (byte > 0x20) break;
      if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) break;
      pos++;
    }
    if (pos !== this.pos) {
      this.spaced = true;
      this.pos = pos;
    }
  }

  /** Skips white space and returns the next byte, or -1 at the end of the text. */
  peek(): number {
    if (this.pos < this.end && this.bytes[this.pos]! > 0x20) return this.bytes[this.pos]!;
    this.skipSpace();
    return this.pos < this.end ? this.bytes[this.pos]! : -1;
  }

  /** Walks a string and returns the offset of its closing quote plus one. */
  string(): number {
    const { bytes, end } = this;
    let pos = this.pos + 1;
    while (pos < end) {
      const byte = bytes[pos]!;
      if (byte === 0x22) {
        this.pos = pos + 1;
        return this.pos;
      }
      if (byte === 0x5c) pos = this.#escape(pos);
      else if (byte < 0x20)
        throw new TextError('Not JSON: a string contains an unescaped control character.', 'notJson');
      else pos++;
    }
    throw this.#truncated();
  }

  /** Throws unless only white space follows. */
  expectEnd(): void {
    if (this.peek() !== -1) throw this.unexpected('the end of the text');
  }

  /** Returns true when the key is at the position. The caller has compared its first byte. */
  protected matches(key: Uint8Array): boolean {
    const { bytes, pos } = this;
    if (pos + key.length > this.end) return false;
    for (let i = key.length - 1; i > 0; i--) if (bytes[pos + i] !== key[i]) return false;
    return true;
  }

  /** Skips white space and returns the position. */
  protected afterSpace(): number {
    this.peek();
    return this.pos;
  }

  protected literal(word: 'null' | 'true' | 'false'): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos] !== word.charCodeAt(i)) throw this.unexpected(`'${word}'`);
      this.pos++;
    }
  }

  protected expect(byte: number, text: string): void {
    if (this.peek() !== byte) throw this.unexpected(`'${text}'`);
    this.pos++;
  }

  /** Walks a number. */
  protected number(): void {
    const { bytes } = this;
    let pos = this.pos;
    if (bytes[pos] === 0x2d) pos++;
    if (bytes[pos] === 0x30) pos++;
    else pos = this.#digits(pos);
    if (bytes[pos] === 0x2e) pos = this.#digits(pos + 1);
    if (bytes[pos] === 0x65 || bytes[pos] === 0x45) {
      pos++;
      if (bytes[pos] === 0x2b || bytes[pos] === 0x2d) pos++;
      pos = this.#digits(pos);
    }
    this.pos = pos;
  }

  #digits(from: number): number {
    let pos = from;
    while (pos < this.end && this.bytes[pos]! >= 0x30 && this.bytes[pos]! <= 0x39) pos++;
    if (pos === from) {
      this.pos = pos;
      throw this.unexpected('a digit');
    }
    return pos;
  }

  /** Skips an escape. Records a surrogate without its other half. */
  #escape(at: number): number {
    const { bytes, end } = this;
    if (at + 1 >= end) throw this.#truncated();
    const kind = bytes[at + 1]!;
    if (kind !== 0x75) {
      if (!'"\\/bfnrt'.includes(String.fromCharCode(kind))) {
        throw new TextError('Not JSON: a string contains an invalid escape.', 'notJson');
      }
      return at + 2;
    }
    const unit = this.#hexUnit(at + 2);
    if (unit < 0xd800 || unit > 0xdfff) return at + 6;
    if (unit <= 0xdbff && bytes[at + 6] === 0x5c && bytes[at + 7] === 0x75) {
      const low = this.#hexUnit(at + 8);
      if (low >= 0xdc00 && low <= 0xdfff) return at + 12;
    }
    this.odd.add('loneSurrogate');
    return at + 6;
  }

  #hexUnit(at: number): number {
    if (at + 4 > this.end) throw this.#truncated();
    const digits = this.bytes.toString('latin1', at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits))
      throw new TextError('Not JSON: a \\u escape does not have four hex digits.', 'notJson');
    return Number.parseInt(digits, 16);
  }

  /** Returns the member name that begins at an offset. */
  protected decodeName(start: number): string {
    const { bytes } = this;
    let end = start + 1;
    while (bytes[end] !== 0x22) end += bytes[end] === 0x5c ? 2 : 1;
    // The walk has checked that a member name is a JSON string.
    return JSON.parse(bytes.toString('utf8', start, end + 1)) as string;
  }

  /** Returns the error to throw where another token was expected. */
  unexpected(wanted: string): TextError {
    if (this.pos >= this.end) return this.#truncated();
    return new TextError(`Not JSON: ${wanted} expected at byte ${this.pos}.`, 'notJson');
  }

  #truncated(): TextError {
    return new TextError('The JSON text is truncated: it ends inside a value.', 'truncated');
  }
}
