/**
 * Splits text that arrives in chunks into units: the lines of JSON Lines, and the values of multi-line documents. An
 * array, and a response whose list exceeds the maximum line length, is split into its elements, so memory depends on
 * the longest record and not on the file.
 *
 * An invalid value is lost alone: reading continues at the next line on which a value begins at the same or a smaller
 * indentation.
 */
import { GrowingBytes } from './growing-bytes.ts';
import { JsonWalk, openingOf } from './json-walk.ts';
import { isBlank, type Line, linesIn, noteAt, trimmedLine, wholeLine } from './lines.ts';
import { LongList, longListAt } from './long-list.ts';
import { type Begun, LostValue } from './lost-value.ts';

const nothing = Buffer.alloc(0);
/** Maximum nesting of arrays that are split into elements. */
const maxContainers = 32;

interface OpenValue extends Begun {
  /** Set for the end of a response, after its list. */
  readonly after?: LongList;
}

export class DocumentSplitter {
  readonly #maxBytes: number;
  /** The start of a line or value that ends in a later chunk. */
  readonly #held = new GrowingBytes();
  #mode: 'lines' | 'longLine' | 'document' | 'lost' = 'lines';
  #bytes: Buffer = nothing;
  #at = 0;
  /** The current line number. */
  #number = 1;
  /** Bytes of the line in earlier chunks. */
  #column = 0;
  /** The length of a value that is too long to hold; 0 for others. */
  #over = 0;
  /** True while the next line may begin a document, whatever its length. */
  #isFirst = true;
  #walk = new JsonWalk();
  /** The open arrays and long lists; `undefined` for an array. */
  readonly #containers: (LongList | undefined)[] = [];
  #value: OpenValue | undefined;
  /** The offset in the chunk at which the value begins; 0 when it began in an earlier one. */
  #from = 0;
  #lost: LostValue | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  *push(chunk: Buffer): Generator<Line> {
    this.#bytes = chunk;
    this.#at = this.#from = 0;
    do {
      while (this.#at < this.#bytes.length) yield* this.#step();
      if (this.#value !== undefined) yield* this.#hold();
    } while (this.#at < this.#bytes.length);
    const end = this.#bytes.lastIndexOf(0x0a);
    this.#column = end < 0 ? this.#column + this.#bytes.length : this.#bytes.length - end - 1;
    this.#bytes = nothing;
    this.#from = 0;
  }

  *end(): Generator<Line> {
    while (this.#mode === 'document') {
      const after = this.#value?.after;
      if (after !== undefined) yield this.#piece(after);
      yield* this.#leave();
      if (this.#value === undefined) {
        yield noteAt(this.#number, 'The file ends before its JSON array does: it may be truncated.');
        return;
      }
      if (this.#over > 0) {
        yield this.#tooLong(this.#value.number);
        return;
      }
      this.#lose(nothing, true);
      while (this.#at < this.#bytes.length) yield* this.#step();
    }
    if (this.#lost !== undefined) yield* this.#lost.line(false);
    else if (this.#over > 0) yield this.#tooLong(this.#number);
    else if (this.#held.length > 0) {
      const bytes = trimmedLine(this.#held.take());
      if (!isBlank(bytes)) yield { number: this.#number, bytes, tooLong: undefined, ended: false };
    }
  }

  #step(): Generator<Line> {
    switch (this.#mode) {
      case 'lines':
        return this.#readLine();
      case 'longLine':
        return this.#skipLine();
      case 'document':
        return this.#readDocument();
      case 'lost':
        return this.#findValue();
    }
  }

  *#readLine(): Generator<Line> {
    const start = this.#at;
    const end = this.#bytes.indexOf(0x0a, start);
    const isWhole = end >= 0;
    const length = this.#held.length + (isWhole ? end : this.#bytes.length) - start;
    if (length > this.#maxBytes) {
      const text = this.#taken(start, isWhole ? end : this.#bytes.length);
      this.#at = isWhole ? end : this.#bytes.length;
      if (openingOf(text) !== 'none') this.#beginDocument(trimmedLine(text));
      else {
        this.#over = length;
        this.#mode = 'longLine';
      }
      return;
    }
    if (!isWhole) {
      this.#held.append(this.#bytes.subarray(start));
      this.#at = this.#bytes.length;
      return;
    }
    const whole = this.#held.length === 0 ? this.#bytes.subarray(start, end) : this.#taken(start, end);
    this.#at = end;
    const bytes = trimmedLine(whole);
    if (this.#mayOpen(bytes) && !isBlank(bytes)) {
      this.#isFirst = false;
      if (openingOf(bytes) === 'lines') {
        this.#beginDocument(bytes);
        return;
      }
    }
    this.#at = end + 1;
    const number = this.#number++;
    if (!isBlank(bytes)) yield { number, bytes, tooLong: undefined, ended: true };
  }

  *#skipLine(): Generator<Line> {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    this.#over += (end < 0 ? this.#bytes.length : end) - this.#at;
    this.#at = end < 0 ? this.#bytes.length : end + 1;
    if (end < 0) return;
    yield this.#tooLong(this.#number);
    this.#number++;
    this.#over = 0;
    this.#mode = 'lines';
  }

  /** Returns true for a line that may begin a document, which is then examined further. */
  #mayOpen(line: Buffer): boolean {
    if (this.#isFirst) return true;
    const last = line.at(-1);
    return line[0] === 0x5b || (line[0] === 0x7b && last !== 0x7d && last !== 0x5d);
  }

  /** Begins a document. @param text The text of its line so far; the line is read again. */
  #beginDocument(text: Buffer): void {
    this.#walk = new JsonWalk();
    this.#containers.length = 0;
    this.#mode = 'document';
    this.#readAgain(text, 0);
  }

  /** Inserts a text to be read before the rest. */
  #readAgain(text: Buffer, column: number): void {
    this.#bytes = Buffer.concat([text, this.#bytes.subarray(this.#at)]);
    this.#at = this.#from = 0;
    this.#column = column;
  }

  *#readDocument(): Generator<Line> {
    const walk = this.#walk;
    const bytes = this.#bytes;
    const start = this.#at;
    // A line that is too long and ends before its value is truncated: the following lines do not belong to it.
    const isOneLine = this.#over > 0 && this.#number === this.#value?.number;
    const end = isOneLine ? bytes.indexOf(0x0a, start) + 1 || bytes.length : bytes.length;
    this.#at = walk.feed(bytes, start, end);
    this.#number += walk.takeLines();
    switch (walk.event) {
      case 'none':
        if (isOneLine && this.#number > this.#value!.number) yield* this.#break(true);
        return;
      case 'begin': {
        const isArray = bytes[this.#at - 1] === 0x5b;
        if (isArray && this.#containers.length < maxContainers && this.#containers.at(-1) === undefined) {
          this.#containers.push(undefined);
          walk.watchOpened();
        } else {
          this.#from = this.#at - 1;
          this.#value = { number: this.#number, column: this.#columnOf(this.#from) };
        }
        return;
      }
      case 'end':
        yield* this.#endValue();
        return;
      case 'close': {
        const list = this.#containers.pop();
        walk.watch -= list === undefined ? 1 : 2;
        if (list !== undefined) {
          this.#from = this.#at - 1;
          this.#value = { number: this.#number, column: this.#columnOf(this.#from), after: list };
        } else if (this.#containers.length === 0) this.#endDocument();
        return;
      }
      case 'broken':
      case 'tooDeep':
        yield* this.#break(walk.event === 'broken');
    }
  }

  /** Holds the chunk's part of the value. */
  *#hold(): Generator<Line> {
    const piece = this.#bytes.subarray(this.#from);
    if (piece.length === 0) return;
    if (this.#over > 0) this.#over += piece.length;
    else if (this.#held.length + piece.length <= this.#maxBytes) this.#held.append(piece);
    else {
      yield* this.#tooMuch(this.#taken(this.#from, this.#bytes.length));
      return;
    }
    this.#from = this.#bytes.length;
  }

  *#endValue(): Generator<Line> {
    const { number, after } = this.#value!; // only after a value has begun
    const length = this.#over + this.#held.length + this.#at - this.#from;
    if (this.#over > 0) {
      this.#over = length;
      yield this.#tooLong(number);
      this.#over = 0;
    } else {
      const text =
        this.#held.length > 0
          ? this.#taken(this.#from, this.#at)
          : this.#bytes.subarray(this.#from, this.#at);
      if (length > this.#maxBytes) {
        yield* this.#tooMuch(text);
        if (this.#value === undefined || this.#over === 0) return;
        yield this.#tooLong(number);
        this.#over = 0;
      } else if (after !== undefined) yield { ...wholeLine(number, after.take(text)), piece: 'end' };
      else {
        const list = this.#containers.at(-1);
        if (list === undefined) yield wholeLine(number, text);
        else {
          list.add(text, number);
          if (list.isFull) yield this.#piece(list);
        }
      }
    }
    this.#value = undefined;
    if (this.#containers.length === 0) this.#endDocument();
  }

  /** Handles a value longer than a line may be. A long list is split into its elements. */
  *#tooMuch(text: Buffer): Generator<Line> {
    const { column, number, after } = this.#value!; // a value is open
    const first = after === undefined ? longListAt(text) : undefined;
    if (first === undefined) {
      this.#over = text.length;
      if (after !== undefined) yield this.#piece(after);
      return;
    }
    this.#number = number + linesIn(text.subarray(0, first));
    this.#containers.push(new LongList(text.subarray(0, first), column));
    this.#walk.enterMemberList();
    this.#value = undefined;
    const begin = text.lastIndexOf(0x0a, first);
    this.#readAgain(text.subarray(first), begin < 0 ? column + first : first - begin - 1);
  }

  /** Handles text that is not JSON from the current position. */
  *#break(isSearched: boolean): Generator<Line> {
    const byte = this.#bytes[this.#at];
    if (this.#value === undefined && isSearched) {
      if (byte === 0x5d) {
        yield noteAt(
          this.#number,
          "A comma precedes ']', which is not JSON. The values are imported anyway.",
        );
        this.#walk.resumeAfterValue();
        return;
      }
      if (byte === 0x7b || byte === 0x5b) {
        yield noteAt(
          this.#number,
          'A comma is missing between two values, which is not JSON. Both values are imported anyway.',
        );
        this.#walk.resume();
        return;
      }
    }
    const after = this.#value?.after;
    if (after !== undefined) yield this.#piece(after);
    if (this.#over > 0) {
      yield this.#tooLong(this.#value!.number); // a value that is too long has begun
      this.#over = 0;
      this.#value = { ...this.#value!, isGiven: true };
      this.#from = this.#at;
    }
    this.#lose(this.#bytes.subarray(this.#at), isSearched);
  }

  /**
   * Abandons the current value, and searches for the next one.
   *
   * @param rest The text after it.
   * @param isSearched True when the text of the value is searched too.
   */
  #lose(rest: Buffer, isSearched: boolean): void {
    const text =
      this.#value === undefined ? nothing : this.#taken(this.#from, this.#bytes.length - rest.length);
    const begun = this.#value ?? { number: this.#number, column: this.#columnOf(this.#at) };
    this.#value = undefined;
    this.#mode = 'lost';
    const end = isSearched ? text.indexOf(0x0a) : -1;
    if (end >= 0) {
      this.#number = begun.number + 1;
      this.#bytes = Buffer.concat([text.subarray(end + 1), rest]);
      this.#column = 0;
    } else {
      this.#column = this.#columnOf(this.#at);
      this.#bytes = rest;
    }
    this.#at = this.#from = 0;
    this.#lost = new LostValue(begun, this.#column === 0);
    this.#lost.show(end < 0 ? text : text.subarray(0, end + 1));
  }

  /** Continues where the next value begins or the array ends. */
  *#findValue(): Generator<Line> {
    const bytes = this.#bytes;
    const lost = this.#lost!; // after a value was abandoned
    const isInside = this.#containers.length > 0;
    const at = lost.find(bytes, this.#at, isInside, (place) => this.#columnOf(place));
    this.#number += lost.takeLines();
    this.#at = at ?? bytes.length;
    if (at === undefined) return;
    const list = this.#containers.at(-1);
    // Text at the indentation of the response, when its elements are indented further, is not an element of it.
    const here = this.#columnOf(at);
    const isCut = list !== undefined && here <= list.column && here < lost.column;
    this.#lost = undefined;
    yield* lost.line(true);
    if (isCut) yield* this.#leave();
    if (!isInside || isCut) this.#endDocument();
    else {
      this.#mode = 'document';
      if (bytes[at] === 0x5d) this.#walk.resumeAfterValue();
      else this.#walk.resume();
    }
  }

  /** Yields the held elements of open lists, whose ends are missing. */
  *#leave(): Generator<Line> {
    for (const list of this.#containers.splice(0).reverse()) if (list !== undefined) yield this.#piece(list);
  }

  #endDocument(): void {
    this.#mode = 'lines';
    this.#isFirst = true;
  }

  #columnOf(at: number): number {
    const end = at === 0 ? -1 : this.#bytes.lastIndexOf(0x0a, at - 1);
    return end < 0 ? this.#column + at : at - end - 1;
  }

  /** Returns the held text joined with a part of the chunk. */
  #taken(from: number, to: number): Buffer {
    this.#held.append(this.#bytes.subarray(from, to));
    return this.#held.take();
  }

  #tooLong(number: number): Line {
    const isRecord = number !== this.#number;
    return { number, bytes: nothing, tooLong: this.#over, isRecord, ended: true };
  }

  #piece(list: LongList): Line {
    return { ...wholeLine(list.number, list.take()), piece: 'more' };
  }
}
