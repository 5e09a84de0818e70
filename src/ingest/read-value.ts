/**
 * One JSON value people have to what is in it: a callRecord, a response page of Graph's, or an array of either.
 */
import { Scanner, TextError } from '../text/scanner.ts';
import { stringMember } from '../text/members.ts';
import { storedRules } from '../text/entity.ts';
import type { LogRow } from '../store/store.ts';
import { type CallWithCounts, walkCall } from './read-call.ts';
import { maxValues } from './limits.ts';
import { logKindNamed, logKindOf, readLogRow } from './read-log-row.ts';

/** A page of one call's list; its entries are read when all pages of the call are together. */
export interface ListPage {
  readonly kind: 'participants_v2' | 'sessions';
  readonly callId: string;
  /** Text of each entry. */
  readonly entries: readonly Buffer[];
  /** False when the page had a next link. */
  readonly last: boolean;
}

export type Received =
  | { readonly record: CallWithCounts }
  | { readonly page: ListPage }
  | { readonly logRow: LogRow }
  | { readonly rejected: string };

/**
 * Reads the values of a text one after another.
 *
 * @throws TextError when the text is not JSON. A value that is JSON and cannot be taken is given back as `rejected`.
 */
export function* readValues(bytes: Buffer): Generator<Received> {
  const scanner = new Scanner(bytes, 0, undefined, storedRules);
  const count = new ValueCount();
  while (scanner.peek() !== -1) {
    count.add();
    scanner.edits.length = 0;
    if (scanner.peek() === 0x5b)
      yield* readElements(elementsAt(scanner, count), ({ start, end }) =>
        readObject(new Scanner(bytes, start, end, storedRules), count),
      );
    else yield* readObject(scanner, count);
  }
}

/** Counts the values of a line. */
class ValueCount {
  #count = 0;

  add(): void {
    if (++this.#count > maxValues)
      throw new TextError(`The line holds more than ${maxValues} values. Split it.`, 'notWanted');
  }
}

function* readElements(
  elements: readonly Range[],
  read: (element: Range) => Iterable<Received>,
): Generator<Received> {
  for (const element of elements) {
    try {
      yield* read(element);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      yield { rejected: error.message };
    }
  }
}

function* readObject(scanner: Scanner, count: ValueCount): Generator<Received> {
  if (scanner.peek() !== 0x7b) {
    scanner.value(undefined); // throws when it is not even JSON
    throw new TextError('A JSON object is expected: a callRecord or a response.', 'notWanted');
  }
  const start = scanner.pos;
  const walked = walkCall(scanner);
  const { bytes } = scanner;
  const value = walked.collected.find(({ name }) => name === 'value');
  const has = (name: string) => walked.collected.some((member) => member.name === name);
  if (has('error') && !has('id'))
    throw new TextError('This is an error response, not a callRecord.', 'notWanted');
  const context = stringMember(bytes, walked.collected, '@odata.context');
  const place = placeOf(context);
  const kind = logKindNamed(stringMember(bytes, walked.collected, '@odata.type')) ?? logKindNamed(context);
  if (value === undefined || bytes[value.valueStart] !== 0x5b || has('id')) {
    const rowKind = kind ?? (place === undefined ? logKindOf(walked.collected) : undefined);
    if (rowKind !== undefined) {
      yield { logRow: readLogRow(bytes, start, scanner.pos, rowKind) };
      return;
    }
    // One entry of a list, answered by itself: a page of one, of which nobody says that it is the last.
    const one = place?.kind && {
      kind: place.kind,
      callId: place.callId,
      entries: [bytes.subarray(start, scanner.pos)],
      last: false,
    };
    if (one === undefined && place === undefined && !callMembers.some(has)) {
      throw new TextError(
        'This is not a callRecord: it has neither a version nor a start nor a list of a call.',
        'notWanted',
      );
    }
    if (one !== undefined) yield { page: one };
    else yield { record: walked.call() };
    return;
  }
  const elements = elementsAt(new Scanner(bytes, value.valueStart, value.end), count);
  if (kind !== undefined) {
    yield* readElements(elements, ({ start: from, end }) => [{ logRow: readLogRow(bytes, from, end, kind) }]);
    return;
  }
  const nextLink = stringMember(bytes, walked.collected, '@odata.nextLink');
  const at = place ?? placeOf(nextLink);
  if (at === undefined && elements.length === 0) return;
  if (at === undefined && !looksLikeCall(bytes, elements[0]!)) {
    throw new TextError('A page without @odata.context does not say which call it is of.', 'notWanted');
  }
  if (at?.kind === undefined) {
    yield* readElements(elements, ({ start: from, end }) =>
      readObject(new Scanner(bytes, from, end, storedRules), count),
    );
    return;
  }
  if (at.selected) throw new TextError('A page under $select does not hold whole entries.', 'notWanted');
  const entries = elements.map(({ start, end }) => bytes.subarray(start, end));
  yield { page: { kind: at.kind, callId: at.callId, entries, last: nextLink === undefined } };
}

/** Any of these, and an object is a callRecord, if only a part of one. */
const callMembers = ['version', 'startDateTime', 'participants_v2', 'sessions'];

interface Range {
  readonly start: number;
  readonly end: number;
}

function elementsAt(scanner: Scanner, count: ValueCount): Range[] {
  const elements: Range[] = [];
  scanner.array(() => {
    count.add();
    scanner.peek();
    const start = scanner.pos;
    scanner.value(undefined);
    elements.push({ start, end: scanner.pos });
  });
  return elements;
}

interface Place {
  readonly kind: ListPage['kind'] | undefined;
  readonly callId: string;
  readonly selected: boolean;
}

/** Key in parentheses, or as the segment after the collection. */
const placePattern =
  /callRecords(?:\('((?:[^']|'')*)'\)|\/([^/?#(]+))?(?:\/(participants_v2|sessions)(\([^)]*\)+)?)?/;

/** Where a context URL or a next link says that a body belongs. */
function placeOf(url: string | undefined): Place | undefined {
  const match = url === undefined ? null : placePattern.exec(url);
  if (match === null) return undefined;
  const [, quoted, segment, kind, expansion] = match;
  const key = quoted?.replaceAll("''", "'") ?? (segment === '$entity' ? undefined : segment);
  const selected =
    expansion !== undefined && /\(\s*[a-z]\w*\s*[,)]/i.test(expansion) && !/\w\(/.test(expansion);
  return {
    // The pattern's alternatives.
    kind: key === undefined ? undefined : (kind as ListPage['kind'] | undefined),
    callId: decoded(key ?? ''),
    selected,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not percent-encoded after all
  }
}

function looksLikeCall(bytes: Buffer, { start, end }: Range): boolean {
  const text = bytes.toString('utf8', start, Math.min(end, start + 2000));
  return text.includes('"version"') && text.includes('"startDateTime"');
}
