/** Infers the participants of calls that an earlier release stored in a PostgreSQL store without a list of them. */
import {
  editionsWithoutRoll,
  inferredBytesAtOnce,
  inferredEdition,
  type InferenceStore,
} from '../inference.ts';
import { CallDamaged } from '../store-errors.ts';
import { addTally, noTally } from '../tally.ts';
import { EditionWriter } from './add-editions.ts';
import type { Connection, Transaction } from './connection.ts';
import { idOf } from './keys.ts';
import type { PostgresSearch } from './postgres-search.ts';
import type { SearchWriter } from './search-writer.ts';
import { readKnown, readShared } from './stored-calls.ts';

/** The state of one step for a tenant. */
interface Turn {
  readonly transaction: Transaction;
  readonly tenantId: string;
  readonly tenantNo: number;
  readonly writer: EditionWriter;
  readonly search: SearchWriter;
  readonly tally: number[];
  /** The last edition number that was assigned. */
  last: number;
}

export class PostgresInference implements InferenceStore {
  readonly #connection: Connection;
  readonly #search: PostgresSearch;

  constructor(connection: Connection, search: PostgresSearch) {
    this.#connection = connection;
    this.#search = search;
  }

  async isPending(): Promise<boolean> {
    return (await this.#connection.get('firstInference')) !== undefined;
  }

  async catchUp(limit: number): Promise<number> {
    const first = await this.#connection.get('firstInference');
    if (first === undefined) return 0;
    const [tenantNo, tenantId] = [Number(first[0]), first[1] as string];
    const { checked, search } = await this.#connection.transaction(async (transaction) => {
      const lock = (await transaction.get('lockTenant', tenantNo))!; // the tenant has a row
      const search = this.#search.writer(transaction, tenantNo, lock);
      const after = (await transaction.get('inferringAfter', tenantNo))?.[0] as Buffer | null;
      // Another process has finished this tenant; another tenant may be next.
      if (after === null) return { checked: 1, search };
      const writer = new EditionWriter(transaction, tenantNo);
      const turn = {
        transaction,
        tenantId,
        tenantNo,
        writer,
        search,
        tally: noTally(),
        last: Number(lock[0]),
      };
      const keys = (await transaction.all('callIds', tenantNo, after, limit)).map(([key]) => key as Buffer);
      const cutAt = await this.#inferSome(turn, after, keys.at(-1));
      await writer.flush();
      await search.flush();
      if (turn.tally[1] !== 0) await transaction.run('addTally', tenantNo, turn.last, ...turn.tally);
      await transaction.run('moveInference', tenantNo, cutAt ?? (keys.length < limit ? null : keys.at(-1)!));
      // Another tenant may follow the last call of this one.
      return { checked: Math.max(1, keys.length), search };
    });
    search.remember();
    return checked;
  }

  /**
   * Infers for some calls.
   *
   * @returns The last call that was processed, when the step ends before all of them
   */
  async #inferSome(turn: Turn, after: Buffer, last: Buffer | undefined): Promise<Buffer | undefined> {
    if (last === undefined) return undefined;
    const { transaction, tenantNo } = turn;
    let bytes = 0;
    let reached: Buffer | undefined;
    for (const [key, longId] of await transaction.all('unlistedCalls', tenantNo, after, last)) {
      if (bytes > inferredBytesAtOnce) return reached;
      reached = key as Buffer;
      try {
        bytes += await inferCall(turn, idOf(reached, longId as Buffer | null));
      } catch (error) {
        // The damaged call stays as it is, and verify reports it. A statement that the server refused has ended the
        // transaction.
        if (!(error instanceof CallDamaged)) throw error;
      }
    }
    return undefined;
  }
}

/**
 * Adds the edition of one call.
 *
 * @returns Bytes that were read
 */
async function inferCall(turn: Turn, callId: string): Promise<number> {
  const { transaction, tenantId, tenantNo, writer, search } = turn;
  const known = (await readKnown(transaction, tenantNo, [{ callId }])).get(callId) ?? [];
  let bytes = 0;
  for (const next of editionsWithoutRoll(known)) {
    const shared = (await readShared(transaction, { tenantId, tenantNo }, callId, next))!; // every part is stored
    for (const { body } of [...shared.sessions, ...shared.segments]) bytes += body.length;
    const decided = inferredEdition({ tenantId, edition: turn.last + 1, callId, known, next, shared });
    if (decided === undefined) continue;
    turn.last++;
    const { written, indexed } = decided;
    if (written.ended !== undefined) search.remove(written.ended);
    if (indexed !== undefined) search.put(indexed);
    writer.add(written);
    addTally(turn.tally, written.tally);
  }
  return bytes;
}
