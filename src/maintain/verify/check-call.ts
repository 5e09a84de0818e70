/** Recomputes every checksum of a call, and holds what is written beside its content against it. Asks no store. */
import { hash } from 'node:crypto';
import { type Edition, editionDigest, type StoredList } from '../../store/edition.ts';
import { participantsPerBlock, sessionsPerBlock } from '../../store/received-call.ts';
import type { EditionContent, TransferredCall } from '../../store/transfer.ts';
import type { Block } from '../../wire/text/block.ts';
import { checkBlock, type CheckedBlock } from '../../wire/text/check-block.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';

/** @param call With the contents of all of its editions. @returns How many parts are not what was stored */
export function damagedParts({ editions, contents }: TransferredCall): number {
  const lists = new Map<number, CheckedList>();
  const sessionLists = new Map<number, CheckedList>();
  for (const { edition, participants, found, sessions } of editions) {
    const content = contents.get(edition);
    // Editions share lists: a list comes with the edition that brought it, and with others it may be found by.
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
  // A damaged list is counted as such; nothing can be said of a digest of it.
  if (participants === undefined && found !== undefined && inferred?.digest === undefined) return damaged;
  const roll = participantsDigest ?? inferred?.digest ?? null;
  const recorded = editionDigest(headDigest, roll, sessionsDigest ?? null);
  return damaged + Number(recorded !== digest);
}

function agrees(list: StoredList | undefined, lists: CheckedLists, digest: string | undefined): boolean {
  if (list === undefined) return digest === undefined;
  const checked = lists.get(list.list);
  if (checked === undefined) return false;
  // A damaged list is counted as such; its digest says nothing more.
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

/** A block of sessions and that of their segments: as many entities, and their digests one after the other. */
function both(sessions: Block | undefined, segments: Block | undefined): CheckedBlock | undefined {
  if (sessions === undefined || segments === undefined) return undefined;
  const own = checkBlock(sessions, storedTypes.session);
  const beside = checkBlock(segments, 'segments');
  if (own === undefined || beside?.count !== own.count) return undefined;
  return { ...own, digest: `${own.digest},${beside.digest}` };
}

/** @param blocks Those there are: a list of this count has so many, and each so many entities. */
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
