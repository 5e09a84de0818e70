/**
 * Finds calls in a SQLite store: terms are in two FTS5 tables, and the numbers of calls limit a search to a tenant and
 * a span.
 */
import type { EntryReader } from '../call-entries.ts';
import { factsOf } from '../call-facts.ts';
import type { Conditions } from '../call-search.ts';
import { type Candidate, findCalls, type SearchIndex, type SearchLimits } from '../find-calls.ts';
import { newestFirst } from '../call-search.ts';
import { dayCountsOf } from '../daily-stats.ts';
import { hasWholeRollOfFlags, healthOfFlags } from '../indexed-edition.ts';
import { hasNames, hasNumber, type PersonQuery } from '../people.ts';
import { PeopleWords } from '../tokenizer.ts';
import { blockOf, editionOf, type Row } from '../rows.ts';
import type { CallSearch, DayCounts, FoundCall, FoundPage, SearchStore } from '../search.ts';
import { idTerm } from '../search-terms.ts';
import { underKeys } from '../under-keys.ts';
import type { CallPosition } from '../call-list.ts';
import { unlessDamaged } from '../store-errors.ts';
import { indexedEditionOf } from '../edition-decisions.ts';
import { createByteCache } from '../../base/byte-cache.ts';
import { Fault } from '../../contract/faults.ts';
import { OpenBlocks } from '../../wire/text/open-block.ts';
import type { Connection } from './connection.ts';
import { docsOfSecond, docsOfSpan, docsOfTenant, phrasesOf, secondOf } from './doc-numbers.ts';
import { type PhraseNumbers, readPhrases, SearchWriter } from './search-writer.ts';
import { readCalls } from './stored-calls.ts';
import type { Tenants } from './tenants.ts';

/** Bytes of cached phrase numbers, in a process that writes: some 100,000. */
const phraseBytes = 32 * 2 ** 20;

export class SqliteSearch implements SearchStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #words = new PeopleWords();
  readonly #phrases: PhraseNumbers = createByteCache({ maxBytes: phraseBytes });
  readonly #limits: SearchLimits;
  readonly #entries: EntryReader;
  #dataVersion: number | undefined;

  constructor(connection: Connection, tenants: Tenants, entries: EntryReader, limits: SearchLimits) {
    this.#limits = limits;
    this.#entries = entries;
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async find(
    tenantId: string,
    search: CallSearch,
    after: CallPosition | undefined,
    limit: number,
  ): Promise<FoundPage> {
    const tenant = this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return { calls: [], next: undefined };
    this.#refuseUnfinished(tenant);
    const index = new TenantIndex(this.#connection, tenant);
    return findCalls({ tenantId, index, entries: this.#entries }, search, after, limit, this.#limits);
  }

  call(tenantId: string, callId: string): FoundCall | undefined {
    const tenant = this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return undefined;
    const newest = underKeys(callId, (key) => {
      const row = this.#connection.get('latestEdition', tenant, key);
      return row && editionOf(tenantId, key, row);
    });
    if (newest?.startTicks === undefined) return undefined;
    const { startTicks, edition } = newest;
    this.#refuseUnfinished(tenant);
    const { first, last } = docsOfSecond(tenant, startTicks);
    const found = this.#connection.get('candidateOfEdition', first, last, edition);
    return found && candidateOf(found).call;
  }

  days(tenantId: string, from: number, before: number): readonly DayCounts[] {
    const tenant = this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return [];
    this.#refuseUnfinished(tenant);
    return this.#connection.all('days', tenant, from, before).map(dayCountsOf);
  }

  catchUp(limit: number): number {
    return this.#connection.transaction(() => {
      const row = this.#connection.get('firstBacklog');
      if (row === undefined) return 0;
      const [tenant, ...from] = [Number(row[0]), row[1] as bigint, row[2] as bigint] as const;
      const editions = this.#connection.all('backlogEditions', tenant, ...from, limit);
      const writer = this.writer(tenant);
      for (const [startTicks, , edition, callId] of editions) {
        const { first, last } = docsOfSecond(tenant, startTicks as bigint);
        const isThere = this.#connection.get('docOfEdition', first, last, edition as bigint) !== undefined;
        if (!isThere) this.#putSound(writer, tenant, callId as string);
      }
      writer.flush();
      const last = editions.at(-1);
      if (last === undefined || editions.length < limit) this.#connection.run('endBacklog', tenant);
      else this.#connection.run('moveBacklog', last[0] as bigint, last[1] as bigint, tenant);
      // Another tenant may follow the last call of this one.
      return Math.max(1, editions.length);
    });
  }

  /** Returns a writer for an open transaction; its numbers are cached once the transaction has committed. */
  writer(tenant: number): SearchWriter {
    const version = this.#connection.get('dataVersion')?.[0] as number;
    // Another process has written, and may have deleted phrases.
    if (version !== this.#dataVersion) this.#phrases.clear();
    this.#dataVersion = version;
    return new SearchWriter(this.#connection, tenant, this.#words, this.#phrases);
  }

  /** Clears the cache after all data was deleted or replaced. */
  forget(): void {
    this.#phrases.clear();
  }

  /** Skips a damaged call, so that the calls after it are still found; `verify` reports it. */
  #putSound(writer: SearchWriter, tenantNo: number, callId: string): void {
    const tenant = { tenantId: this.#tenants.idOf(tenantNo), tenantNo };
    const [call] = unlessDamaged(() => readCalls(this.#connection, tenant, [callId])) ?? [];
    const indexed = call && unlessDamaged(() => indexedEditionOf(call, new OpenBlocks()));
    if (indexed !== undefined) writer.put(indexed);
  }

  #refuseUnfinished(tenant: number): void {
    if (this.#connection.get('backlog', tenant) !== undefined)
      throw new Fault(
        'unavailable',
        'The search index of this store is still being built. Try again later.',
        {
          retryAfterSeconds: 60,
        },
      );
  }
}

interface Doc extends Candidate {
  readonly doc: bigint;
  readonly phrases: Uint8Array;
}

class TenantIndex implements SearchIndex<Doc> {
  readonly #connection: Connection;
  readonly #tenant: number;

  constructor(connection: Connection, tenant: number) {
    this.#connection = connection;
    this.#tenant = tenant;
  }

  phrases(wanted: PersonQuery, limit: number): readonly number[] | undefined {
    const found = new Set<number>();
    const { nameParts, numberParts } = wanted;
    const alternatives = [
      ...(nameParts.length === 0
        ? []
        : [{ kind: 0, parts: nameParts, isWanted: (text: string) => hasNames(text, wanted) }]),
      ...numberParts.map((part) => ({
        kind: 1,
        parts: [part],
        isWanted: (text: string) => hasNumber(text, wanted),
      })),
    ];
    // Some phrases have all parts of three characters without the whole text.
    const most = limit * 4;
    for (const { kind, parts, isWanted } of alternatives) {
      const rows = this.#phrasesWith(kind, parts, most);
      for (const [number, text] of rows) if (isWanted(text as string)) found.add(Number(number));
      if (rows.length === most || found.size > limit) return undefined;
    }
    return [...found];
  }

  candidates(
    groups: readonly (readonly string[])[],
    { from, before }: Pick<Conditions, 'from' | 'before'>,
    after: CallPosition | undefined,
    limit: number,
  ): readonly Doc[] {
    const { first, last } = docsOfSpan(this.#tenant, from, before);
    const top = after === undefined ? last : docsOfSecond(this.#tenant, after.startTicks).last;
    const match = groups.map((group) => `(${group.join(' OR ')})`).join(' AND ');
    const read = (from: bigint, to: bigint, limit: number) =>
      from > to
        ? []
        : match === ''
          ? this.#connection.all('candidates', from, to, limit)
          : this.#connection.all('candidatesOfTerms', match, from, to, limit);
    // Reads whole seconds, because calls within a second are not ordered.
    for (let size = limit + 1; ; size *= 4) {
      const docs = read(first, top < last ? top : last, size).map(candidateOf);
      const isEnd = docs.length < size;
      const lowest = docs.at(-1);
      if (!isEnd && lowest !== undefined) {
        const second = docsOfSecond(this.#tenant, lowest.call.startTicks).first;
        docs.push(...read(second, lowest.doc - 1n, -1).map(candidateOf));
      }
      const found = docs
        .sort((a, b) => compareSeconds(a, b) || newestFirst(a.call, b.call))
        .filter(({ call }) => after === undefined || newestFirst(after, call) < 0);
      if (isEnd || found.length >= limit) return found;
    }
  }

  having(calls: readonly Doc[], wanted: PersonQuery): readonly boolean[] {
    const { first, last } = docsOfTenant(this.#tenant);
    const term = wanted.id === undefined ? undefined : idTerm(wanted.id, 'anybody');
    const isAnyId = term !== undefined && this.#connection.get('anyOfTerms', term, first, last) !== undefined;
    return calls.map(
      ({ doc, phrases }) =>
        this.#hasPhrase(phrases, wanted) ||
        (isAnyId && this.#connection.get('anyOfTerms', term, doc, doc) !== undefined),
    );
  }

  #phrasesWith(kind: number, parts: readonly string[], limit: number): readonly Row[] {
    const { first, last } = phrasesOf(this.#tenant);
    const threes = parts.flatMap((part) => threesOf(part));
    if (threes.length > 0)
      return this.#connection.all('phrasesOfParts', threes.join(' AND '), first, last, kind, limit);
    return this.#connection.all('phrasesHolding', first, last, kind, parts[0]!, limit);
  }

  #hasPhrase(phrases: Uint8Array, wanted: PersonQuery): boolean {
    for (const phrase of readPhrases(this.#tenant, phrases)) {
      const [kind, text] = this.#connection.get('phraseText', phrase) ?? [];
      if (typeof text === 'string' && (kind === 0 ? hasNames(text, wanted) : hasNumber(text, wanted)))
        return true;
    }
    return false;
  }
}

/** Compares two seconds; all calls from before 1970 share one. */
function compareSeconds(a: Doc, b: Doc): number {
  const [first, second] = [secondOf(a.doc), secondOf(b.doc)];
  return first === second ? 0 : first > second ? -1 : 1;
}

/** Returns the substrings of three characters, as the trigram tokenizer builds them, as FTS5 strings. */
function threesOf(part: string): readonly string[] {
  const characters = Array.from(part);
  const threes = new Set<string>();
  for (let i = 0; i + 3 <= characters.length; i++)
    threes.add(
      `"${characters
        .slice(i, i + 3)
        .join('')
        .replaceAll('"', '""')}"`,
    );
  return [...threes];
}

function candidateOf(row: Row): Doc {
  const { organizerEntry, ...facts } = factsOf(blockOf(row, 11, row[4] as string), row[4] as string);
  return {
    doc: row[0] as bigint,
    phrases: row[2] as Uint8Array,
    organizerEntry,
    call: {
      ...facts,
      ...healthOfFlags(Number(row[1]), row[17]),
      call: Number(row[3]),
      callId: row[4] as string,
      version: row[5] as bigint,
      startTicks: row[6] as bigint, // the index requires a start
      endTicks: (row[7] as bigint | null) ?? undefined,
      participants: Number(row[8]),
      sessions: Number(row[9]),
      incomplete: Number(row[10]) !== 0,
      external: Number(row[18]),
      unknown: Number(row[19]),
      isRollComplete: hasWholeRollOfFlags(Number(row[1])),
    },
  };
}
