/** Rows of the search index, gathered to be written together: no call may come twice between two times of `take`. */
import { factsOf } from '../call-facts.ts';
import { DayTally, type DayTallies } from '../day-tally.ts';
import { flagsOfHealth, type IndexedEdition } from '../indexed-edition.ts';
import { personOf } from '../people.ts';
import { type PeopleWords, type PersonWords, wordsOf } from '../person-words.ts';
import { factTerms, idTerm } from '../search-terms.ts';
import type { CopyValue } from './copy-format.ts';
import { windowTerms } from './search-windows.ts';
import { type KnownPhrase, type KnownPhrases, termNumber } from './term-numbers.ts';

/** A call by what its row of the index is known by. */
export interface FoundPlace {
  readonly startTicks: bigint;
  readonly call: number;
}

export type IndexedCall = IndexedEdition & FoundPlace;

/** What is to be written of calls. */
export interface GatheredSearch {
  /** Calls that are not to be found any more, or in another way; there need be none. */
  readonly ended: readonly FoundPlace[];
  /** Of the table `found_call`. */
  readonly rows: readonly (readonly CopyValue[])[];
  /** Of everybody in them; the same may be there twice. */
  readonly phrases: readonly KnownPhrase[];
  readonly days: DayTallies;
}

/** Bit 2 of the flags, beside those of health. */
export const incompleteFlag = 4;

export class SearchRows {
  readonly #tenant: number;
  readonly #words: PeopleWords;
  readonly #known: KnownPhrases;
  #rows: (readonly CopyValue[])[] = [];
  #ended: FoundPlace[] = [];
  #phrases = new Set<KnownPhrase>();
  readonly #days = new DayTally();

  constructor(tenant: number, words: PeopleWords, known: KnownPhrases) {
    this.#tenant = tenant;
    this.#words = words;
    this.#known = known;
  }

  put(call: IndexedCall): void {
    const { startTicks, participants, sessions, health } = call;
    const facts = factsOf(call.head);
    const organizer = wordsOf(personOf(facts.organizerEntry));
    const phrases = new Set<bigint>();
    const ids = new Set<bigint>();
    for (const list of call.people) for (const words of this.#words.of(list)) this.#add(words, phrases, ids);
    // Whoever organized a call is found with it, whether they came or not.
    this.#add(organizer, phrases, ids);
    const terms = [
      ...windowTerms(startTicks),
      ...factTerms({ ...call, ...facts, ...health }),
      ...organizer.ids.map((id) => idTerm(id, 'organizer')),
    ];
    const numbers = new Set([
      ...phrases,
      ...ids,
      ...organizer.phrases.map((phrase) => this.#known.of(this.#tenant, phrase).organizer),
      ...terms.map((term) => termNumber(this.#tenant, term)),
    ]);
    const flags = flagsOfHealth(health) | (call.incomplete ? incompleteFlag : 0);
    const place = [this.#tenant, startTicks, call.call, call.edition];
    this.#rows.push([...place, participants, sessions, flags, phrases.size, [...numbers]]);
    this.#days.count({ startTicks, participants, health }, 1);
  }

  remove(place: FoundPlace): void {
    this.#ended.push(place);
  }

  /** What was put and removed since it was last taken. */
  take(): GatheredSearch {
    const gathered = {
      ended: this.#ended,
      rows: this.#rows,
      phrases: [...this.#phrases],
      days: this.#days.take(),
    };
    this.#ended = [];
    this.#rows = [];
    this.#phrases = new Set();
    return gathered;
  }

  #add(words: PersonWords, phrases: Set<bigint>, ids: Set<bigint>): void {
    const terms = this.#known.ofPerson(this.#tenant, words);
    for (const id of terms.ids) ids.add(id);
    for (const phrase of terms.phrases) {
      phrases.add(phrase.anybody);
      this.#phrases.add(phrase);
    }
  }
}
