/** Writes the search index of calls in the transaction that writes the calls. */
import type { ByteCache } from '../../base/byte-cache.ts';
import type { Health } from '../../wire/text/session-health.ts';
import { VarintReader, VarintWriter } from '../../wire/text/varint.ts';
import { indexedFactsOf } from '../call-facts.ts';
import { DayTally } from '../daily-stats.ts';
import type { Phrase } from '../people.ts';
import { failuresText, indexFlags, healthOfFlags, type IndexedEdition } from '../indexed-edition.ts';
import { OutsiderCount, type PeopleWords, type PersonWords } from '../tokenizer.ts';
import { factTerms, idTerm, phraseTerm } from '../search-terms.ts';
import type { EndedEdition } from '../edition-decisions.ts';
import type { Connection } from './connection.ts';
import { docsOfSecond, docsOfTenant, phrasesOf } from './doc-numbers.ts';

/** Numbers of stored phrases, by tenant and phrase. */
export type PhraseNumbers = ByteCache<number>;

interface Pending {
  readonly edition: number;
  readonly startTicks: bigint;
  readonly participants: number;
  readonly terms: string;
  readonly phrases: ReadonlySet<number>;
  readonly health: Health;
  /** As `indexFlags` returns them. */
  readonly flags: number;
  readonly outsiders: Pick<OutsiderCount, 'external' | 'unknown'>;
}

const kinds = { names: 0, number: 1 } as const;

export class SearchWriter {
  readonly #connection: Connection;
  readonly #tenant: number;
  readonly #words: PeopleWords;
  readonly #known: PhraseNumbers;
  /** Numbers assigned in this transaction, which may still fail. */
  readonly #fresh = new Map<string, number>();
  #lastPhrase: number | undefined;
  /** Collected changes by edition. */
  readonly #pending = new Map<number, Pending>();
  readonly #days = new DayTally();
  /** Phrases of deleted rows, which may no longer be used. */
  readonly #left = new Set<number>();

  constructor(connection: Connection, tenant: number, words: PeopleWords, known: PhraseNumbers) {
    this.#connection = connection;
    this.#tenant = tenant;
    this.#words = words;
    this.#known = known;
  }

  put(edition: IndexedEdition): void {
    const { startTicks, participants, health } = edition;
    const { organizer: members, ...facts } = indexedFactsOf(edition.head);
    const organizer = this.#words.ofOrganizer(members);
    const outsiders = new OutsiderCount(edition.tenantId);
    const terms = new Set<string>();
    const phrases = new Set<number>();
    for (const list of edition.people)
      for (const words of this.#words.of(list)) {
        this.#add(words, 'anybody', terms, phrases);
        outsiders.add(words);
      }
    const { external, unknown } = outsiders;
    for (const term of factTerms({ ...edition, ...facts, ...health, external, unknown })) terms.add(term);
    // A call is found by its organizer, even if the organizer did not take part.
    this.#add(organizer, 'anybody', terms, phrases);
    this.#add(organizer, 'organizer', terms, phrases);
    this.#pending.set(edition.edition, {
      edition: edition.edition,
      startTicks,
      participants,
      health,
      flags: indexFlags(health, edition.isRollComplete),
      outsiders,
      terms: [...terms].join(' '),
      phrases,
    });
    this.#days.count({ startTicks, participants, health }, 1);
  }

  remove({ edition, startTicks, participants }: EndedEdition): void {
    if (startTicks === undefined) return; // it was not in the index
    const pending = this.#pending.get(edition);
    if (pending !== undefined) {
      this.#pending.delete(edition);
      for (const phrase of pending.phrases) this.#left.add(phrase);
      this.#days.count(pending, -1);
      return;
    }
    const { first, last } = docsOfSecond(this.#tenant, startTicks);
    const row = this.#connection.get('docOfEdition', first, last, edition);
    if (row === undefined) return;
    const [doc, flags, phrases] = row as [bigint, bigint, Uint8Array];
    this.#connection.run('dropDoc', doc);
    this.#connection.run('dropTerms', doc);
    for (const phrase of readPhrases(this.#tenant, phrases)) this.#left.add(phrase);
    this.#days.count({ startTicks, participants, health: healthOfFlags(Number(flags), null) }, -1);
  }

  /** Writes the collected rows in the order of the index, which accepts new entries a hundred times faster that way. */
  flush(): void {
    const ordered = [...this.#pending.values()].sort((a, b) =>
      a.startTicks === b.startTicks ? a.edition - b.edition : a.startTicks < b.startTicks ? -1 : 1,
    );
    let second = -1n;
    let next = 0n;
    for (const { startTicks, edition, terms, phrases, health, flags, outsiders } of ordered) {
      const { first, last } = docsOfSecond(this.#tenant, startTicks);
      if (first !== second) {
        second = first;
        const taken = this.#connection.get('lastDoc', first, last)?.[0] as bigint | null;
        next = taken === null ? first : taken + 1n;
      }
      if (next > last) continue; // the second is full: see docs/search.md
      this.#connection.run(
        'addDoc',
        next,
        edition,
        flags,
        failuresText(health),
        writePhrases(this.#tenant, phrases),
        outsiders.external,
        outsiders.unknown,
      );
      this.#connection.run('addTerms', next, terms);
      next++;
    }
    for (const { phrases } of ordered) for (const phrase of phrases) this.#left.delete(phrase);
    this.#pending.clear();
    for (const [day, counts] of this.#days.take())
      this.#connection.run('addDay', this.#tenant, day, ...counts);
    this.#dropUnused();
  }

  /** Caches the numbers; called after the transaction has committed. */
  remember(): void {
    for (const [key, number] of this.#fresh) this.#known.set(key, number);
  }

  #add(words: PersonWords, whom: 'anybody' | 'organizer', terms: Set<string>, phrases: Set<number>): void {
    for (const term of whom === 'anybody' ? words.terms : words.ids.map((id) => idTerm(id, whom)))
      terms.add(term);
    for (const phrase of words.phrases) {
      const number = this.#numberOf(phrase);
      phrases.add(number);
      terms.add(phraseTerm(number, whom));
    }
  }

  #numberOf({ kind, text }: Phrase): number {
    const key = `${this.#tenant} ${kind} ${text}`;
    const known = this.#known.get(key) ?? this.#fresh.get(key);
    if (known !== undefined) return known;
    const row = this.#connection.get('phrase', this.#tenant, kinds[kind], text);
    const number = row === undefined ? this.#addPhrase({ kind, text }) : Number(row[0]);
    this.#fresh.set(key, number);
    return number;
  }

  #addPhrase({ kind, text }: Phrase): number {
    const { first, last } = phrasesOf(this.#tenant);
    const highest =
      this.#lastPhrase ?? (this.#connection.get('lastPhrase', first, last)?.[0] as number | null);
    const number = (this.#lastPhrase = (highest ?? first) + 1);
    this.#connection.run('addPhrase', number, this.#tenant, kinds[kind], text);
    this.#connection.run('addPhraseParts', number, text);
    return number;
  }

  /** Deletes the phrases that no call has any more. */
  #dropUnused(): void {
    let isAnyDropped = false;
    const { first, last } = docsOfTenant(this.#tenant);
    for (const phrase of this.#left) {
      if (this.#connection.get('anyOfTerms', phraseTerm(phrase, 'anybody'), first, last) !== undefined)
        continue;
      this.#connection.run('dropPhrase', phrase);
      this.#connection.run('dropPhraseParts', phrase);
      isAnyDropped = true;
    }
    this.#left.clear();
    if (!isAnyDropped) return;
    this.#known.clear();
    this.#fresh.clear();
    this.#lastPhrase = undefined;
  }
}

/** Encodes the numbers in order, each as the difference from the one before. */
function writePhrases(tenant: number, phrases: ReadonlySet<number>): Uint8Array {
  const writer = new VarintWriter();
  let last = phrasesOf(tenant).first;
  for (const phrase of Float64Array.from(phrases).sort()) {
    writer.write(phrase - last);
    last = phrase;
  }
  return writer.take();
}

export function* readPhrases(tenant: number, bytes: Uint8Array): Generator<number> {
  const reader = new VarintReader(bytes);
  let phrase = phrasesOf(tenant).first;
  while (!reader.isAtEnd) {
    phrase += reader.next();
    yield phrase;
  }
}
