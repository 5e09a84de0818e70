/** Reads a call from the store and determines who was in it. */
import { setImmediate } from 'node:timers/promises';
import type { AsOf } from '../query/odata/as-of.ts';
import type { Edition } from '../store/edition.ts';
import { participantsPerBlock, sessionsPerBlock } from '../store/received-call.ts';
import { CallDamaged } from '../store/store-errors.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { Block } from '../wire/text/block.ts';
import { blockText } from '../wire/text/block-text.ts';
import type { RecordParticipant, RecordSession } from './records.ts';
import { type EndedSession, type RollPerson, RollBuilder } from './roll.ts';

interface CallRoll {
  /** The state of the call that was read. */
  readonly edition: Edition;
  /** The tenant that has the call. */
  readonly homeTenantId: string;
  /** The received participants, then the inferred ones. */
  readonly people: readonly RollPerson[];
  /** Null when no list of sessions was received. */
  readonly sessionCount: number | null;
  /** Sessions that ended with a reason, in the order of the record. */
  readonly endedSessions: readonly EndedSession[];
}

/**
 * Reads the roll of a call.
 *
 * @param asOf The requested state of the call; the newest when absent.
 * @returns `undefined` when the tenant has no such call, or the call no such state.
 * @throws CallDamaged when a stored block is missing
 */
export async function readRoll(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  asOf?: AsOf,
): Promise<CallRoll | undefined> {
  const edition =
    asOf === undefined
      ? await store.edition(tenantId, callId)
      : await store.editionAsOf(tenantId, callId, asOf);
  if (edition === undefined) return undefined;
  const { participants, found, sessions } = edition;
  const builder = new RollBuilder();
  const addParticipants = (block: Block) => builder.addParticipants(entitiesOf(block) as RecordParticipant[]);
  const people = [
    { list: participants, read: (no: number) => store.participantsBlock(edition, no) },
    { list: found, read: (no: number) => store.inferredBlock(edition, no) },
  ];
  for (const { list, read } of people)
    for (let no = 0; no * participantsPerBlock < (list?.count ?? 0); no++)
      addParticipants(await readBlock(edition, read(no)));
  for (let no = 0; no * sessionsPerBlock < (sessions?.count ?? 0); no++) {
    const own = entitiesOf(await readBlock(edition, store.sessionsBlock(edition, no))) as RecordSession[];
    const segments = entitiesOf(await readBlock(edition, store.segmentsBlock(edition, no)));
    builder.addSessions(
      own.map((session, i) => ({
        ...session,
        segments: (segments[i] ?? null) as NonNullable<RecordSession['segments']> | null,
      })),
    );
  }
  return {
    edition,
    homeTenantId: tenantId,
    people: builder.people(tenantId),
    sessionCount: sessions?.count ?? null,
    endedSessions: builder.endedSessions,
  };
}

async function readBlock(edition: Edition, read: Awaitable<Block | undefined>): Promise<Block> {
  const block = await read;
  if (block === undefined) throw new CallDamaged(edition.callId);
  // Other requests run between two blocks.
  await setImmediate();
  return block;
}

/** Parses the JSON text, which was checked when it was stored. */
function entitiesOf(block: Block): readonly unknown[] {
  return JSON.parse(`[${blockText(block).toString()}]`) as unknown[];
}
