/** Formats who was in a call: `Anna Berg ↔ Paul Novak, +3, 2 external`. */
import type { FoundRow } from '../../serve/internal/search/find-calls.ts';
import type { CallPeople } from '../../store/shown-people.ts';

/** Returns who matched, the other party, how many more there are, and how many of all are from outside. */
export function whoText({ call, people: { matched, others, more } }: FoundRow): string {
  const found = matched ?? [];
  // They are ordered by the condition that they meet: the last one is the other person of a search for two.
  const [one = others[0], other = found.length > 1 ? found.at(-1) : others.find((person) => person !== one)] =
    found.slice(0, 1);
  const named = [one, other].filter((person) => person !== undefined);
  const hidden = [...found, ...others].filter((person) => person.isParticipant && !named.includes(person));
  const rest = more + hidden.length;
  return [
    named.map(nameOnRow).join(' ↔ '),
    rest > 0 ? `+${rest}` : '',
    call.external > 0 ? `${call.external} external` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

function nameOnRow({ name, id }: CallPeople['others'][number]): string {
  return name ?? id ?? 'unnamed';
}
