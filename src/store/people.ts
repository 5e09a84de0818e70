/** Extracts the texts by which people in a call are found, and matches them. */
import { digitsOf, fold } from '../wire/text/fold.ts';

/** A person in a call, as the search index has them. Every text is folded. */
export interface IndexedPerson {
  /** Display names, user principal names and addresses, one per line. */
  readonly names: string;
  /** Ids of the entry and of every identity in it. */
  readonly ids: readonly string[];
  /** Phone numbers, digits only. */
  readonly numbers: readonly string[];
}

/** A query for a person. */
export interface PersonQuery {
  /** Parts of one person's names; each must occur within one line of `names`. */
  readonly nameParts: readonly string[];
  readonly id: string | undefined;
  /** Parts of a number; one of them must match. */
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

/** Characters of a name or an id that are read: no real name is longer. */
const longestName = 256;

/** Returns an id as the search index has it. */
export function indexedId(id: string): string {
  return fold(id.slice(0, longestName));
}
/** A phone number in network form; its last digits may be masked. */
const phoneNumber = /^\+?[\d\s().\-/]{3,}\**$/;
const phoneKinds: ReadonlySet<string> = new Set(['phone', 'assertedIdentity']);

type Json = Readonly<Record<string, unknown>>;

/**
 * Returns the person in an entry.
 *
 * @param entry A participant or an organizer as received: `{"id":…,"identity":{"user":{…}}}`.
 * @returns A person without names when the entry names none.
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

/** The number that a store assigns to a phrase. */
export type PhraseNumber = number | bigint;
