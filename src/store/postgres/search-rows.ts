/** Rows of the search index, gathered to be written together: no call may come twice between two times of `take`. */
import { indexedFactsOf } from '../call-facts.ts';
import { DayTally, type DayTallies } from '../daily-stats.ts';
import { failuresText, flagsOfHealth, type IndexedEdition } from '../indexed-edition.ts';
import type { PeopleWords, PersonWords } from '../tokenizer.ts';
import { factTerms, idTerm } from '../search-terms.ts';
import type { EndedEdition } from '../edition-decisions.ts';
import type { AddedRow } from './added-rows.ts';
import { NumberSet } from './number-set.ts';
import { windowTerms } from './search-windows.ts';
import { type KnownPhrase, type KnownPhrases, termNumber } from './term-numbers.ts';

/** A call by what its row of the index is known by. */
export type FoundPlace = Pick<IndexedEdition, 'startTicks' | 'call'>;

/** What is to be written of calls. */
interface GatheredSearch {
  /** Calls that are not to be found any more, or in another way; there need be none. */
  readonly ended: readonly FoundPlace[];
  /** Of the table `found_call`. */
  readonly rows: readonly AddedRow[];
  /** Of all people in them; the same may occur twice. */
  readonly phrases: readonly KnownPhrase[];
  readonly days: DayTallies;
}

/** Of the flags, beside those of health. */
export const incompleteFlag = 4;

export class SearchRows {
  readonly #tenant: number;
  readonly #words: PeopleWords;
  readonly #known: KnownPhrases;
  #rows: AddedRow[] = [];
  #ended: FoundPlace[] = [];
  #phrases = new Set<KnownPhrase>();
  readonly #days = new DayTally();
  /** Terms of a call: phrases of people come first in its row, and its other terms after them. */
  readonly #anybody = new NumberSet();
  readonly #others = new NumberSet();

  constructor(tenant: number, words: PeopleWords, known: KnownPhrases) {
    this.#tenant = tenant;
    this.#words = words;
    this.#known = known;
  }

  put(call: IndexedEdition): void {
    const { startTicks, participants, sessions, health } = call;
    const { organizer: members, ...facts } = indexedFactsOf(call.head);
    const organizer = this.#words.ofOrganizer(members);
    for (const list of call.people) for (const words of this.#words.of(list)) this.#add(words);
    // Whoever organized a call is found with it, whether they came or not.
    this.#add(organizer);
    const phrases = this.#anybody.take();
    const terms = [
      ...windowTerms(startTicks),
      ...factTerms({ ...call, ...facts, ...health }),
      ...organizer.ids.map((id) => idTerm(id, 'organizer')),
    ];
    for (const term of terms) this.#others.add(termNumber(this.#tenant, term));
    for (const phrase of organizer.phrases) this.#others.add(this.#known.of(this.#tenant, phrase).organizer);
    const flags = flagsOfHealth(health) | (call.incomplete ? incompleteFlag : 0);
    const place = [this.#tenant, startTicks, call.call, call.edition];
    this.#rows.push([
      ...place,
      participants,
      sessions,
      flags,
      failuresText(health),
      phrases.length,
      joined(phrases, this.#others.take()),
    ]);
    this.#days.count({ startTicks, participants, health }, 1);
  }

  remove({ startTicks, call }: Pick<EndedEdition, 'startTicks' | 'call'>): void {
    if (startTicks !== undefined) this.#ended.push({ startTicks, call }); // else it was never found
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

  #add(words: PersonWords): void {
    const { phrases, anybody, ids } = this.#known.ofPerson(this.#tenant, words);
    this.#anybody.addAll(anybody);
    this.#others.addAll(ids);
    for (const phrase of phrases) this.#phrases.add(phrase);
  }
}

function joined(a: BigInt64Array, b: BigInt64Array): BigInt64Array {
  const both = new BigInt64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
