/**
 * Walks JSON text byte by byte, in place: checks its grammar and the form of every member the model knows, and notes
 * where things are, so that text is stored and served as it came and reading never parses.
 */
import { isBeyond, metricOf, type QualityRule } from '../../contract/call-quality.ts';
import { isNotFinite, OddNotes, quotedNumberEnd } from './odd-notes.ts';
import { skipValue } from './skip-value.ts';
import type { Member, Members, Shape } from './shapes.ts';

/**
 * Why a text cannot be taken: it is not JSON, or ends before its value does (and may be the start of a longer one), or
 * is JSON that is not what is wanted.
 */
type TextProblem = 'notJson' | 'truncated' | 'notWanted';

/** Text that cannot be taken, with the reason in words; it quotes member names, never values. */
export class TextError extends Error {
  override readonly name = 'TextError';
  readonly problem: TextProblem;

  constructor(message: string, problem: TextProblem) {
    // Millions of bad lines may be read, and where in the code one was found says nothing: taking a stack costs more.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.problem = problem;
  }
}

/** JSON that is nested deeper than is walked; `skipValue` finds its end. */
export class NestedTooDeep extends TextError {
  constructor() {
    super(`The value is nested deeper than ${maxDepth}.`, 'notWanted');
  }
}

/** Where a walk stood, to go back to. */
interface ScannerMark {
  readonly pos: number;
  readonly depth: number;
  readonly edits: number;
  readonly quoted: number;
  readonly spaced: boolean;
}

/** Which changes the walk notes as edits; see `edits.ts` for what becomes of them. */
export interface EditRules {
  /** `Prefer: omit-values=nulls`: cut nulls, empty arrays and the empty objects that result. */
  readonly omitNulls: boolean;
  /** Mask enum names beyond the sentinel as `unknownFutureValue`. */
  readonly maskEnums: boolean;
  /** `odata.metadata=none`: cut control information, that is members whose name holds `@odata.`. */
  readonly cutControl: boolean;
  /** `IEEE754Compatible=true`: quote 64-bit integers and decimals. */
  readonly quoteWide: boolean;
  /** `odata.metadata=full`: add the types that JSON alone does not tell. */
  readonly describe: boolean;
  /** Deprecated properties: as they are, emptied, or cut. */
  readonly deprecated: 'as-before' | 'empty' | 'absent';
}

/** What replaces the text of an edit; from `insert` on, the number of a text in the scanner's `inserts`. */
export const replacement = { nothing: 0, unknownFutureValue: 1, quote: 2, insert: 3 } as const;

/** A top-level member of the object last walked with `collect`. */
export interface MemberText {
  readonly name: string;
  /** Place in wire order, or -1 when the model does not know the name. */
  readonly index: number;
  /** From the opening quote of the name… */
  readonly start: number;
  /** …the value begins here… */
  readonly valueStart: number;
  /** …and ends before this offset. */
  readonly end: number;
}

const maxDepth = 64;
/** Walkers of members by name; each returns what `Scanner.value` would. */
type Walkers = ReadonlyMap<string, () => boolean>;

/** Types a JSON reader tells by itself (OData JSON Format 4.01, section 4.6.3). */
const plainTypes: ReadonlySet<string> = new Set(['Edm.String', 'Edm.Boolean', 'Edm.Double']);
const noEdits: EditRules = {
  omitNulls: false,
  maskEnums: false,
  cutControl: false,
  quoteWide: false,
  describe: false,
  deprecated: 'as-before',
};
/** Rollcall's own annotations go with control information: a client that asks for none gets members of the model. */
const controlMark = /@(odata|rollcall)\./;
/** Control information that stays under `odata.metadata=none` (OData JSON Format 4.01, section 3.1.3). */
const lasting = /@odata\.(nextLink|count)$/;

/** True when `odata.metadata=full` says the type of a member with this shape. */
function isDescribed({ form, typeName }: Shape): boolean {
  return form !== 'object' && !plainTypes.has(typeName);
}

/** True of the type of a member as it was received, where `odata.metadata=full` says it in the model's words. */
function isRestated(name: string, members: Members | undefined): boolean {
  if (!name.endsWith(typeSuffix)) return false;
  const member = members?.byName.get(name.slice(0, -typeSuffix.length));
  return member !== undefined && isDescribed(member.shape);
}

const typeSuffix = '@odata.type';

export class Scanner {
  readonly bytes: Buffer;
  readonly end: number;
  readonly #rules: EditRules;
  /** True when white space was seen between tokens since it was last cleared. */
  spaced = false;
  /** Triples of start, end, replacement: in order, never overlapping. */
  edits: number[] = [];
  /** Texts of the edits numbered `replacement.insert` and up. */
  readonly inserts: string[] = [];
  /** What was met since it was last cleared: a `failureInfo`, a metric of media beyond a limit. */
  readonly noted = { failed: false, suspect: false };
  /** What was met that is not what the model says. */
  readonly odd = new OddNotes();
  /** Pairs of the start and the end of wide numbers that stand in quotes, as `IEEE754Compatible=true` has them. */
  readonly quoted: number[] = [];
  pos: number;
  #depth: number;
  /** Values at this depth that are nested too deep are skipped, and noted in `tooDeep`. */
  #guarded = -1;
  /** Starts of values that were skipped. */
  readonly tooDeep = new Set<number>();
  /** Lowest rank of the metrics met in the object that is walked: those after it decide nothing. */
  #decided = Infinity;

  /** @param depth How deep the text was nested in what it is taken out of. */
  constructor(bytes: Buffer, start = 0, end = bytes.length, rules: EditRules = noEdits, depth = 0) {
    this.bytes = bytes;
    this.pos = start;
    this.end = end;
    this.#rules = rules;
    this.#depth = depth;
  }

  mark(): ScannerMark {
    const { pos, edits, quoted, spaced } = this;
    return { pos, depth: this.#depth, edits: edits.length, quoted: quoted.length, spaced };
  }

  /** Goes back to where it stood. What was noted as odd stays noted. */
  reset({ pos, depth, edits, quoted, spaced }: ScannerMark): void {
    this.pos = pos;
    this.#depth = depth;
    this.edits.length = edits;
    this.quoted.length = quoted;
    this.spaced = spaced;
  }

  /** From here on, members of the object that is walked next are skipped where they are nested too deep. */
  guardMembers(): void {
    this.#guarded = this.#depth + 1;
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

  /** The byte at the position after white space, or -1 at the end of the text. */
  peek(): number {
    if (this.pos < this.end && this.bytes[this.pos]! > 0x20) return this.bytes[this.pos]!;
    this.skipSpace();
    return this.pos < this.end ? this.bytes[this.pos]! : -1;
  }

  /**
   * Walks one value.
   *
   * @returns true when `omit-values=nulls` leaves nothing of it (null, `[]`, `{}`, or an object of nothing but these).
   */
  value(shape: Shape | undefined): boolean {
    const byte = this.peek();
    switch (byte) {
      case 0x22: {
        const fit = this.#fitting(shape, 'string');
        if (fit?.visible) this.#enumName(fit.visible);
        else if (fit?.limit) this.#duration(fit.limit);
        else this.string();
        return false;
      }
      case 0x7b: {
        const fit = this.#fitting(shape, 'object');
        if (fit?.isFailure === true) this.noted.failed = true;
        return this.#guarded === this.#depth
          ? this.#unlessTooDeep(() => this.object(fit?.members))
          : this.object(fit?.members);
      }
      case 0x5b: {
        const item = this.#fitting(shape, 'array')?.item;
        const element = () => this.value(item);
        return this.#guarded === this.#depth
          ? this.#unlessTooDeep(() => this.array(element))
          : this.array(element);
      }
      case 0x6e:
        this.#literal('null');
        return true;
      case 0x74:
        this.#fitting(shape, 'boolean');
        this.#literal('true');
        return false;
      case 0x66:
        this.#fitting(shape, 'boolean');
        this.#literal('false');
        return false;
      default:
        if (byte !== 0x2d && !(byte >= 0x30 && byte <= 0x39)) throw this.unexpected('a value');
        this.#number(this.#fitting(shape, 'number'));
        return false;
    }
  }

  /**
   * Walks an object.
   *
   * @param collect Receives the object's own members, in the order they stand.
   * @param walkers Walk the values of the members they are named for, in place of `value`.
   * @returns As `value`.
   */
  object(members: Members | undefined, collect?: MemberText[], walkers?: Walkers): boolean {
    if (++this.#depth > maxDepth) throw new NestedTooDeep();
    this.#expect(0x7b, '{');
    this.#decided = Infinity;
    const opening = this.pos;
    const editsBefore = this.edits.length;
    const { omitNulls, cutControl, describe, deprecated } = this.#rules;
    let guess = 0;
    let count = 0;
    let kept = 0;
    let controls = 0;
    let typed = false;
    let previousEnd = opening;
    if (this.peek() === 0x7d) this.pos++;
    else {
      for (;;) {
        if (this.peek() !== 0x22) throw this.unexpected('a member name');
        const start = this.pos;
        let member = members?.inWireOrder[guess];
        if (member !== undefined && this.#matches(member.key)) {
          this.pos += member.key.length;
        } else {
          member = this.#nameAndColon(members);
        }
        if (member !== undefined) guess = member.index + 1;
        const valueStart = this.#afterSpace();
        const editsAtMember = this.edits.length;
        if (describe && member !== undefined) this.#describeMember(start, member);
        let isControl = false;
        if (member === undefined && describe) {
          const name = this.#decodeName(start);
          typed ||= name === '@odata.type';
          isControl = isRestated(name, members);
        }
        const editsAtValue = this.edits.length;
        const walker = member && walkers?.get(member.name);
        const empty = walker ? walker() : this.value(member?.shape);
        const end = this.pos;
        count++;
        if (collect) {
          const name = member?.name ?? this.#decodeName(start);
          collect.push({ name, index: member?.index ?? -1, start, valueStart, end });
        }
        const next = this.peek();
        const isDeprecated = deprecated !== 'as-before' && member?.shape.emptied !== undefined;
        if (isDeprecated && deprecated === 'empty')
          this.#empty(editsAtValue, valueStart, member!.shape.emptied!);
        isControl ||= cutControl && member === undefined && this.#isControl(start, valueStart);
        const isOmitted = (omitNulls && empty) || (isDeprecated && deprecated === 'absent');
        if (isControl && !isOmitted) controls++;
        if (isControl || isOmitted) {
          if (this.edits.length > editsAtMember) this.edits.length = editsAtMember;
          // A cut member takes the comma before it, or, while nothing before it is kept, the comma after it.
          if (kept > 0) this.#cut(previousEnd, end);
          else if (next === 0x2c) this.#cut(start, this.pos + 1);
        } else kept++;
        previousEnd = end;
        this.pos++;
        if (next === 0x2c) continue;
        if (next === 0x7d) break;
        this.pos--;
        throw this.unexpected("',' or '}'");
      }
    }
    this.#depth--;
    const isEmptied = kept === 0 && (omitNulls || cutControl || describe || deprecated === 'absent');
    if (isEmptied) {
      if (this.edits.length > editsBefore) this.edits.length = editsBefore;
      if (count > 0) this.#cut(opening, this.pos - 1);
    }
    if (describe && members !== undefined && !typed)
      this.#describeObject(opening, members, editsBefore, isEmptied ? 0 : count);
    // An object that has only control information still exists for a client that asks for no control information.
    return kept + controls === 0 && (count === 0 || omitNulls);
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
        throw new TextError('Not JSON: a string holds a bare control character.', 'notJson');
      else pos++;
    }
    throw this.#truncated();
  }

  /** Walks a value however deep it is nested, by its grammar alone. */
  skip(): void {
    skipValue(this);
  }

  /** Nothing but white space may follow. */
  expectEnd(): void {
    if (this.peek() !== -1) throw this.unexpected('the end of the text');
  }

  /**
   * Walks an array.
   *
   * @param element Walks one element. An element stays, even when nothing is left of it: its place counts.
   * @returns As `value`.
   */
  array(element: () => void): boolean {
    if (this.peek() !== 0x5b) throw this.unexpected("'['");
    if (++this.#depth > maxDepth) throw new NestedTooDeep();
    this.pos++;
    if (this.peek() === 0x5d) {
      this.pos++;
      this.#depth--;
      return true;
    }
    for (;;) {
      element();
      const next = this.peek();
      this.pos++;
      if (next === 0x2c) continue;
      if (next === 0x5d) break;
      this.pos--;
      throw this.unexpected("',' or ']'");
    }
    this.#depth--;
    return false;
  }

  #cut(start: number, end: number): void {
    const { edits } = this;
    const last = edits.length - 3;
    if (last >= 0 && edits[last + 1] === start && edits[last + 2] === replacement.nothing)
      edits[last + 1] = end;
    else edits.push(start, end, replacement.nothing);
  }

  /** Puts a deprecated value's empty form in its place. */
  #empty(editsBefore: number, valueStart: number, emptied: string): void {
    this.edits.length = editsBefore;
    this.edits.push(valueStart, this.pos, replacement.insert + this.inserts.length);
    this.inserts.push(emptied);
  }

  /** Says the type of a value that JSON does not tell from a plain string, number or list. */
  #describeMember(start: number, { name, shape }: Member): void {
    if (!isDescribed(shape)) return;
    this.#insert(start, `"${name}@odata.type":"#${shape.typeName.replace('Edm.', '')}",`, this.edits.length);
  }

  #describeObject(opening: number, members: Members, editsBefore: number, count: number): void {
    this.#insert(opening, `"@odata.type":"#${members.typeName}"${count > 0 ? ',' : ''}`, editsBefore);
  }

  #insert(at: number, text: string, place: number): void {
    this.edits.splice(place, 0, at, at, replacement.insert + this.inserts.length);
    this.inserts.push(text);
  }

  #enumName(visible: ReadonlySet<string>): void {
    const start = this.pos;
    const end = this.string();
    if (!this.#rules.maskEnums) return;
    let name = this.bytes.toString('utf8', start + 1, end - 1);
    if (name.includes('\\')) name = this.#decodeName(start);
    if (!visible.has(name)) this.edits.push(start + 1, end - 1, replacement.unknownFutureValue);
  }

  #number(shape: Shape | undefined): void {
    const { bytes } = this;
    const start = this.pos;
    let pos = start;
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
    if (shape?.limit && !this.noted.suspect)
      this.#heed(shape.limit, Number(bytes.toString('latin1', start, pos)));
    if (this.#rules.quoteWide && shape?.wide) {
      this.edits.push(start, start, replacement.quote, pos, pos, replacement.quote);
    }
  }

  #duration(limit: QualityRule): void {
    const start = this.pos + 1;
    const end = this.string() - 1;
    if (!this.noted.suspect) this.#heed(limit, metricOf(this.bytes.toString('latin1', start, end)));
  }

  #heed(limit: QualityRule, value: number | undefined): void {
    if (value === undefined) return;
    const { rank } = limit;
    if (rank !== undefined && rank > this.#decided) return;
    if (isBeyond(limit, value)) this.noted.suspect = true;
    else if (rank !== undefined) this.#decided = rank;
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

  /** Steps over an escape; a surrogate is to be followed by its other half, or it is half of a character. */
  #escape(at: number): number {
    const { bytes, end } = this;
    if (at + 1 >= end) throw this.#truncated();
    const kind = bytes[at + 1]!;
    if (kind !== 0x75) {
      if (!'"\\/bfnrt'.includes(String.fromCharCode(kind))) {
        throw new TextError('Not JSON: a string holds an escape that JSON does not have.', 'notJson');
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
      throw new TextError('Not JSON: a \\u escape lacks its four hex digits.', 'notJson');
    return Number.parseInt(digits, 16);
  }

  #nameAndColon(members: Members | undefined) {
    const start = this.pos;
    const end = this.string();
    if (this.peek() !== 0x3a) throw this.unexpected("':'");
    this.pos++;
    if (members === undefined) return undefined;
    // Names the model knows are plain ASCII; one written with escapes is decoded, so that it cannot hide.
    let name = this.bytes.toString('latin1', start + 1, end - 1);
    if (name.includes('\\')) name = this.#decodeName(start);
    return members.byName.get(name);
  }

  #decodeName(start: number): string {
    const { bytes } = this;
    let end = start + 1;
    while (bytes[end] !== 0x22) end += bytes[end] === 0x5c ? 2 : 1;
    // A member name is a JSON string by the walk just made.
    return JSON.parse(bytes.toString('utf8', start, end + 1)) as string;
  }

  #isControl(start: number, valueStart: number): boolean {
    const text = this.bytes.toString('latin1', start, valueStart);
    if (!controlMark.test(text) && !text.includes('\\')) return false;
    const name = this.#decodeName(start);
    return controlMark.test(name) && !lasting.test(name);
  }

  #matches(key: Uint8Array): boolean {
    const { bytes, pos } = this;
    if (pos + key.length > this.end) return false;
    for (let i = key.length - 1; i > 0; i--) if (bytes[pos + i] !== key[i]) return false;
    return true;
  }

  #afterSpace(): number {
    this.peek();
    return this.pos;
  }

  #literal(word: 'null' | 'true' | 'false'): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.pos] !== word.charCodeAt(i)) throw this.unexpected(`'${word}'`);
      this.pos++;
    }
  }

  #expect(byte: number, text: string): void {
    if (this.peek() !== byte) throw this.unexpected(`'${text}'`);
    this.pos++;
  }

  /** The shape to walk a value by: none where it is of another type than the model says. */
  #fitting(shape: Shape | undefined, form: Shape['form']): Shape | undefined {
    return shape === undefined || shape.form === form ? shape : this.#unlessMisfit(shape, form);
  }

  #unlessMisfit(shape: Shape, form: Shape['form']): Shape | undefined {
    const { bytes, pos } = this;
    if (shape.form === 'any' && (form === 'number' || (form === 'string' && isNotFinite(bytes, pos))))
      return shape;
    const numberEnd = form === 'string' ? quotedNumberEnd(bytes, pos, shape) : undefined;
    if (numberEnd === undefined) this.odd.add('wrongType');
    else this.quoted.push(pos, numberEnd);
    return undefined;
  }

  #unlessTooDeep(walk: () => boolean): boolean {
    const mark = this.mark();
    try {
      return walk();
    } catch (error) {
      if (!(error instanceof NestedTooDeep)) throw error;
      this.reset(mark);
      this.tooDeep.add(this.pos);
      this.skip();
      return false;
    }
  }

  /** What is thrown where something else was to come. */
  unexpected(wanted: string): TextError {
    if (this.pos >= this.end) return this.#truncated();
    return new TextError(`Not JSON: ${wanted} expected at byte ${this.pos}.`, 'notJson');
  }

  #truncated(): TextError {
    return new TextError('The JSON text ends before its value does.', 'truncated');
  }
}
