/** Writes the search index of calls in the transaction that writes the calls. */
import { DayTally, dayColumns } from '../daily-stats.ts';
import { healthOfFlags, type IndexedEdition } from '../indexed-edition.ts';
import type { PeopleWords } from '../tokenizer.ts';
import type { EndedEdition } from '../edition-decisions.ts';
import type { Transaction } from './connection.ts';
import { partsOf } from './phrase-parts.ts';
import { type FoundPlace, SearchRows } from './search-rows.ts';
import { type KnownPhrase, type KnownPhrases, kinds } from './term-numbers.ts';

/** A tenant's row, which is locked while its calls are written. */
interface LockedTenant {
  readonly tenant: number;
  /** How many times phrases had been deleted. */
  readonly phrasesDropped: bigint;
}

/** Collects changes, and writes them together when `flush` is called. */
export class SearchWriter {
  readonly #transaction: Transaction;
  readonly #tenant: number;
  readonly #gathered: SearchRows;
  /** `undefined` once phrases were deleted in this transaction: then no phrase counts as known. */
  #phrasesDropped: bigint | undefined;
  /** Phrases found or added in this transaction, which may still fail. */
  readonly #fresh = new Map<bigint, KnownPhrase>();

  constructor(
    transaction: Transaction,
    { tenant, phrasesDropped }: LockedTenant,
    words: PeopleWords,
    phrases: KnownPhrases,
  ) {
    this.#transaction = transaction;
    this.#tenant = tenant;
    this.#gathered = new SearchRows(tenant, words, phrases);
    this.#phrasesDropped = phrasesDropped;
  }

  put(call: IndexedEdition): void {
    this.#gathered.put(call);
  }

  remove(ended: Pick<EndedEdition, 'startTicks' | 'call'>): void {
    this.#gathered.remove(ended);
  }

  async flush(): Promise<void> {
    const { ended, rows, phrases, days } = this.#gathered.take();
    const tally = new DayTally();
    tally.add(days);
    const left = await this.#remove(ended, tally);
    const put = new Map(phrases.map((phrase) => [phrase.anybody, phrase]));
    await this.#addPhrases(put);
    await this.#transaction.add('found_call', rows);
    await this.#addDays(tally);
    for (const term of put.keys()) left.delete(term);
    await this.#dropUnused(left);
  }

  /** Caches the phrases; called after the transaction has committed. */
  remember(): void {
    for (const phrase of this.#fresh.values()) phrase.storedAt = this.#phrasesDropped;
  }

  /**
   * Deletes rows.
   *
   * @returns Phrases of the deleted rows, which may no longer be used.
   */
  async #remove(ended: readonly FoundPlace[], tally: DayTally): Promise<Set<bigint>> {
    const left = new Set<bigint>();
    if (ended.length === 0) return left;
    const starts = ended.map(({ startTicks }) => startTicks);
    const calls = ended.map(({ call }) => call);
    for (const row of await this.#transaction.all('dropFound', this.#tenant, starts, calls)) {
      const [startTicks, participants, flags, phrases] = row as readonly unknown[] as [
        bigint,
        number,
        number,
        readonly string[],
      ];
      for (const phrase of phrases) left.add(BigInt(phrase));
      tally.count({ startTicks, participants, health: healthOfFlags(flags, null) }, -1);
    }
    return left;
  }

  async #addDays(tally: DayTally): Promise<void> {
    const days = tally.take();
    if (days.length === 0) return;
    const columns = dayColumns.map((_, column) => days.map(([, counts]) => counts[column]!)); // each day has all columns
    const numbers = days.map(([day]) => day);
    await this.#transaction.run('addDays', this.#tenant, numbers, ...columns);
  }

  async #addPhrases(put: ReadonlyMap<bigint, KnownPhrase>): Promise<void> {
    const dropped = this.#phrasesDropped;
    const unknown = [...put.values()].filter(
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

  /** Deletes the phrases that no call has any more. */
  async #dropUnused(left: ReadonlySet<bigint>): Promise<void> {
    if (left.size === 0) return;
    const dropped = await this.#transaction.all('dropPhrases', this.#tenant, [...left]);
    if (dropped.length === 0) return;
    await this.#transaction.run('countDropped', this.#tenant);
    this.#phrasesDropped = undefined;
    this.#fresh.clear();
  }
}
