/** Says by which of a person's texts a query matches, and where in it. */
import { digitsOf, fold } from '../wire/text/fold.ts';
import { digitRanges, foldedRanges, type FoldedRange } from '../wire/text/folded-ranges.ts';
import { addressesOf, identitiesOf, shownIdentityOf } from './entry-identity.ts';
import { hasNames, hasNumber, type IndexedPerson, isObject, type PersonQuery } from './people.ts';

export interface PersonMatch {
  readonly by: 'name' | 'address' | 'id' | 'number';
  /** The matching text as received. */
  readonly text: string;
  /** Where the parts of the query stand in the text. */
  readonly ranges: readonly FoldedRange[];
}

/**
 * Returns how a person matches.
 *
 * @param entry A participant or an organizer as received.
 * @param person The person in it, as `personOf` returns.
 * @returns `undefined` when `matchesPerson` is false for it.
 */
export function matchOf(entry: unknown, person: IndexedPerson, wanted: PersonQuery): PersonMatch | undefined {
  if (hasNames(person.names, wanted)) return nameMatch(entry, wanted);
  if (wanted.id !== undefined && person.ids.includes(wanted.id)) return idMatch(entry, wanted.id);
  return person.numbers.some((number) => hasNumber(number, wanted)) ? numberMatch(entry, wanted) : undefined;
}

function nameMatch(entry: unknown, { nameParts }: PersonQuery): PersonMatch | undefined {
  const shown = shownIdentityOf(entry)?.name;
  const addresses = addressesOf(entry);
  const names = [shown, ...identitiesOf(entry).map(([, { displayName }]) => displayName)];
  const texts = [
    ...names.filter((name) => typeof name === 'string').map((text) => ({ by: 'name', text }) as const),
    ...addresses.map((text) => ({ by: 'address', text }) as const),
  ];
  // The name that has the most parts; among equals the first, which is the one to show.
  const counts = texts.map(({ text }) => {
    const folded = fold(text);
    return nameParts.filter((part) => folded.includes(part)).length;
  });
  const best = texts[counts.indexOf(Math.max(...counts))];
  if (best === undefined) return undefined;
  const by = addresses.includes(best.text) ? 'address' : 'name';
  return { by, text: best.text, ranges: foldedRanges(best.text, nameParts) };
}

function idMatch(entry: unknown, wanted: string): PersonMatch | undefined {
  const ids = [
    isObject(entry) ? entry['id'] : undefined,
    ...identitiesOf(entry).map(([, identity]) => identity['id']),
  ].filter((id) => typeof id === 'string');
  const text = ids.find((id) => fold(id) === wanted);
  return text === undefined ? undefined : { by: 'id', text, ranges: foldedRanges(text, [wanted]) };
}

function numberMatch(entry: unknown, wanted: PersonQuery): PersonMatch | undefined {
  const texts = identitiesOf(entry).flatMap(([, { id, displayName }]) =>
    [displayName, id].filter((text) => typeof text === 'string'),
  );
  const text = texts.find((one) => hasNumber(digitsOf(one), wanted));
  return text === undefined
    ? undefined
    : { by: 'number', text, ranges: digitRanges(text, wanted.numberParts) };
}
