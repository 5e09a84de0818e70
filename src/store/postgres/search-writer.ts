/** Writes the search index of calls in the transaction that writes the calls. */
import { factsOf } from '../call-facts.ts';
import { DayTally, dayColumns } from '../day-tally.ts';
import { flagsOfHealth, healthOfFlags, type IndexedEdition } from '../indexed-edition.ts';
import { personOf } from '../people.ts';
import { type PeopleWords, type PersonWords, wordsOf } from '../person-words.ts';
import { factTerms, idTerm } from '../search-terms.ts';
import type { Transaction } from './connection.ts';
import type { CopyValue } from './copy-format.ts';
import { partsOf } from './phrase-parts.ts';
import { windowTerms } from './search-windows.ts';
import { type KnownPhrase, type KnownPhrases, kinds, termNumber } from './term-numbers.ts';

/** The row of a tenant that is locked while its calls are written. */
export interface LockedTenant {
  readonly tenant: number;
  /** How many times phrases had been dropped. */
  readonly phrasesDropped: bigint;
}

/** A call by what its row of the index is known by. */
export interface FoundPlace {
  readonly startTicks: bigint;
  readonly call: number;
}

export type IndexedCall = IndexedEdition & FoundPlace;

/** Bit 2 of the flags, beside those of health. */
export const incompleteFlag = 4;

/** What is put and removed is gathered, and written together: no call may come twice between two times of `flush`. */
export class SearchWriter {
  readonly #transaction: Transaction;
  readonly #tenant: number;
  readonly #words: PeopleWords;
  readonly #phrases: KnownPhrases;
  /** `undefined` once phrases were dropped: then none counts as known. */
  #phrasesDropped: bigint | undefined;
  readonly #rows: (readonly CopyValue[])[] = [];
  readonly #ended: FoundPlace[] = [];
  /** Of everybody in what was put, by term: the same may be remembered twice. */
  readonly #put = new Map<bigint, KnownPhrase>();
  /** Found or added in this transaction, which may yet fail. */
  readonly #fresh = new Map<bigint, KnownPhrase>();
  readonly #days = new DayTally();

  constructor(
    transaction: Transaction,
    { tenant, phrasesDropped }: LockedTenant,
    words: PeopleWords,
    phrases: KnownPhrases,
  ) {
    this.#transaction = transaction;
    this.#tenant = tenant;
    this.#words = words;
    this.#phrases = phrases;
    this.#phrasesDropped = phrasesDropped;
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
      ...organizer.phrases.map((phrase) => this.#phrases.of(this.#tenant, phrase).organizer),
      ...terms.map((term) => termNumber(this.#tenant, term)),
    ]);
    const flags = flagsOfHealth(health) | (call.incomplete ? incompleteFlag : 0);
    const place = [this.#tenant, startTicks, call.call, call.edition];
    this.#rows.push([...place, participants, sessions, flags, phrases.size, [...numbers]]);
    this.#days.count({ startTicks, participants, health }, 1);
  }

  /** A call that is not to be found any more, or in another way; there need be none. */
  remove(place: FoundPlace): void {
    this.#ended.push(place);
  }

  async flush(): Promise<void> {
    const left = await this.#remove();
    await this.#addPhrases();
    await this.#transaction.add('found_call', this.#rows);
    const days = this.#days.take();
    if (days.length > 0) {
      const columns = dayColumns.map((_, column) => days.map(([, counts]) => counts[column]!)); // of each
      await this.#transaction.run(
        'addDays',
        this.#tenant,
        days.map(([day]) => day),
        ...columns,
      );
    }
    for (const term of this.#put.keys()) left.delete(term);
    await this.#dropUnused(left);
    this.#rows.length = 0;
    this.#put.clear();
  }

  /** After the transaction has ended well. */
  remember(): void {
    for (const phrase of this.#fresh.values()) phrase.storedAt = this.#phrasesDropped;
  }

  #add(words: PersonWords, phrases: Set<bigint>, ids: Set<bigint>): void {
    const terms = this.#phrases.ofPerson(this.#tenant, words);
    for (const id of terms.ids) ids.add(id);
    for (const phrase of terms.phrases) {
      phrases.add(phrase.anybody);
      this.#put.set(phrase.anybody, phrase);
    }
  }

  /** @returns Phrases of what was removed: nobody may be left who has them. */
  async #remove(): Promise<Set<bigint>> {
    const left = new Set<bigint>();
    if (this.#ended.length === 0) return left;
    const starts = this.#ended.map(({ startTicks }) => startTicks);
    const calls = this.#ended.map(({ call }) => call);
    for (const row of await this.#transaction.all('dropFound', this.#tenant, starts, calls)) {
      const [startTicks, participants, flags, phrases] = row as readonly unknown[] as [
        bigint,
        number,
        number,
        readonly string[],
      ];
      for (const phrase of phrases) left.add(BigInt(phrase));
      this.#days.count({ startTicks, participants, health: healthOfFlags(flags) }, -1);
    }
    this.#ended.length = 0;
    return left;
  }

  async #addPhrases(): Promise<void> {
    const dropped = this.#phrasesDropped;
    const unknown = [...this.#put.values()].filter(
      (phrase) => !this.#fresh.has(phrase.anybody) && (dropped === undefined || phrase.storedAt !== dropped),
    );
    if (unknown.length === 0) return;
    const terms = unknown.map(({ anybody }) => anybody);
    const known = new Set(
      (await this.#transaction.all('knownPhrases', this.#tenant, terms)).map(([term]) => term),
    );
    await this.#transaction.add(
      'phrase',
      unknown
        .filter(({ anybody }) => !known.has(anybody))
        .map(({ kind, text, number, anybody }) => [
          ...[this.#tenant, anybody, number, kinds[kind], text],
          partsOf(this.#tenant, kinds[kind], text),
        ]),
    );
    for (const phrase of unknown) this.#fresh.set(phrase.anybody, phrase);
  }

  /** Names that no call has any more are forgotten with the last that had them. */
  async #dropUnused(left: ReadonlySet<bigint>): Promise<void> {
    if (left.size === 0) return;
    const dropped = await this.#transaction.all('dropPhrases', this.#tenant, [...left]);
    if (dropped.length === 0) return;
    await this.#transaction.run('tellOfDropped', this.#tenant);
    this.#phrasesDropped = undefined;
    this.#fresh.clear();
  }
}
