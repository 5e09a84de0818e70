/**
 * Walks JSON text byte by byte, in place: checks its grammar and the form of every member that the model declares, and
 * records offsets. So text is stored and served as it was received, and reading never parses it.
 */
import { isBeyond, readMetric, type QualityRule } from '../../contract/call-quality.ts';
import { userRatings } from '../../contract/user-rating.ts';
import { isCutControl, isDescribed, isRestated, mayBeControl } from './control-members.ts';
import { type EditRules, noEdits, replacement } from './edit-rules.ts';
import type { MemberText } from './members.ts';
import { isNotFinite, quotedNumberEnd } from './odd-notes.ts';
import { skipValue } from './skip-value.ts';
import type { Member, TypeMembers, Shape } from './shapes.ts';
import { TextCursor } from './text-cursor.ts';
import { maxDepth, NestedTooDeep } from './text-error.ts';

/** Ratings as JSON text. */
const ratingTexts = userRatings.map((rating) => Buffer.from(JSON.stringify(rating)));

/** A position that a walk can be reset to. */
interface ScannerMark {
  readonly pos: number;
  readonly depth: number;
  readonly edits: number;
  readonly quoted: number;
  readonly spaced: boolean;
}

/** Functions that walk the values of members, by member name; each returns what `Scanner.value` would. */
type Walkers = ReadonlyMap<string, () => boolean>;

export class Scanner extends TextCursor {
  readonly #rules: EditRules;
  /** Triples of start, end and replacement, ordered and without overlaps. */
  edits: number[] = [];
  /** Texts of the edits whose number is `replacement.insert` or higher. */
  readonly inserts: string[] = [];
  /**
   * Findings since the last reset: starts and ends of `failureInfo`s, whether a media metric was beyond a limit, and
   * users' ratings as bits by their index.
   */
  readonly noted: { readonly failures: number[]; suspect: boolean; ratings: number } = {
    ...{ failures: [], suspect: false, ratings: 0 },
  };
  /** Pairs of the start and the end of wide numbers in quotes, as under `IEEE754Compatible=true`. */
  readonly quoted: number[] = [];
  #depth: number;
  /** Depth at which values that are nested too deep are skipped and recorded in `tooDeep`. */
  #guarded = -1;
  /** Starts of values that were skipped. */
  readonly tooDeep = new Set<number>();
  /** Lowest rank of the metrics found in the current object: metrics of a higher rank are ignored. */
  #decided = Infinity;

  /**
   * Creates a scanner.
   *
   * @param depth Nesting depth of the text within the text that it is a part of.
   */
  constructor(bytes: Buffer, start = 0, end = bytes.length, rules: EditRules = noEdits, depth = 0) {
    super(bytes, start, end);
    this.#rules = rules;
    this.#depth = depth;
  }

  mark(): ScannerMark {
    const { pos, edits, quoted, spaced } = this;
    return { pos, depth: this.#depth, edits: edits.length, quoted: quoted.length, spaced };
  }

  /** Returns to a mark. Recorded oddities are kept. */
  reset({ pos, depth, edits, quoted, spaced }: ScannerMark): void {
    this.pos = pos;
    this.#depth = depth;
    this.edits.length = edits;
    this.quoted.length = quoted;
    this.spaced = spaced;
  }

  /** Makes the next walked object skip members that are nested too deep. */
  guardMembers(): void {
    this.#guarded = this.#depth + 1;
  }

  /**
   * Walks one value.
   *
   * @returns true when `omit-values=nulls` removes all of it (null, `[]`, `{}`, or an object with only such members).
   */
  value(shape: Shape | undefined): boolean {
    const byte = this.peek();
    switch (byte) {
      case 0x22: {
        const fit = this.#fitting(shape, 'string');
        if (fit?.isRating) this.#rating();
        if (fit?.visible) this.#enumName(fit.visible);
        else if (fit?.limit) this.#quotedMetric(fit.limit);
        else this.string();
        return false;
      }
      case 0x7b: {
        const fit = this.#fitting(shape, 'object');
        if (fit?.isFailure === true) return this.#failure(fit);
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
        this.literal('null');
        return true;
      case 0x74:
        this.#fitting(shape, 'boolean');
        this.literal('true');
        return false;
      case 0x66:
        this.#fitting(shape, 'boolean');
        this.literal('false');
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
   * @param collect Receives the object's own members in text order.
   * @param walkers Walk the values of the members with these names, in place of `value`.
   * @returns As `value`.
   */
  object(members: TypeMembers | undefined, collect?: MemberText[], walkers?: Walkers): boolean {
    if (++this.#depth > maxDepth) throw new NestedTooDeep();
    this.expect(0x7b, '{');
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
        if (member !== undefined && this.matches(member.key)) {
          this.pos += member.key.length;
        } else {
          member = this.#nameAndColon(members);
        }
        if (member !== undefined) guess = member.index + 1;
        const valueStart = this.afterSpace();
        const editsAtMember = this.edits.length;
        if (describe && member !== undefined) this.#describeMember(start, member);
        let isControl = false;
        if (member === undefined && describe) {
          const name = this.decodeName(start);
          typed ||= name === '@odata.type';
          isControl = isRestated(name, members);
        }
        const editsAtValue = this.edits.length;
        const walker = member && walkers?.get(member.name);
        const empty = walker ? walker() : this.value(member?.shape);
        const end = this.pos;
        count++;
        if (collect) {
          const name = member?.name ?? this.decodeName(start);
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
          // A cut includes the comma before the member or, while no member before it is kept, the comma after it.
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

  /** Walks a value of any depth, and checks only its grammar. */
  skip(): void {
    skipValue(this);
  }

  /**
   * Walks an array.
   *
   * @param element Walks one element. An element is kept even when nothing is left of it, because later ones keep their
   *   index.
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

  #failure(shape: Shape): boolean {
    const start = this.pos;
    const walk = () => this.object(shape.members);
    const isEmpty = this.#guarded === this.#depth ? this.#unlessTooDeep(walk) : walk();
    this.noted.failures.push(start, this.pos);
    return isEmpty;
  }

  #cut(start: number, end: number): void {
    const { edits } = this;
    const last = edits.length - 3;
    if (last >= 0 && edits[last + 1] === start && edits[last + 2] === replacement.nothing)
      edits[last + 1] = end;
    else edits.push(start, end, replacement.nothing);
  }

  /** Replaces a deprecated value by its empty form. */
  #empty(editsBefore: number, valueStart: number, emptied: string): void {
    this.edits.length = editsBefore;
    this.edits.push(valueStart, this.pos, replacement.insert + this.inserts.length);
    this.inserts.push(emptied);
  }

  /** Adds the type of a value that JSON does not distinguish from a plain string, number or list. */
  #describeMember(start: number, { name, shape }: Member): void {
    if (!isDescribed(shape)) return;
    this.#insert(start, `"${name}@odata.type":"#${shape.typeName.replace('Edm.', '')}",`, this.edits.length);
  }

  #describeObject(opening: number, members: TypeMembers, editsBefore: number, count: number): void {
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
    if (name.includes('\\')) name = this.decodeName(start);
    if (!visible.has(name)) this.edits.push(start + 1, end - 1, replacement.unknownFutureValue);
  }

  /** Notes the rating at the current position. */
  #rating(): void {
    for (const [i, rating] of ratingTexts.entries()) if (this.matches(rating)) this.noted.ratings |= 1 << i;
  }

  #number(shape: Shape | undefined): void {
    const { bytes } = this;
    const start = this.pos;
    this.number();
    const { pos } = this;
    if (shape?.limit && !this.noted.suspect)
      this.#checkLimit(shape.limit, Number(bytes.toString('latin1', start, pos)));
    if (this.#rules.quoteWide && shape?.wide) {
      this.edits.push(start, start, replacement.quote, pos, pos, replacement.quote);
    }
  }

  #quotedMetric(limit: QualityRule): void {
    const start = this.pos;
    const end = this.string();
    if (this.noted.suspect) return;
    const text = this.bytes.toString('latin1', start + 1, end - 1);
    this.#checkLimit(limit, text.includes('\\') ? this.decodeName(start) : text);
  }

  #checkLimit(limit: QualityRule, received: string | number): void {
    const value = readMetric(limit.form, received);
    if (value === undefined) return;
    const { rank } = limit;
    if (rank !== undefined && rank > this.#decided) return;
    if (isBeyond(limit, value)) this.noted.suspect = true;
    else if (rank !== undefined) this.#decided = rank;
  }

  #nameAndColon(members: TypeMembers | undefined) {
    const start = this.pos;
    const end = this.string();
    if (this.peek() !== 0x3a) throw this.unexpected("':'");
    this.pos++;
    if (members === undefined) return undefined;
    // Names in the model are plain ASCII; a name with escapes is decoded before it is compared.
    let name = this.bytes.toString('latin1', start + 1, end - 1);
    if (name.includes('\\')) name = this.decodeName(start);
    return members.byName.get(name);
  }

  #isControl(start: number, valueStart: number): boolean {
    const text = this.bytes.toString('latin1', start, valueStart);
    return mayBeControl(text) && isCutControl(this.decodeName(start));
  }

  /** Returns the shape to walk a value by; none where its type differs from the model's. */
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
}
