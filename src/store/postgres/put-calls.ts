/** Writes calls that were made ready, in the transaction that carries them. */
import type { Phrase } from '../find-calls.ts';
import type { Transaction } from './connection.ts';
import { type EditionTable, noRows } from './edition-rows.ts';
import { type ReadyRows, sumOf } from './ready-calls.ts';
import type { GatheredSearch } from './search-rows.ts';
import type { KnownPhrases } from './term-numbers.ts';

/** @returns What they add to the counts, and the largest number of an edition among them */
export async function putRows(
  transaction: Transaction,
  ready: readonly ReadyRows[],
): Promise<Pick<ReadyRows, 'tally' | 'last'>> {
  for (const { endings } of ready)
    for (const ending of endings) await transaction.run('endListing', ...ending);
  for (const table of Object.keys(noRows()) as EditionTable[]) await copyRows(transaction, table, ready); // its own keys
  return {
    tally: sumOf(ready.map(({ tally }) => tally)),
    last: Math.max(0, ...ready.map(({ last }) => last)),
  };
}

export function copyRows(
  transaction: Transaction,
  table: EditionTable | 'found_call',
  ready: readonly ReadyRows[],
): Promise<void> {
  const pieces = ready.map(({ bytes, spans }) => bytes.subarray(...spans[table]));
  return transaction.copy(
    table,
    pieces.filter(({ length }) => length > 0),
  );
}

/** What the search index is to be told of all of them. */
export function readySearch(
  tenantNo: number,
  ready: readonly ReadyRows[],
  known: KnownPhrases,
): Omit<GatheredSearch, 'rows'> & Pick<ReadyRows['search'], 'inPart'> {
  const all = ready.map(({ search }) => search);
  const phrasesOf = (kind: Phrase['kind']) =>
    all.flatMap(({ phrases }) => phrases[kind].map((text) => known.of(tenantNo, { kind, text })));
  return {
    ended: all.flatMap(({ ended }) => ended),
    phrases: [...phrasesOf('names'), ...phrasesOf('number')],
    days: all.flatMap(({ days }) => days),
    inPart: all.flatMap(({ inPart }) => inPart),
  };
}
