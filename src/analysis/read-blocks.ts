/** Reads the stored blocks of a call for analysis, and lets other requests run between two blocks. */
import { setImmediate } from 'node:timers/promises';
import type { Awaitable } from '../base/awaitable.ts';
import type { AsOf } from '../query/odata/as-of.ts';
import type { Edition, StoredList } from '../store/edition.ts';
import { participantsPerBlock, sessionsPerBlock } from '../store/received-call.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Block } from '../wire/text/block.ts';
import { blockText } from '../wire/text/block-text.ts';
import type { RecordParticipant, RecordSession } from './records.ts';
import type { RollBuilder } from './roll.ts';

/** Returns the requested state of a call; the newest without `asOf`. `undefined` when there is none. */
export async function requestedEdition(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  asOf: AsOf | undefined,
): Promise<Edition | undefined> {
  return asOf === undefined ? store.edition(tenantId, callId) : store.editionAsOf(tenantId, callId, asOf);
}

/** Adds the received participants of a call to a roll, then the inferred ones. @throws CallDamaged */
export async function readPeople(
  store: CallRecordStore,
  edition: Edition,
  builder: Pick<RollBuilder, 'addParticipants'>,
): Promise<void> {
  const lists: readonly (readonly [StoredList | undefined, (no: number) => Awaitable<Block | undefined>])[] =
    [
      [edition.participants, (no) => store.participantsBlock(edition, no)],
      [edition.found, (no) => store.inferredBlock(edition, no)],
    ];
  for (const [list, read] of lists)
    for (let no = 0; no * participantsPerBlock < (list?.count ?? 0); no++)
      builder.addParticipants(entitiesOf(await readBlock(edition, read(no))) as RecordParticipant[]);
}

/** Yields the blocks of a call's sessions, parsed. @throws CallDamaged */
export async function* sessionBlocks(
  store: CallRecordStore,
  edition: Edition,
): AsyncGenerator<{ readonly no: number; readonly sessions: readonly RecordSession[] }> {
  for (let no = 0; no * sessionsPerBlock < (edition.sessions?.count ?? 0); no++) {
    const block = await readBlock(edition, store.sessionsBlock(edition, no));
    yield { no, sessions: entitiesOf(block) as RecordSession[] };
  }
}

/** Returns a block of a call. @throws CallDamaged when it is missing */
export async function readBlock(edition: Edition, read: Awaitable<Block | undefined>): Promise<Block> {
  const block = await read;
  if (block === undefined) throw new CallDamaged(edition.callId);
  await setImmediate();
  return block;
}

/** Parses the JSON text, which was checked when it was stored. */
export function entitiesOf(block: Block): readonly unknown[] {
  return JSON.parse(`[${blockText(block).toString()}]`) as unknown[];
}
