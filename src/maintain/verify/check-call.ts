/** Recomputes all checksums of a call, and compares stored metadata with the content. Reads no store. */
import { hash } from 'node:crypto';
import { type Edition, editionDigest, type StoredList } from '../../store/edition.ts';
import { participantsPerBlock, sessionsPerBlock } from '../../store/received-call.ts';
import type { EditionContent, TransferredCall } from '../../store/transfer.ts';
import type { Block } from '../../wire/text/block.ts';
import { checkBlock, type CheckedBlock } from '../../wire/text/check-block.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';

/** Checks a call. @param call With the contents of all its editions. @returns The number of damaged parts */
export function damagedParts({ editions, contents }: TransferredCall): number {
  const lists = new Map<number, CheckedList>();
  const sessionLists = new Map<number, CheckedList>();
  for (const { edition, participants, found, sessions } of editions) {
    const content = contents.get(edition);
    // Editions share lists: a list is checked with the edition that introduced it, and with others that refer to it.
    if (participants !== undefined && content?.participants !== undefined && !lists.has(participants.list))
      lists.set(participants.list, checkParticipants(participants, content.participants));
    if (found !== undefined && content?.found !== undefined)
      lists.set(found.list, checkParticipants(found, content.found));
    if (sessions !== undefined && content?.sessions !== undefined && !sessionLists.has(sessions.list))
      sessionLists.set(sessions.list, checkSessions(sessions, content.sessions));
  }
  let damaged = 0;
  for (const { damaged: ofList } of [...lists.values(), ...sessionLists.values()]) damaged += ofList;
  for (const edition of editions)
    damaged += damagedIn(edition, contents.get(edition.edition), lists, sessionLists);
  return damaged;
}

interface CheckedList {
  /** Absent when a block is damaged or missing. */
  readonly digest: string | undefined;
  readonly damaged: number;
}

type CheckedLists = ReadonlyMap<number, CheckedList>;

function damagedIn(
  { digest, participants, found, sessions }: Edition,
  content: EditionContent | undefined,
  lists: CheckedLists,
  sessionLists: CheckedLists,
): number {
  if (content === undefined) return 1;
  const { headDigest, participantsDigest, sessionsDigest } = content;
  let damaged = Number(checkBlock(content.head, storedTypes.callRecord)?.digest !== headDigest);
  damaged += Number(!agrees(participants, lists, participantsDigest));
  damaged += Number(!agrees(sessions, sessionLists, sessionsDigest));
  const inferred = found && lists.get(found.list);
  damaged += Number(found !== undefined && inferred === undefined);
  // A damaged list is counted separately; a digest that depends on it cannot be checked.
  if (participants === undefined && found !== undefined && inferred?.digest === undefined) return damaged;
  const roll = participantsDigest ?? inferred?.digest ?? null;
  const recorded = editionDigest(headDigest, roll, sessionsDigest ?? null);
  return damaged + Number(recorded !== digest);
}

function agrees(list: StoredList | undefined, lists: CheckedLists, digest: string | undefined): boolean {
  if (list === undefined) return digest === undefined;
  const checked = lists.get(list.list);
  if (checked === undefined) return false;
  // A damaged list is counted separately; its digest would count it twice.
  return checked.digest === undefined || checked.digest === digest;
}

function checkParticipants(list: StoredList, blocks: readonly Block[]): CheckedList {
  return checkedList(
    list,
    participantsPerBlock,
    blocks.map((block) => checkBlock(block, storedTypes.participant)),
  );
}

function checkSessions(
  list: StoredList,
  { blocks, segments }: NonNullable<EditionContent['sessions']>,
): CheckedList {
  return checkedList(
    list,
    sessionsPerBlock,
    Array.from({ length: Math.max(blocks.length, segments.length) }, (_, no) =>
      both(blocks[no], segments[no]),
    ),
  );
}

/** Joins a block of sessions with its block of segments: the same number of entities, and both digests. */
function both(sessions: Block | undefined, segments: Block | undefined): CheckedBlock | undefined {
  if (sessions === undefined || segments === undefined) return undefined;
  const own = checkBlock(sessions, storedTypes.session);
  const beside = checkBlock(segments, 'segments');
  if (own === undefined || beside?.count !== own.count) return undefined;
  return { ...own, digest: `${own.digest},${beside.digest}` };
}

/** Checks a list. @param blocks The existing blocks: the list's count determines their number and sizes. */
function checkedList(
  { count, complete }: StoredList,
  perBlock: number,
  blocks: readonly (CheckedBlock | undefined)[],
): CheckedList {
  const expected = Math.ceil(count / perBlock);
  const digests: string[] = [];
  for (const [no, block] of blocks.slice(0, expected).entries())
    if (block?.count === Math.min(perBlock, count - no * perBlock)) digests.push(block.digest);
  const damaged = Math.max(blocks.length, expected) - digests.length;
  if (damaged > 0) return { digest: undefined, damaged };
  const digest = hash('sha256', [...digests, complete ? 'complete' : 'more'].join(), 'base64url');
  return { digest, damaged };
}
