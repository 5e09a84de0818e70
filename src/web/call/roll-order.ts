/** Filters and sorts the participants of a call. */
import type { RollPerson } from '../../analysis/roll.ts';
import { type Affiliation, affiliations } from '../../contract/affiliation.ts';
import { kindName } from '../../contract/identity-kinds.ts';
import { locale, rollMessages } from '../messages/en.ts';
import { joinedMs, leftMs } from './presence.ts';

/** Characters of the text to find. */
export const longestFind = 200;

const sortNames = ['name', 'joined', 'left', 'present'] as const;
export type SortName = (typeof sortNames)[number];

/** By what the roll is sorted; absent for the order in which it was received. */
export interface Order {
  readonly by: SortName;
  readonly isDescending: boolean;
}

/** Reads an order from the page's URL: `name`, or `-name` for the opposite. */
export function parseOrder(text: string | null): Order | undefined {
  const by = sortNames.find((name) => name === text?.replace(/^-/, ''));
  return by && { by, isDescending: text?.startsWith('-') === true };
}

export function formatOrder(order: Order | undefined): string | undefined {
  return order && `${order.isDescending ? '-' : ''}${order.by}`;
}

/** The orders of a column: first the usual one, at the next click the opposite, then as received. */
export function nextRollOrder(order: Order | undefined, by: SortName): Order | undefined {
  if (order?.by !== by) return { by, isDescending: by === 'present' };
  return order.isDescending === (by === 'present') ? { by, isDescending: !order.isDescending } : undefined;
}

/** The orders as text of the page's URL, for a list to choose from. */
export const orderChoices = (
  ['', 'name', '-name', 'joined', '-joined', 'left', '-left', '-present', 'present'] as const
).map((value) => ({ value, title: rollMessages.orders[value] }));

const names = new Intl.Collator(locale.sorting, { sensitivity: 'base', numeric: true });

/** The value that a column is sorted by; people without one come last in either direction. */
const values: Readonly<Record<Exclude<SortName, 'name'>, (person: RollPerson) => number | null | undefined>> =
  { joined: joinedMs, left: leftMs, present: ({ presentSeconds }) => presentSeconds };

function compareBy({ by, isDescending }: Order): (a: RollPerson, b: RollPerson) => number {
  const sign = isDescending ? -1 : 1;
  if (by === 'name') return (a, b) => sign * names.compare(a.name, b.name);
  const valueOf = values[by];
  return (a, b) => {
    const [first, second] = [valueOf(a) ?? null, valueOf(b) ?? null];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  };
}

interface Wanted {
  /** Words, each of which must occur in a person's text. */
  readonly text: string;
  readonly affiliation: Affiliation | undefined;
  readonly order: Order | undefined;
}

/** Returns the text in which a person is found, by position on the roll. */
export function searchTexts(people: readonly RollPerson[]): readonly string[] {
  return people.map(({ name, id, userPrincipalName, tenantId, tenantName, kind }) =>
    fold(`${name} ${id} ${userPrincipalName ?? ''} ${tenantId ?? ''} ${tenantName ?? ''} ${kindName(kind)}`),
  );
}

/** Filters and sorts participants. @param texts Returns `searchTexts`; called only when there are words. */
export function shownPeople(
  people: readonly RollPerson[],
  texts: () => readonly string[],
  { text, affiliation, order }: Wanted,
): readonly RollPerson[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  let shown = people;
  if (affiliation !== undefined) shown = shown.filter((person) => person.affiliation === affiliation);
  if (words.length > 0) {
    const all = texts();
    shown = shown.filter(({ index }) => words.every((word) => all[index]?.includes(word)));
  }
  return order === undefined ? shown : shown.toSorted(compareBy(order));
}

/** Returns how many people have each affiliation that occurs, and the chosen one. */
export function affiliationCounts(
  people: readonly RollPerson[],
  chosen: Affiliation | undefined,
): readonly { readonly affiliation: Affiliation; readonly count: number }[] {
  const counts = Object.fromEntries(affiliations.map((one) => [one, 0])) as Record<Affiliation, number>;
  for (const { affiliation } of people) counts[affiliation]++;
  return affiliations
    .filter((one) => counts[one] > 0 || one === chosen)
    .map((affiliation) => ({ affiliation, count: counts[affiliation] }));
}

/** Removes diacritics and converts to lower case: `zoe ang` finds `Zoë Ångström`. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
