/** Compares two stored states of a call: who came, who went, whose data changed, and which sessions differ. Pure. */
import { failureWords } from '../contract/failure.ts';
import type { RollPerson } from './roll.ts';

/** What may differ between two states of a person. */
export const personFields = [
  ...(['name', 'kind', 'userPrincipalName', 'tenantId', 'inferredFrom'] as const),
  ...(['joinedDateTime', 'leftDateTime', 'presentSeconds', 'platforms', 'failures'] as const),
] as const;
export type PersonField = (typeof personFields)[number];

export interface ComparedPerson {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
}

interface FieldChange {
  readonly field: PersonField;
  /** Null when it is unknown. */
  readonly left: string | number | null;
  readonly right: string | number | null;
}

export interface ChangedPerson extends ComparedPerson {
  readonly changes: readonly FieldChange[];
}

/** How many there are, and the first of them. */
export interface Counted<T> {
  readonly count: number;
  readonly first: readonly T[];
}

interface PeopleComparison {
  /** Those who are only on the right. */
  readonly came: Counted<ComparedPerson>;
  /** Those who are only on the left. */
  readonly went: Counted<ComparedPerson>;
  readonly changed: Counted<ChangedPerson>;
}

export interface ComparedSession {
  readonly id: string;
  /** Names of the people at its ends who are on the roll. */
  readonly people: readonly string[];
  readonly startDateTime: string | null;
  readonly endDateTime: string | null;
}

export interface VersionComparison {
  /** How many people are on the roll of each state. */
  readonly counts: { readonly left: number; readonly right: number };
  readonly people: PeopleComparison;
  /** Null when a state has no list of sessions: which ones it lacks is then unknown. */
  readonly sessions: {
    readonly added: Counted<ComparedSession>;
    readonly removed: Counted<ComparedSession>;
    readonly changed: Counted<ComparedSession>;
  } | null;
}

/** Compares two rolls. @param most The largest number of entries of each list. */
export function comparePeople(
  left: readonly RollPerson[],
  right: readonly RollPerson[],
  most: number,
): PeopleComparison {
  const { onlyLeft, onlyRight, both } = paired(left, right, personKey);
  const changed = both.flatMap(([before, after]) => {
    const changes = personChanges(before, after);
    return changes.length === 0 ? [] : [{ ...named(after), changes }];
  });
  return {
    came: counted(onlyRight.map(named), most),
    went: counted(onlyLeft.map(named), most),
    changed: counted(changed, most),
  };
}

/** A session of a list: its id, and a digest of its text and that of its segments. */
export interface SessionMark {
  readonly index: number;
  readonly id: string;
  readonly digest: string;
}

/** Returns what is only on the right, only on the left, and changed, as on the right. */
export function compareSessions(left: readonly SessionMark[], right: readonly SessionMark[]) {
  const { onlyLeft, onlyRight, both } = paired(left, right, ({ id }) => id);
  const changed = both.flatMap(([before, after]) => (before.digest === after.digest ? [] : [after]));
  return { added: onlyRight, removed: onlyLeft, changed };
}

/** Pairs the entries of two lists by key. Where a key repeats, its first entries are a pair, then its second ones. */
function paired<T>(left: readonly T[], right: readonly T[], keyOf: (entry: T) => string) {
  const waiting = new Map<string, T[]>();
  for (const entry of left) {
    const same = waiting.get(keyOf(entry));
    if (same === undefined) waiting.set(keyOf(entry), [entry]);
    else same.push(entry);
  }
  const matched = new Set<T>();
  const onlyRight: T[] = [];
  const both: (readonly [T, T])[] = [];
  for (const queue of waiting.values()) queue.reverse();
  for (const entry of right) {
    const before = waiting.get(keyOf(entry))?.pop();
    if (before === undefined) onlyRight.push(entry);
    else {
      matched.add(before);
      both.push([before, entry]);
    }
  }
  return { onlyLeft: left.filter((entry) => !matched.has(entry)), onlyRight, both };
}

/** GUIDs are written in either case. An entry without an id is the same person where it has the same name and kind. */
function personKey({ id, kind, name }: RollPerson): string {
  return id === '' ? `\0${kind}\0${name}` : id.toLowerCase();
}

function personChanges(left: RollPerson, right: RollPerson): readonly FieldChange[] {
  return personFields.flatMap((field) => {
    const change = { field, left: valueOf(left, field), right: valueOf(right, field) };
    return change.left === change.right ? [] : [change];
  });
}

function valueOf(person: RollPerson, field: PersonField): string | number | null {
  if (field === 'platforms') return textOf(person.platforms, ', ');
  if (field === 'failures') return textOf(person.failures.map(failureWords), '; ');
  return person[field];
}

function textOf(values: readonly string[], separator: string): string | null {
  return values.length === 0 ? null : values.join(separator);
}

function named({ id, name, kind }: RollPerson): ComparedPerson {
  return { id, name, kind };
}

function counted<T>(all: readonly T[], most: number): Counted<T> {
  return { count: all.length, first: all.slice(0, most) };
}
