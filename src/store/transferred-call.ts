/** Builds a call to copy from the rows that both engines read. */
import type { Block } from '../wire/text/block.ts';
import type { Health } from '../wire/text/session-health.ts';
import { newestOf, placesOf } from './edition-places.ts';
import { inferParticipants, storedParties } from './inferred-participants.ts';
import { blockOf, type Row } from './rows.ts';
import type { StoredList } from './edition.ts';
import { blocksOf, type EditionContent, type TransferredCall } from './transfer.ts';
import type { EditionRow } from './edition-row.ts';

export type BlockTable = 'participantBlocks' | 'sessionBlocks' | 'segmentBlocks';
/** Blocks of lists, keyed by the number of the list, which is unique in a tenant. */
export type Lists = Readonly<Record<BlockTable, ReadonlyMap<number, readonly Block[]>>>;

/**
 * Groups blocks by list.
 *
 * @param rows Each has the number of a list and the columns of a block, in the order of the list's blocks.
 */
export function blocksByList(rows: readonly Row[]): ReadonlyMap<number, readonly Block[]> {
  const lists = new Map<number, Block[]>();
  for (const row of rows) {
    const list = lists.get(Number(row[0]));
    if (list === undefined) lists.set(Number(row[0]), [blockOf(row, 1)]);
    else list.push(blockOf(row, 1));
  }
  return lists;
}

/** Returns the numbers of the editions' lists, each once: editions share lists. */
export function listsOf(rows: Iterable<EditionRow>) {
  const participants = new Set<number>();
  const sessions = new Set<number>();
  for (const { edition } of rows) {
    for (const list of [edition.participants, edition.found])
      if (list !== undefined) participants.add(list.list);
    if (edition.sessions !== undefined) sessions.add(edition.sessions.list);
  }
  return { participants: [...participants], sessions: [...sessions] };
}

/**
 * Builds a call.
 *
 * @param rows All editions of the call, in any order.
 * @param health Keyed by the number of the edition.
 */
export function transferredCall(
  callId: string,
  rows: readonly EditionRow[],
  lists: Lists,
  health: ReadonlyMap<number, Health>,
): TransferredCall {
  const ordered = [...rows].sort((a, b) => a.edition.edition - b.edition.edition);
  const editions = ordered.map(({ edition }) => edition);
  const contents = placesOf(editions).map((place, i) => {
    const { headDigest, participantsDigest, sessionsDigest, head } = ordered[i]!;
    const { participants, sessions, found } = place.edition;
    const number = place.edition.edition;
    const content: EditionContent = {
      ...{ headDigest, participantsDigest, sessionsDigest, head },
      participants: place.isIndexed ? blocks(lists.participantBlocks, participants) : undefined,
      sessions:
        sessions?.list === number
          ? {
              blocks: blocks(lists.sessionBlocks, sessions),
              segments: blocks(lists.segmentBlocks, sessions),
            }
          : undefined,
      found: found && blocks(lists.participantBlocks, found),
    };
    return [number, content] as const;
  });
  return {
    callId,
    editions,
    contents: new Map(contents),
    health: health.get(newestOf(editions)?.edition ?? 0),
  };
}

function blocks(lists: Lists[BlockTable], list: StoredList | undefined): readonly Block[] {
  return lists.get(list?.list ?? 0) ?? [];
}

/** Returns true when blocks of the call must be rewritten (renewal.ts). */
export function isOfEarlierRelease({ contents }: TransferredCall): boolean {
  return [...contents.values()].some((content) => blocksOf(content).some(({ sealed }) => !sealed));
}

/** Returns true when participants of the call still must be inferred (inference.ts). */
export function isLeftToInfer({ editions, contents }: TransferredCall): boolean {
  const newest = new Map(editions.map((edition) => [edition.version, edition]));
  return [...newest.values()].some(({ edition, participants, sessions, found, lacking }) => {
    if (participants !== undefined || found !== undefined) return false;
    if (!lacking.includes('listMissing')) return true;
    const head = contents.get(edition)?.head;
    const blocks = contents.get(sessions?.list ?? 0)?.sessions?.blocks ?? [];
    if (head === undefined) return false;
    // A layout of an earlier release may be unreadable: the inference task, which reads the text, decides.
    if ([head, ...blocks].some(({ sealed }) => !sealed)) return true;
    return inferParticipants(undefined, storedParties(blocks), head) !== undefined;
  });
}
