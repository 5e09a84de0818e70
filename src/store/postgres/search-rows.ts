/** Collects rows of the search index to be written together: a call may occur once between two calls of `take`. */
import { indexedFactsOf } from '../call-facts.ts';
import { DayTally, type DayTallies } from '../daily-stats.ts';
import { failuresText, indexFlags, type IndexedEdition } from '../indexed-edition.ts';
import { OutsiderCount, type PeopleWords, type PersonWords } from '../tokenizer.ts';
import { factTerms, idTerm } from '../search-terms.ts';
import type { EndedEdition } from '../edition-decisions.ts';
import type { AddedRow } from './added-rows.ts';
import { NumberSet } from './number-set.ts';
import { windowTerms } from './search-windows.ts';
import { type KnownPhrase, type KnownPhrases, termNumber } from './term-numbers.ts';

/** The key of a call's row in the index. */
export type FoundPlace = Pick<IndexedEdition, 'startTicks' | 'call'>;

/** The collected changes. */
interface GatheredSearch {
  /** Calls whose rows are deleted, because they are no longer found or are written again; the rows may not exist. */
  readonly ended: readonly FoundPlace[];
  /** Rows of the table `found_call`. */
  readonly rows: readonly AddedRow[];
  /** Phrases of all people in the calls; one may occur twice. */
  readonly phrases: readonly KnownPhrase[];
  readonly days: DayTallies;
}

/** A bit of the flags, in addition to those of health. */
export const incompleteFlag = 4;

export class SearchRows {
  readonly #tenant: number;
  readonly #words: PeopleWords;
  readonly #known: KnownPhrases;
  #rows: AddedRow[] = [];
  #ended: FoundPlace[] = [];
  #phrases = new Set<KnownPhrase>();
  readonly #days = new DayTally();
  /** Terms of a call: its row has those of people's phrases first, and then the others. */
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
    const outsiders = new OutsiderCount(call.tenantId);
    for (const list of call.people)
      for (const words of this.#words.of(list)) {
        this.#add(words);
        outsiders.add(words);
      }
    const { external, unknown } = outsiders;
    // A call is found by its organizer, even if the organizer did not take part.
    this.#add(organizer);
    const phrases = this.#anybody.take();
    const terms = [
      ...windowTerms(startTicks),
      ...factTerms({ ...call, ...facts, ...health, external, unknown }),
      ...organizer.ids.map((id) => idTerm(id, 'organizer')),
    ];
    for (const term of terms) this.#others.add(termNumber(this.#tenant, term));
    for (const phrase of organizer.phrases) this.#others.add(this.#known.of(this.#tenant, phrase).organizer);
    const flags = indexFlags(health, call.isRollComplete) | (call.incomplete ? incompleteFlag : 0);
    const place = [this.#tenant, startTicks, call.call, call.edition];
    this.#rows.push([
      ...place,
      participants,
      sessions,
      flags,
      failuresText(health),
      external,
      unknown,
      phrases.length,
      joined(phrases, this.#others.take()),
    ]);
    this.#days.count({ startTicks, participants, health }, 1);
  }

  remove({ startTicks, call }: Pick<EndedEdition, 'startTicks' | 'call'>): void {
    if (startTicks !== undefined) this.#ended.push({ startTicks, call }); // without a start it was not in the index
  }

  /** Returns the changes since the last call. */
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
