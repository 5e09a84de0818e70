/** Recomputes every checksum of a call's editions, and holds what is written beside their content against it. */
import { hash } from 'node:crypto';
import { organizerContext } from '../odata/context-url.ts';
import {
  type Awaitable,
  type CallRecordStore,
  type Edition,
  editionDigest,
  participantsPerBlock,
  sessionsPerBlock,
  StoreError,
  type StoredList,
} from '../store/store.ts';
import type { Block } from '../text/block.ts';
import { listItemOf } from '../text/list-item.ts';
import { storedTypes } from '../text/stored-types.ts';
import { checkBlock, type CheckedBlock } from '../text/check-block.ts';

/** @param editions Of one call, all of them. @returns How many parts are not what was stored */
export async function corruptParts(store: CallRecordStore, editions: readonly Edition[]): Promise<number> {
  const lists = new Map<string, CheckedList>();
  let corrupt = 0;
  for (const edition of editions) {
    try {
      corrupt += await corruptIn(store, edition, lists);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      corrupt++; // what cannot be read is no proof of anything
    }
  }
  return corrupt;
}

/** A list as it was found; editions share lists, and each is read once. */
interface CheckedList {
  /** Absent when a block is damaged or missing. */
  readonly digest: string | undefined;
  readonly corrupt: number;
}

async function corruptIn(
  store: CallRecordStore,
  edition: Edition,
  lists: Map<string, CheckedList>,
): Promise<number> {
  const { callId, participants, found, sessions } = edition;
  const recorded = await store.evidence.recorded(edition);
  const head = await store.head(edition);
  const checked = checkBlock(head, storedTypes.callRecord);
  let corrupt = Number(checked?.digest !== recorded.headDigest);
  if (checked !== undefined && recorded.item !== undefined) {
    const { before, after } = listItemOf(head, organizerContext(callId));
    if (!isEqual(before, recorded.item.before) || !isEqual(after, recorded.item.after)) corrupt++;
  }

  const once = async (list: StoredList, kind: string, check: () => Promise<CheckedList>) => {
    const key = `${kind} ${list.list}`;
    const known = lists.get(key);
    if (known !== undefined) return known.digest;
    const fresh = await check();
    lists.set(key, fresh);
    corrupt += fresh.corrupt;
    return fresh.digest;
  };
  const listed =
    participants && (await once(participants, 'participants', () => checkParticipants(store, edition)));
  if (found !== undefined) await once(found, 'participants', () => checkFound(store, edition, found));
  const seen = sessions && (await once(sessions, 'sessions', () => checkSessions(store, edition, sessions)));
  // A damaged list is counted as such; its digest says nothing more.
  if (listed !== undefined && listed !== recorded.participantsDigest) corrupt++;
  if (seen !== undefined && seen !== recorded.sessionsDigest) corrupt++;
  const { headDigest, participantsDigest = null, sessionsDigest = null } = recorded;
  if (editionDigest(headDigest, participantsDigest, sessionsDigest) !== edition.digest) corrupt++;
  return corrupt;
}

async function checkParticipants(store: CallRecordStore, edition: Edition): Promise<CheckedList> {
  const list = edition.participants!; // the caller has seen it
  const blocks = await checkBlocks(list, participantsPerBlock, async (no) => {
    const block = await store.participantsBlock(edition, no);
    return block && checkBlock(block, storedTypes.participant);
  });
  return checkedList(list, blocks, (id) => store.participantIndex(edition, id));
}

async function checkFound(store: CallRecordStore, edition: Edition, list: StoredList): Promise<CheckedList> {
  const blocks = await checkBlocks(list, participantsPerBlock, async (no) => {
    const block = await store.foundBlock(edition, no);
    return block && checkBlock(block, storedTypes.participant);
  });
  return checkedList(list, blocks, (id) => store.foundIndex(edition, id));
}

async function checkSessions(
  store: CallRecordStore,
  edition: Edition,
  list: StoredList,
): Promise<CheckedList> {
  const blocks = await checkBlocks(list, sessionsPerBlock, async (no) =>
    both(await store.sessionsBlock(edition, no), await store.segmentsBlock(edition, no)),
  );
  return checkedList(list, blocks, (id) => store.sessionIndex(edition, id));
}

/** A block of sessions and that of their segments: as many entities, and their digests one after the other. */
function both(sessions: Block | undefined, segments: Block | undefined): CheckedBlock | undefined {
  if (sessions === undefined || segments === undefined) return undefined;
  const own = checkBlock(sessions, storedTypes.session);
  const beside = checkBlock(segments, 'segments');
  if (own === undefined || beside?.count !== own.count) return undefined;
  return { ...own, digest: `${own.digest},${beside.digest}` };
}

/** Every block that a list of this count has; one that has too few or too many entities is damaged. */
async function checkBlocks(
  { count }: StoredList,
  perBlock: number,
  check: (no: number) => Promise<CheckedBlock | undefined>,
): Promise<readonly (CheckedBlock | undefined)[]> {
  const blocks: (CheckedBlock | undefined)[] = [];
  for (let no = 0; no * perBlock < count; no++) {
    const block = await check(no);
    blocks.push(block?.count === Math.min(perBlock, count - no * perBlock) ? block : undefined);
  }
  return blocks;
}

/** @param index Where the store finds an id: at its first place in the list. */
async function checkedList(
  { complete }: StoredList,
  blocks: readonly (CheckedBlock | undefined)[],
  index: (id: string) => Awaitable<number | undefined>,
): Promise<CheckedList> {
  const intact = blocks.flatMap((block) => block ?? []);
  const damaged = blocks.length - intact.length;
  if (damaged > 0) return { digest: undefined, corrupt: damaged };
  const ids = intact.flatMap((block) => block.ids);
  const first = new Map<string, number>();
  for (const [position, id] of ids.entries()) if (!first.has(id)) first.set(id, position);
  let misplaced = 0;
  for (const [id, position] of first) if ((await index(id)) !== position) misplaced++;
  const digests = intact.map((block) => block.digest);
  const digest = hash('sha256', [...digests, complete ? 'complete' : 'more'].join(), 'base64url');
  return { digest, corrupt: misplaced };
}

function isEqual(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}
