/** People in a call, in the words they are found by. */
import { digitsOf, fold } from '../wire/text/fold.ts';

/** Somebody in a call. Every text is folded. */
export interface IndexedPerson {
  /** Display names, user principal names and addresses, one a line. */
  readonly names: string;
  /** Of the entry and of every identity in it. */
  readonly ids: readonly string[];
  /** Phone numbers, their digits alone. */
  readonly numbers: readonly string[];
}

/** Who is looked for. */
export interface PersonQuery {
  /** Parts that one person's names must hold, each in one line. */
  readonly nameParts: readonly string[];
  readonly id: string | undefined;
  /** Parts of a number, any of which will do. */
  readonly numberParts: readonly string[];
}

export function matchesPerson(person: IndexedPerson, wanted: PersonQuery): boolean {
  return (
    hasNames(person.names, wanted) ||
    (wanted.id !== undefined && person.ids.includes(wanted.id)) ||
    person.numbers.some((number) => hasNumber(number, wanted))
  );
}

export function hasNames(names: string, { nameParts }: PersonQuery): boolean {
  return nameParts.length > 0 && nameParts.every((part) => names.includes(part));
}

export function hasNumber(number: string, { numberParts }: PersonQuery): boolean {
  return numberParts.some((part) => number.includes(part));
}

/** What of a name is looked at: nobody's name is longer, and what is may be anything. */
const longestName = 256;
/** A number as the telephone network has it, the last digits of which may be masked. */
const phoneNumber = /^\+?[\d\s().\-/]{3,}\**$/;
const phoneKinds: ReadonlySet<string> = new Set(['phone', 'assertedIdentity']);

type Json = Readonly<Record<string, unknown>>;

/**
 * @param entry A participant or an organizer: `{"id":…,"identity":{"user":{…}}}`, as it came.
 * @returns Nobody when it names nobody.
 */
export function personOf(entry: unknown): IndexedPerson {
  const names = new Set<string>();
  const ids = new Set<string>();
  const numbers = new Set<string>();
  const add = (set: Set<string>, text: unknown, folded: (text: string) => string) => {
    const value = typeof text === 'string' ? folded(text.slice(0, longestName)) : '';
    if (value !== '') set.add(value);
  };
  if (isObject(entry)) {
    add(ids, entry['id'], fold);
    for (const [kind, identity] of Object.entries(isObject(entry['identity']) ? entry['identity'] : {})) {
      if (!isObject(identity)) continue;
      for (const name of ['displayName', 'userPrincipalName', 'email']) add(names, identity[name], fold);
      add(ids, identity['id'], fold);
      for (const text of [identity['id'], identity['displayName']])
        if (
          typeof text === 'string' &&
          (phoneNumber.test(text) || (phoneKinds.has(kind) && text === identity['id']))
        )
          add(numbers, text, digitsOf);
    }
  }
  return { names: [...names].join('\n'), ids: [...ids], numbers: [...numbers] };
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that people are found by, stored once per tenant: the names of a person, or a phone number. */
export interface Phrase {
  readonly kind: 'names' | 'number';
  readonly text: string;
}

/** As a store counts phrases. */
export type PhraseNumber = number | bigint;
