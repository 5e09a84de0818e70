/** A tenant's part of the search index: terms in two GIN indexes, read by windows of time, the newest first. */
import { factsOf } from '../call-facts.ts';
import type { Conditions } from '../call-search.ts';
import type { Candidate, SearchIndex } from '../find-calls.ts';
import { hasWholeRollOfFlags, healthOfFlags } from '../indexed-edition.ts';
import { hasNames, hasNumber, type PersonQuery } from '../people.ts';
import { blockOf, type Row } from '../rows.ts';
import { idTerm } from '../search-terms.ts';
import type { CallPosition } from '../call-list.ts';
import type { StatementRunner } from './connection.ts';
import { idOf } from './keys.ts';
import { partsWanted } from './phrase-parts.ts';
import { windowOf } from './search-windows.ts';
import { incompleteFlag } from './search-rows.ts';
import { kinds, termNumber } from './term-numbers.ts';

type Terms = readonly bigint[];

export class TenantIndex implements SearchIndex<Candidate> {
  readonly #session: StatementRunner;
  readonly #tenant: number;

  constructor(session: StatementRunner, tenant: number) {
    this.#session = session;
    this.#tenant = tenant;
  }

  async phrases(wanted: PersonQuery, limit: number): Promise<readonly bigint[] | undefined> {
    const found = new Set<bigint>();
    const { nameParts, numberParts } = wanted;
    const isWanted = { names: hasNames, number: hasNumber };
    const alternatives = [
      ...(nameParts.length === 0 ? [] : [['names', nameParts] as const]),
      ...numberParts.map((part) => ['number', [part]] as const),
    ];
    // Some phrases have all parts of three characters without the whole text.
    const most = limit * 4;
    for (const [kind, texts] of alternatives) {
      const parts = partsWanted(this.#tenant, kinds[kind], texts);
      const rows = await this.#session.all('phrasesOfParts', this.#tenant, kinds[kind], parts, most);
      for (const [number, text] of rows)
        if (isWanted[kind](text as string, wanted)) found.add(number as bigint);
      if (rows.length === most || found.size > limit) return undefined;
    }
    return [...found];
  }

  async candidates(
    groups: readonly (readonly string[])[],
    { from, before }: Pick<Conditions, 'from' | 'before'>,
    after: CallPosition | undefined,
    limit: number,
  ): Promise<readonly Candidate[]> {
    let top = after === undefined || before <= after.startTicks ? { startTicks: before, call: 0 } : after;
    if (groups.length === 0) return this.#read('candidates', top, from, limit);
    const terms = this.#termsOf(groups);
    const place = [top.startTicks, top.call, from] as const;
    let last = (await this.#session.get('newestFound', this.#tenant, ...place))?.[0] as bigint | undefined;
    const found: Candidate[] = [];
    for (let level = 0; last !== undefined; level++) {
      const window = windowOf(level, last);
      const first = window === undefined || window.from < from ? from : window.from;
      found.push(...(await this.#inWindow(terms, window?.term, top, first, limit - found.length)));
      if (found.length >= limit || first === from) break;
      top = { startTicks: first, call: 0 };
      last = first - 1n;
    }
    return found;
  }

  async having(calls: readonly Candidate[], wanted: PersonQuery): Promise<readonly boolean[]> {
    const { nameParts, numberParts, id } = wanted;
    const rows = await this.#session.all(
      'havingParticipant',
      this.#tenant,
      calls.map(({ call }) => call.startTicks),
      calls.map(({ call }) => call.call),
      id === undefined ? null : termNumber(this.#tenant, idTerm(id, 'anybody')),
      nameParts,
      numberParts,
    );
    const places = new Set(rows.map(([place]) => Number(place)));
    return calls.map((_, i) => places.has(i + 1));
  }

  /**
   * Returns the terms that a call must all have, and groups of which it must have one each, the smallest groups first.
   */
  #termsOf(groups: readonly (readonly string[])[]) {
    const numbers = groups.map((group) => group.map((term) => termNumber(this.#tenant, term)));
    return {
      all: numbers.filter(({ length }) => length === 1).flat(),
      any: numbers.filter(({ length }) => length > 1).sort((a, b) => a.length - b.length),
    };
  }

  #inWindow(
    { all, any }: { readonly all: Terms; readonly any: readonly Terms[] },
    window: string | undefined,
    top: CallPosition,
    from: bigint,
    limit: number,
  ): Promise<readonly Candidate[]> {
    const always = window === undefined ? all : [termNumber(this.#tenant, window), ...all];
    // A missing group is replaced by a term that every call has.
    const [first = always, second = first, third = first, ...more] = any;
    const groups = [first, second, third, more.map((group) => `{${group.join()}}`)];
    return this.#read('candidatesOfTerms', top, from, limit, [always, ...groups]);
  }

  async #read(
    statement: 'candidates' | 'candidatesOfTerms',
    { startTicks, call }: CallPosition,
    from: bigint,
    limit: number,
    terms: readonly (readonly (bigint | string)[])[] = [],
  ): Promise<readonly Candidate[]> {
    const place = [startTicks, call, from, limit] as const;
    return (await this.#session.all(statement, this.#tenant, ...terms, ...place)).map(candidateOf);
  }
}

export function candidateOf(row: Row): Candidate {
  const callId = idOf(row[5] as Buffer, row[6] as Buffer | null);
  const { organizerEntry, ...facts } = factsOf(blockOf(row, 9, callId), callId);
  const flags = Number(row[4]);
  return {
    organizerEntry,
    call: {
      ...facts,
      ...healthOfFlags(flags, row[15]),
      startTicks: row[0] as bigint, // the index requires a start
      call: Number(row[1]),
      participants: Number(row[2]),
      sessions: Number(row[3]),
      incomplete: (flags & incompleteFlag) !== 0,
      external: Number(row[16]),
      unknown: Number(row[17]),
      isRollComplete: hasWholeRollOfFlags(flags),
      callId,
      version: row[7] as bigint,
      endTicks: (row[8] as bigint | null) ?? undefined,
    },
  };
}
