/**
 * Rewrites blocks of an earlier release in the current form: keeps their texts, builds layouts from the texts, and
 * seals the blocks. It renews a few calls at a time while the store is in use, and resumes where it stopped.
 */
import type { Block } from '../wire/text/block.ts';
import { checkBlock } from '../wire/text/check-block.ts';
import type { BlockType } from '../wire/text/sound-layout.ts';
import { storedTypes } from '../wire/text/stored-types.ts';
import type { Awaitable } from '../base/awaitable.ts';
import { CallDamaged } from './store-errors.ts';
import type { EvidenceStore } from './evidence.ts';
import type { Edition } from './edition.ts';
import type { EditionContent, TransferredCall } from './transfer.ts';

/** Statements of either engine that rewrite a block of a list. */
export const blockStatements = {
  participants: 'renewParticipantBlock',
  sessions: 'renewSessionBlock',
  segments: 'renewSegmentBlock',
} as const;

interface RenewedHead {
  readonly edition: Edition;
  readonly head: Block;
}

/** A block of a list. */
interface RenewedBlock {
  readonly callId: string;
  readonly of: 'participants' | 'sessions' | 'segments';
  readonly list: number;
  readonly no: number;
  readonly block: Block;
}

export interface Renewed {
  readonly heads: readonly RenewedHead[];
  readonly blocks: readonly RenewedBlock[];
}

export interface RenewedRange {
  readonly after: string | undefined;
  readonly to: string | undefined;
}

/** The operations of a store that renewal needs. */
export interface RenewalStore {
  /** Returns the first tenant with calls to check: those after a call, or all of them. */
  first(): Awaitable<{ readonly tenantId: string; readonly after: string | undefined } | undefined>;
  /**
   * Replaces the flags and layouts of stored blocks, where the blocks still exist, and records the progress.
   *
   * @param looked The call that `first` returned to start after, and the last call that was checked; no last call when
   *   all calls of the tenant were checked.
   */
  put(tenantId: string, renewed: Renewed, looked: RenewedRange): Awaitable<void>;
}

/** Bytes of calls that are held in memory at a time; one call may have more. */
const bytesAtOnce = 4 * 2 ** 20;

/** The parts of a store that renewing uses. */
interface RenewedStore {
  readonly renewal: RenewalStore;
  readonly evidence: EvidenceStore;
}

/**
 * Renews the blocks of some calls.
 *
 * @param limit Calls to check.
 * @returns How many were checked; 0 when none are left.
 */
export async function renewCalls(store: RenewedStore, limit: number): Promise<number> {
  const { renewal, evidence } = store;
  const first = await renewal.first();
  if (first === undefined) return 0;
  const { tenantId, after } = first;
  const ids = await evidence.calls(tenantId, after, limit);
  const heads: RenewedHead[] = [];
  const blocks: RenewedBlock[] = [];
  let bytes = 0;
  let looked = 0;
  for (const callId of ids) {
    if (bytes > bytesAtOnce) break;
    const [call] = await readCall(store, tenantId, callId);
    const renewed = call === undefined ? nothing : renewedOf(call);
    heads.push(...renewed.heads);
    blocks.push(...renewed.blocks);
    for (const { block } of renewed.blocks) bytes += block.body.length;
    looked++;
    // An embedded store answers synchronously: this lets other work run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const isEnd = looked === ids.length && ids.length < limit;
  await renewal.put(tenantId, { heads, blocks }, { after, to: isEnd ? undefined : ids[looked - 1] });
  return Math.max(1, looked); // another tenant may follow the last call of this one
}

const nothing: Renewed = { heads: [], blocks: [] };

/** Reads a call; a damaged call is skipped, because `verify` reports it. */
async function readCall(
  { evidence }: RenewedStore,
  tenantId: string,
  callId: string,
): Promise<readonly TransferredCall[]> {
  try {
    return await evidence.whole(tenantId, [callId]);
  } catch (error) {
    if (error instanceof CallDamaged) return [];
    throw error;
  }
}

function renewedOf({ callId, editions, contents }: TransferredCall): Renewed {
  const heads: RenewedHead[] = [];
  const blocks = new Map<string, RenewedBlock>();
  for (const edition of editions) {
    const content = contents.get(edition.edition);
    if (content === undefined) continue;
    const head = renewedBlock(content.head, storedTypes.callRecord);
    if (head !== undefined) heads.push({ edition, head });
    for (const { of, list, all, type } of listsOf(edition, content)) {
      for (const [no, one] of all.entries()) {
        const block = renewedBlock(one, type);
        if (block !== undefined) blocks.set(`${of} ${list} ${no}`, { callId, of, list, no, block });
      }
    }
  }
  return { heads, blocks: [...blocks.values()] };
}

function renewedBlock(block: Block, type: BlockType): Block | undefined {
  return block.sealed ? undefined : checkBlock(block, type)?.renewed;
}

interface ContentList extends Pick<RenewedBlock, 'of' | 'list'> {
  readonly all: readonly Block[];
  readonly type: BlockType;
}

function* listsOf(edition: Edition, content: EditionContent): Generator<ContentList> {
  const { participants, sessions, found } = edition;
  const { participant, session } = storedTypes;
  const { participants: listed = [], found: inSessions = [], sessions: held } = content;
  if (participants) yield { of: 'participants', list: participants.list, all: listed, type: participant };
  if (found) yield { of: 'participants', list: found.list, all: inSessions, type: participant };
  if (sessions === undefined || held === undefined) return;
  yield { of: 'sessions', list: sessions.list, all: held.blocks, type: session };
  yield { of: 'segments', list: sessions.list, all: held.segments, type: 'segments' };
}
