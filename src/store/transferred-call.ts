/** A call as it is carried, put together of what both engines read of it. */
import type { Block } from '../text/block.ts';
import type { Health } from '../text/session-health.ts';
import { carriedLists, type EditionPlace, newestOf, placesOf } from './edition-places.ts';
import { blockOf, type Row } from './rows.ts';
import type { Edition } from './store.ts';
import { blocksOf, type EditionContent, type TransferredCall, type Wanted } from './transfer.ts';

/** An edition, and what its own row has of what came with it. */
export interface EditionRow extends Pick<
  EditionContent,
  'headDigest' | 'participantsDigest' | 'sessionsDigest' | 'head'
> {
  readonly edition: Edition;
}

/** @param at Place of three digests, after which the columns of the head's block come. */
export function editionRowOf(edition: Edition, row: Row, at: number): EditionRow {
  return {
    edition,
    headDigest: row[at] as string,
    participantsDigest: (row[at + 1] as string | null) ?? undefined,
    sessionsDigest: (row[at + 2] as string | null) ?? undefined,
    head: blockOf(row, at + 3, edition.callId),
  };
}

export type BlockTable = 'participantBlocks' | 'sessionBlocks' | 'segmentBlocks';
/** Blocks of lists, by the number of the list: it is that of one edition of the tenant. */
export type Lists = Readonly<Record<BlockTable, ReadonlyMap<number, readonly Block[]>>>;

/** @param rows Each the number of a list and the columns of a block, in the order of the list's blocks. */
export function blocksByList(rows: readonly Row[]): ReadonlyMap<number, readonly Block[]> {
  const lists = new Map<number, Block[]>();
  for (const row of rows) {
    const list = lists.get(Number(row[0]));
    if (list === undefined) lists.set(Number(row[0]), [blockOf(row, 1)]);
    else list.push(blockOf(row, 1));
  }
  return lists;
}

/** A call whose lists are still to be read. */
export interface CallRows {
  readonly callId: string;
  readonly editions: readonly Edition[];
  readonly wanted: readonly (EditionRow & { readonly place: EditionPlace })[];
  /** Whose health is carried; none where nothing is. */
  readonly newest: Edition | undefined;
}

/** @param rows Of the editions of the call, in any order. */
export function callRowsOf(callId: string, rows: readonly EditionRow[], { upTo, without }: Wanted): CallRows {
  const meant = rows
    .filter(({ edition }) => edition.edition <= upTo)
    .sort((a, b) => a.edition.edition - b.edition.edition);
  const editions = meant.map(({ edition }) => edition);
  const wanted = placesOf(editions)
    .map((place, i) => ({ ...meant[i]!, place }))
    .filter(({ edition }) => !without.has(edition.edition));
  return { callId, editions, wanted, newest: wanted.length === 0 ? undefined : newestOf(editions) };
}

/** Numbers of the lists that are carried with them, each once: editions share lists. */
export function listsOf(calls: readonly CallRows[]) {
  const participants = new Set<number>();
  const sessions = new Set<number>();
  for (const { place } of calls.flatMap(({ wanted }) => wanted)) {
    const lists = carriedLists(place);
    for (const list of [lists.participants, lists.found]) if (list !== undefined) participants.add(list);
    if (lists.sessions !== undefined) sessions.add(lists.sessions);
  }
  return { participants: [...participants], sessions: [...sessions] };
}

/** @param health By the number of the edition. */
export function transferredCall(
  { callId, editions, wanted, newest }: CallRows,
  lists: Lists,
  health: ReadonlyMap<number, Health>,
): TransferredCall {
  const blocks = (table: BlockTable, list: number | undefined) =>
    list === undefined ? undefined : (lists[table].get(list) ?? []);
  const contents = wanted.map(({ place, headDigest, participantsDigest, sessionsDigest, head }) => {
    const { participants, sessions, found } = carriedLists(place);
    const content: EditionContent = {
      ...{ headDigest, participantsDigest, sessionsDigest, head },
      participants: blocks('participantBlocks', participants),
      sessions:
        sessions === undefined
          ? undefined
          : { blocks: blocks('sessionBlocks', sessions)!, segments: blocks('segmentBlocks', sessions)! },
      found: blocks('participantBlocks', found),
    };
    return [place.edition.edition, content] as const;
  });
  return {
    callId,
    editions,
    contents: new Map(contents),
    health: newest && health.get(newest.edition),
  };
}

/** True when blocks of the call must be rewritten (renewal.ts). */
export function isOfEarlierRelease({ contents }: TransferredCall): boolean {
  return [...contents.values()].some((content) => blocksOf(content).some(({ sealed }) => !sealed));
}
