/** Filters and sorts the participants of a call. */
import type { RollPerson } from '../../analysis/roll.ts';
import { kindName } from '../../contract/identity-kinds.ts';
import { locale, rollMessages } from '../messages/en.ts';
import { joinedMs, leftMs } from './presence.ts';

export type Order = 'received' | 'name' | 'joined' | 'left' | 'present';

export const orders = (['received', 'name', 'joined', 'left', 'present'] as const).map((name) => ({
  name,
  title: rollMessages.orders[name],
}));

const names = new Intl.Collator(locale.sorting, { sensitivity: 'base', numeric: true });

const compare: Readonly<Record<Exclude<Order, 'received'>, (a: RollPerson, b: RollPerson) => number>> = {
  name: (a, b) => names.compare(a.name, b.name),
  joined: (a, b) => (joinedMs(a) ?? Infinity) - (joinedMs(b) ?? Infinity) || 0,
  left: (a, b) => (leftMs(a) ?? Infinity) - (leftMs(b) ?? Infinity) || 0,
  present: (a, b) => (b.presentSeconds ?? 0) - (a.presentSeconds ?? 0),
};

/** Filters participants. @param text Words, each of which must occur in a person's visible text. */
export function shownPeople(
  people: readonly RollPerson[],
  text: string,
  order: Order,
): readonly RollPerson[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const matching = words.length === 0 ? people : people.filter((person) => isMatch(person, words));
  return order === 'received' ? matching : matching.toSorted(compare[order]);
}

function isMatch(
  { name, id, userPrincipalName, tenantId, tenantName, kind }: RollPerson,
  words: readonly string[],
): boolean {
  const all = fold(
    `${name} ${id} ${userPrincipalName ?? ''} ${tenantId ?? ''} ${tenantName ?? ''} ${kindName(kind)}`,
  );
  return words.every((word) => all.includes(word));
}

/** Removes diacritics and converts to lower case: `zoe ang` finds `Zoë Ångström`. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
