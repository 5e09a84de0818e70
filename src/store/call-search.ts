/** Turns a search into conditions, and decides whether a call meets them. */
import { digitsOf, fold, meetingUrl } from '../wire/text/fold.ts';
import { indexedId, matchesPerson, type IndexedPerson, type PersonQuery } from './people.ts';
import { PairFinder, type PairQuery } from './two-people.ts';
import { type ExternalChoice, externalChoiceOf } from '../contract/affiliation.ts';
import type { CallState } from '../contract/call-outcome.ts';
import type { ReasonKind } from '../contract/failure.ts';
import type { UserRating } from '../contract/user-rating.ts';
import type { CallSearch, FoundCall } from './search.ts';

/** A condition on the people of a call. */
export interface PersonCondition {
  readonly wanted: PersonQuery;
  /** `anybody` searches all people in the call including the organizer, `organizer` the organizer alone. */
  readonly whom: 'anybody' | 'organizer';
  /** Properties of the call that meet the condition as well: its id or its join URL. */
  readonly orCall: { readonly callId: string; readonly meeting: string } | undefined;
}

/** All people in a call. */
export interface People {
  readonly participants: Iterable<IndexedPerson>;
  readonly organizer: IndexedPerson;
}

export interface Conditions {
  readonly from: bigint;
  readonly before: bigint;
  readonly people: readonly PersonCondition[];
  /** Two of these conditions that two different people must meet. */
  readonly pair: PairQuery | undefined;
  readonly type: string | undefined;
  readonly modality: string | undefined;
  readonly minTicks: bigint | undefined;
  readonly maxTicks: bigint | undefined;
  readonly meeting: string | undefined;
  readonly state: CallState | undefined;
  readonly reason: ReasonKind | undefined;
  readonly external: ExternalChoice | undefined;
  /** In lower case, as the next. */
  readonly tenant: string | undefined;
  readonly domain: string | undefined;
  readonly rating: UserRating | undefined;
}

export function conditionsOf(search: CallSearch): Conditions {
  const { person, with: other, personId, number, organizer, q } = search;
  const people: PersonCondition[] = [];
  for (const text of [person, other])
    if (text !== undefined) people.push({ wanted: named(text), whom: 'anybody', orCall: undefined });
  if (personId !== undefined)
    people.push({
      wanted: { nameParts: [], id: indexedId(personId), numberParts: [] },
      whom: 'anybody',
      orCall: undefined,
    });
  if (number !== undefined) people.push({ wanted: numbered(number), whom: 'anybody', orCall: undefined });
  if (organizer !== undefined)
    people.push({ wanted: named(organizer), whom: 'organizer', orCall: undefined });
  for (const word of wordsOf(q ?? '')) {
    const part = fold(word);
    if (part === '') continue;
    people.push({
      wanted: { nameParts: [part], id: part, numberParts: isNumber(word) ? numberParts(word) : [] },
      whom: 'anybody',
      orCall: { callId: part, meeting: meetingUrl(word) },
    });
  }
  return {
    from: search.from ?? -(2n ** 62n),
    before: search.before ?? 2n ** 62n,
    people,
    pair:
      person === undefined || other === undefined ? undefined : { one: named(person), other: named(other) },
    type: search.type,
    modality: search.modality,
    minTicks: search.minTicks,
    maxTicks: search.maxTicks,
    meeting: search.joinUrl === undefined ? undefined : meetingUrl(search.joinUrl),
    state: search.state,
    reason: search.reason,
    external: search.external,
    tenant: search.tenant?.toLowerCase(),
    domain: search.domain?.toLowerCase(),
    rating: search.rating,
  };
}

function named(text: string): PersonQuery {
  const id = fold(text);
  return { nameParts: id.split(' ').filter((part) => part !== ''), id, numberParts: [] };
}

function numbered(text: string): PersonQuery {
  return { nameParts: [], id: undefined, numberParts: numberParts(text) };
}

/** Splits a text into words. A number that is written with spaces, as `+49 30 1234567`, is one word. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = words.at(-1);
    if (last !== undefined && /^\(?[+0]/.test(last) && hasNumberForm(last) && hasNumberForm(word))
      words[words.length - 1] = last + word;
    else words.push(word);
  }
  return words;
}

function hasNumberForm(word: string): boolean {
  return /^\+?[\d().\-/]+$/.test(word);
}

/** Returns true for a word that may be part of a phone number; shorter ones occur in too many names. */
function isNumber(word: string): boolean {
  return hasNumberForm(word) && digitsOf(word).length >= 3;
}

/**
 * The fewest digits that are searched without their leading zeros: numbers are stored in international form, without
 * the zeros of a number dialed at home.
 */
const fewestAfterZeros = 5;

/** The zero in brackets of `+49 (0)30 …`, which is dialed only without the country code. */
const domesticZero = /^(\s*(?:\+|00)[\d\s]{1,6})\(0\)/;

/** Returns the digits of a number as the store may have them: a number that has one of them is wanted. */
export function numberParts(text: string): readonly string[] {
  const parts = new Set([text, text.replace(domesticZero, '$1')].map(digitsOf));
  for (const digits of parts) {
    const bare = digits.replace(/^0+/, '');
    if (bare.length >= fewestAfterZeros) parts.add(bare);
  }
  parts.delete('');
  return [...parts];
}

export function meetsFacts(call: FoundCall, conditions: Conditions): boolean {
  const { from, before, type, modality, minTicks, maxTicks, meeting } = conditions;
  const { state, reason, external, rating } = conditions;
  const { startTicks, endTicks } = call;
  const length = endTicks === undefined ? undefined : endTicks - startTicks;
  return (
    startTicks >= from &&
    startTicks < before &&
    (type === undefined || call.type === type) &&
    (modality === undefined || call.modalities.includes(modality)) &&
    (minTicks === undefined || (length !== undefined && length >= minTicks)) &&
    (maxTicks === undefined || (length !== undefined && length <= maxTicks)) &&
    (meeting === undefined || isMeeting(call, meeting)) &&
    (state === undefined || isInState(call, state)) &&
    (reason === undefined || call.reasons.includes(reason)) &&
    (external === undefined || externalOf(call) === external) &&
    (rating === undefined || call.ratings.includes(rating))
  );
}

/** Returns whether people from outside took part; unknown where participants are missing and no external one is known. */
export function externalOf({
  external,
  unknown,
  participants,
  isRollComplete,
}: Pick<FoundCall, 'external' | 'unknown' | 'participants' | 'isRollComplete'>): ExternalChoice {
  const isWhole = isRollComplete && participants > 0;
  return externalChoiceOf(external, isWhole ? unknown : unknown + 1);
}

export function isInState(
  call: Pick<FoundCall, 'outcome' | 'failures' | 'poor' | 'incomplete'>,
  state: CallState,
): boolean {
  if (state === 'poor' || state === 'incomplete') return call[state];
  if (state === 'partlyFailed') return call.outcome !== 'failed' && (call.failures?.affected ?? 0) > 0;
  return call.outcome === state;
}

export function meetsPerson(
  call: FoundCall,
  people: People,
  { wanted, whom, orCall }: PersonCondition,
): boolean {
  if (orCall !== undefined && isThatCall(call, orCall)) return true;
  if (matchesPerson(people.organizer, wanted)) return true;
  if (whom === 'organizer') return false;
  for (const person of people.participants) if (matchesPerson(person, wanted)) return true;
  return false;
}

/** Returns true when two different people, one of whom may be the organizer, meet the two conditions. */
export function meetsPair({ participants, organizer }: People, pair: PairQuery): boolean {
  const finder = new PairFinder(pair);
  finder.add(organizer);
  for (const person of participants) finder.add(person);
  return finder.isFound;
}

export function isThatCall(
  call: FoundCall,
  { callId, meeting }: NonNullable<PersonCondition['orCall']>,
): boolean {
  return fold(call.callId) === callId || isMeeting(call, meeting);
}

function isMeeting({ joinWebUrl }: FoundCall, meeting: string): boolean {
  return joinWebUrl !== null && meeting !== '' && meetingUrl(joinWebUrl) === meeting;
}

/** Compares two calls: the one that started later comes first. */
export function newestFirst(
  a: Pick<FoundCall, 'startTicks' | 'call'>,
  b: Pick<FoundCall, 'startTicks' | 'call'>,
): number {
  return a.startTicks === b.startTicks ? b.call - a.call : a.startTicks > b.startTicks ? -1 : 1;
}
