/** Reads a call from the store and determines who was in it. */
import type { AsOf } from '../query/odata/as-of.ts';
import type { Edition } from '../store/edition.ts';
import type { CallRecordStore } from '../store/store.ts';
import { readPeople, requestedEdition, sessionBlocks } from './read-blocks.ts';
import { type EndedSession, type RollPerson, RollBuilder } from './roll.ts';
import { sessionSegments, usualSegments } from './session-segments.ts';

export interface CallRoll {
  /** The state of the call that was read. */
  readonly edition: Edition;
  readonly homeTenantId: string;
  /**
   * The received participants, then the inferred ones. Empty also when no list was received and no one is inferred:
   * `edition` states which lists were received.
   */
  readonly people: readonly RollPerson[];
  /** Null when no list of sessions was received. */
  readonly sessionCount: number | null;
  /** Sessions that ended with a reason, in the order of the record. */
  readonly endedSessions: readonly EndedSession[];
}

/** Reads the roll of a call; `undefined` when there is no such call or state. @throws CallDamaged */
export async function readRoll(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
  asOf?: AsOf,
): Promise<CallRoll | undefined> {
  const edition = await requestedEdition(store, tenantId, callId, asOf);
  return edition && rollOf(store, edition);
}

/** Computes the roll of an edition. @param mostWithSegments Of larger calls, not all segments are read. */
export async function rollOf(
  store: CallRecordStore,
  edition: Edition,
  mostWithSegments = usualSegments,
): Promise<CallRoll> {
  const { sessions, tenantId } = edition;
  const builder = new RollBuilder();
  await readPeople(store, edition, builder);
  const segments = await sessionSegments(store, edition, mostWithSegments);
  for await (const { no, sessions: own } of sessionBlocks(store, edition)) {
    const beside = await segments.of(no, own);
    builder.addSessions(own.map((session, i) => ({ ...session, segments: beside[i] ?? null })));
  }
  return {
    edition,
    homeTenantId: tenantId,
    people: builder.people(tenantId, segments.areWhole),
    sessionCount: sessions?.count ?? null,
    endedSessions: builder.endedSessions,
  };
}
