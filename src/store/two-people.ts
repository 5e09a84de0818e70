/** Decides whether two different people in a call match two queries. */
import { type IndexedPerson, matchesPerson, type PersonQuery } from './people.ts';

/** Two queries that two different people must match. */
export interface PairQuery {
  readonly one: PersonQuery;
  readonly other: PersonQuery;
}

/** Looks for a pair among the people of a call, who are added one by one. */
export class PairFinder {
  readonly #query: PairQuery;
  readonly #ones: IndexedPerson[] = [];
  readonly #others: IndexedPerson[] = [];
  #isFound = false;

  constructor(query: PairQuery) {
    this.#query = query;
  }

  get isFound(): boolean {
    return this.#isFound;
  }

  /** Adds a person; the same one may be added several times, such as an organizer who took part. */
  add(person: IndexedPerson): void {
    if (this.#isFound) return;
    const [isOne, isOther] = [
      matchesPerson(person, this.#query.one),
      matchesPerson(person, this.#query.other),
    ];
    this.#isFound =
      (isOne && this.#others.some((known) => !isSamePerson(known, person))) ||
      (isOther && this.#ones.some((known) => !isSamePerson(known, person)));
    if (isOne) this.#ones.push(person);
    if (isOther) this.#others.push(person);
  }
}

/** Returns true when two entries are of one person: they share an id or, where one has none, they are named alike. */
export function isSamePerson(a: IndexedPerson, b: IndexedPerson): boolean {
  if (a.ids.length > 0 && b.ids.length > 0) return a.ids.some((id) => b.ids.includes(id));
  return a.names === b.names && a.numbers.join() === b.numbers.join();
}
