/** Reads one JSON value of a file: a callRecord, a response page of Graph, or an array of either. */
import { Scanner } from '../../wire/text/scanner.ts';
import { percentDecoded } from '../../base/percent.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { stringMember } from '../../wire/text/members.ts';
import { storedRules } from '../../wire/text/entity.ts';
import { notReceivedMark } from './participant-list.ts';
import { type CallWithCounts, type ListName, walkCall, type WalkedCall } from './read-call.ts';
import { maxValues } from './limits.ts';
import { readBatch } from './batch-response.ts';
import { logKindNamed, logKindOf, readLogRow } from './read-log-row.ts';
import type { Received } from './received.ts';
import { FormError, refusedBy } from './refused.ts';
import { changedForm, valueForm } from './value-forms.ts';

const deepestArray = 8;

/**
 * Reads the values of a text one after another.
 *
 * @param goesOn True for a piece of a response whose list continues.
 * @throws TextError when the text is not JSON. Valid JSON that cannot be imported is yielded as `rejected`.
 */
export function* readValues(bytes: Buffer, goesOn = false): Generator<Received> {
  const scanner = new Scanner(bytes, 0, undefined, storedRules);
  const count = new ValueCount();
  while (scanner.peek() !== -1) {
    count.add();
    scanner.edits.length = 0;
    if (scanner.peek() === 0x5b) yield* readArray(scanner, count);
    else yield* readObject(scanner, count, goesOn);
  }
}

class ValueCount {
  #count = 0;

  add(): void {
    if (++this.#count > maxValues)
      throw new TextError(`The line holds more than ${maxValues} values. Split it.`, 'notWanted');
  }
}

function* readArray(scanner: Scanner, count: ValueCount, depth = 0): Generator<Received> {
  yield* readElements(elementsAt(scanner, count), (text) => {
    const element = new Scanner(text, 0, undefined, storedRules);
    return text[0] === 0x5b && depth < deepestArray
      ? readArray(element, count, depth + 1)
      : readObject(element, count);
  });
}

function* readElements(
  elements: readonly Buffer[],
  read: (element: Buffer) => Iterable<Received>,
): Generator<Received> {
  for (const element of elements) {
    try {
      yield* read(element);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      yield { rejected: refusedBy(error) };
    }
  }
}

function* readObject(scanner: Scanner, count: ValueCount, goesOn = false): Generator<Received> {
  const { bytes } = scanner;
  const isObject = scanner.peek() === 0x7b;
  const start = scanner.pos;
  if (!isObject) {
    scanner.value(undefined);
    scanner.expectEnd(); // throws when it is not even JSON
    const form = valueForm(bytes.subarray(start, scanner.pos));
    if (form !== undefined) throw new FormError(form);
    throw new TextError('Expected a JSON object: a callRecord or a response.', 'notWanted');
  }
  const walked = walkCall(scanner);
  const text = () => bytes.subarray(start, scanner.pos);
  const value = walked.collected.find(({ name }) => name === 'value');
  const has = (name: string) => walked.collected.some((member) => member.name === name);
  if (has('error') && !has('id'))
    throw new TextError('This is an error response, not a callRecord.', 'notWanted');
  const responses = walked.collected.find(({ name }) => name === 'responses');
  if (responses !== undefined && bytes[responses.valueStart] === 0x5b && !has('id')) {
    const elements = elementsAt(new Scanner(bytes, responses.valueStart, responses.end), count);
    yield* readElements(elements, (element) =>
      readBatch(element, (body) => readObject(new Scanner(body, 0, undefined, storedRules), count)),
    );
    return;
  }
  const isCount = (name: string) =>
    walked.collected.some((member) => member.name === name && isDigit(bytes[member.valueStart]));
  const context = stringMember(bytes, walked.collected, '@odata.context');
  const place = placeOf(context);
  const kind = logKindNamed(stringMember(bytes, walked.collected, '@odata.type')) ?? logKindNamed(context);
  if (value === undefined || bytes[value.valueStart] !== 0x5b || has('id')) {
    const rowKind = kind ?? (place === undefined ? logKindOf(walked.collected) : undefined);
    if (rowKind !== undefined) {
      yield { logRow: readLogRow(text(), rowKind) };
      return;
    }
    refusePart(place);
    // The response to a request for one entry: the rest of the list is unknown.
    if (place?.kind !== undefined) {
      const { kind: list, callId } = place;
      const one = { kind: list, callId, entries: [text()], last: false, nextLink: undefined };
      yield { page: one };
      return;
    }
    if (place === undefined && !callMembers.some(has)) {
      const form = valueForm(text());
      if (form !== undefined) throw new FormError(form);
      throw new TextError(
        'This is not a callRecord: it has neither a version nor a start nor a list of a call.',
        'notWanted',
      );
    }
    if (isCount('participants') && isCount('sessions'))
      throw new FormError({
        reason: 'This is a summary of a call, not a callRecord: its lists are counts.',
        next: 'Import the callRecord itself.',
      });
    yield { record: callOf(walked, text) };
    return;
  }
  const elements = elementsAt(new Scanner(bytes, value.valueStart, value.end), count);
  if (kind !== undefined) {
    yield* readLogRows(elements, kind);
    return;
  }
  const nextLink = stringMember(bytes, walked.collected, '@odata.nextLink');
  const at = place ?? placeOf(nextLink);
  if (at === undefined) refuseOther(context);
  if (at === undefined && elements.length === 0) return;
  if (at === undefined && !elements.some(looksLikeCall)) {
    const form = valueForm(elements[0]!);
    if (form !== undefined) throw new FormError(form);
    throw new TextError('The page has no @odata.context, so its call is not known.', 'notWanted');
  }
  refusePart(at);
  // A Rollcall marks a list that it never received: the page is not an empty list.
  if (has(notReceivedMark)) return;
  if (at?.kind === undefined) {
    yield* readElements(elements, (element) =>
      readObject(new Scanner(element, 0, undefined, storedRules), count),
    );
    return;
  }
  const next = nextLink === '' ? undefined : nextLink;
  const last = next === undefined && !goesOn;
  yield { page: { kind: at.kind, callId: at.callId, entries: elements, last, nextLink: next } };
}

/** Returns the call. @throws FormError when a tool has changed the record, so that it is not as Graph sent it */
function callOf(walked: WalkedCall, text: () => Buffer): CallWithCounts {
  const record = walked.call();
  const form = record.call.odd.length === 0 ? undefined : changedForm(text());
  if (form !== undefined) throw new FormError(form);
  return record;
}

/** Reads the rows of a log; an invalid row is rejected alone. */
function* readLogRows(rows: readonly Buffer[], kind: string): Generator<Received> {
  for (const row of rows) {
    try {
      yield { logRow: readLogRow(row, kind) };
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      yield { rejected: { ...refusedBy(error), logRow: row } };
    }
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** Rejects a part of a record that is stored only as a whole. @throws TextError */
function refusePart(place: Place | undefined): void {
  if (place?.selected === true && place.kind !== undefined)
    throw new TextError('The page was requested with $select, so its entries are incomplete.', 'notWanted');
  if (place?.selected === true)
    throw new TextError(
      'The record was requested with $select, so it has only the selected members.',
      'notWanted',
    );
  if (place?.isSegments === true)
    throw new FormError({
      reason: 'These are segments of a session without the session.',
      next: 'Import its sessions with their segments: $expand=sessions($expand=segments).',
    });
  if (place?.isOrganizer === true)
    throw new FormError({
      reason: 'This is the organizer of a call without the call.',
      next: 'Import the callRecord, which holds its organizer.',
    });
}

/** Rejects a response whose context names another type. */
function refuseOther(context: string | undefined): void {
  const [, set] = /\/\$metadata(?:#([\w.]{1,100}))?/.exec(context ?? '') ?? [undefined, undefined];
  if (context === undefined || (set === undefined && !context.endsWith('/$metadata'))) return;
  throw new FormError({
    reason: `This is a response about ${set === undefined ? 'the service' : `'${set}'`}: it holds no callRecord.`,
    next: 'Import responses of /communications/callRecords.',
  });
}

/** Members that identify a callRecord, or a part of one. */
const callMembers = ['version', 'startDateTime', 'participants_v2', 'sessions'];

function elementsAt(scanner: Scanner, count: ValueCount): Buffer[] {
  const elements: Buffer[] = [];
  scanner.array(() => {
    count.add();
    scanner.peek();
    const start = scanner.pos;
    scanner.skip(); // only one nested too deep is rejected
    elements.push(scanner.bytes.subarray(start, scanner.pos));
  });
  return elements;
}

interface Place {
  readonly kind: ListName | undefined;
  readonly callId: string;
  readonly selected: boolean;
  readonly isSegments: boolean;
  readonly isOrganizer: boolean;
}

/** Matches a key in parentheses or as the segment after the collection; then a list, and its select list. */
const placePattern =
  /callRecords(?:\('((?:[^']|'')*)'\)|\/([^/?#(]+))?(?:\/(participants_v2|sessions)(?:\('(?:[^']|'')*'\)|\/(?!\$)[^/?#(]+)?)?(\/segments|\/organizer_v2)?(\([^?#]*\))?/;
/** Matches a selected member in a context's select list; an expanded one has parentheses. */
const selectedMember = /[(,]\s*[a-z]\w*\s*(?=[,)])/i;

/** Returns the location that a context URL or a next link names. */
function placeOf(url: string | undefined): Place | undefined {
  const match = url === undefined ? null : placePattern.exec(url);
  if (match === null) return undefined;
  const [, quoted, segment, kind, part, asked] = match;
  const key = quoted?.replaceAll("''", "'") ?? (segment?.startsWith('$') === true ? undefined : segment);
  return {
    // The pattern guarantees it.
    kind: key === undefined ? undefined : (kind as ListName | undefined),
    callId: percentDecoded(key ?? ''),
    selected: asked !== undefined && selectedMember.test(asked),
    isSegments: part === '/segments',
    isOrganizer: part === '/organizer_v2',
  };
}

function looksLikeCall(element: Buffer): boolean {
  const text = element.toString('utf8', 0, 2000);
  return text.includes('"version"') && text.includes('"startDateTime"');
}
