/** Infers the participants of calls that an earlier release stored in a SQLite store without a list of them. */
import {
  editionsWithoutRoll,
  inferredBytesAtOnce,
  inferredEdition,
  type InferenceStore,
} from '../inference.ts';
import { knownEditionOf } from '../rows.ts';
import { unlessDamaged } from '../store-errors.ts';
import { addTally, noTally } from '../tally.ts';
import { addEdition } from './add-edition.ts';
import type { Connection } from './connection.ts';
import type { SqliteSearch } from './sqlite-search.ts';
import type { SearchWriter } from './search-writer.ts';
import { readShared } from './stored-calls.ts';
import type { Tenants } from './tenants.ts';

/** The state of one step for a tenant. */
interface Turn {
  readonly tenantId: string;
  readonly tenantNo: number;
  readonly search: SearchWriter;
  readonly tally: number[];
}

export class SqliteInference implements InferenceStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #search: SqliteSearch;

  constructor(connection: Connection, tenants: Tenants, search: SqliteSearch) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#search = search;
  }

  isPending(): boolean {
    return this.#connection.get('firstInference') !== undefined;
  }

  catchUp(limit: number): number {
    if (!this.isPending()) return 0;
    const { checked, search } = this.#connection.transaction(() => {
      const [tenantNo, after] = (this.#connection.get('firstInference') ?? []) as [number?, string?];
      if (tenantNo === undefined || after === undefined) return { checked: 0, search: undefined };
      const ids = this.#connection.all('callIds', tenantNo, after, limit).map(([id]) => id as string);
      const search = this.#search.writer(tenantNo);
      const tally = noTally();
      const turn: Turn = { tenantId: this.#tenants.idOf(tenantNo), tenantNo, search, tally };
      const cutAt = this.#inferSome(turn, after, ids);
      if (tally[1] !== 0) {
        this.#connection.run('addTally', tenantNo, ...tally);
        this.#connection.run('noteEdition', this.#lastEdition(), tenantNo);
      }
      search.flush();
      const to = cutAt ?? (ids.length < limit ? null : ids.at(-1)!);
      this.#connection.run('moveInference', to, tenantNo);
      // Another tenant may follow the last call of this one.
      return { checked: Math.max(1, ids.length), search };
    });
    search?.remember();
    return checked;
  }

  /**
   * Infers for some calls.
   *
   * @returns The last call that was processed, when the step ends before all of them
   */
  #inferSome(turn: Turn, after: string, ids: readonly string[]): string | undefined {
    const last = ids.at(-1);
    if (last === undefined) return undefined;
    let bytes = 0;
    let reached: string | undefined;
    for (const [callId] of this.#connection.all('unlistedCalls', turn.tenantNo, after, last)) {
      if (bytes > inferredBytesAtOnce) return reached;
      reached = callId as string;
      // A damaged call stays as it is, and verify reports it.
      bytes += unlessDamaged(() => this.#inferCall(turn, callId as string)) ?? 0;
    }
    return undefined;
  }

  /**
   * Adds the edition of one call.
   *
   * @returns Bytes that were read
   */
  #inferCall({ tenantId, tenantNo, search, tally }: Turn, callId: string): number {
    const known = this.#connection.all('knownEditions', tenantNo, callId).map((row) => knownEditionOf(row));
    let bytes = 0;
    for (const next of editionsWithoutRoll(known)) {
      const shared = readShared(this.#connection, { tenantId, tenantNo }, callId, next)!; // every part is stored
      for (const { body } of [...shared.sessions, ...shared.segments]) bytes += body.length;
      const edition = this.#lastEdition() + 1;
      const decided = inferredEdition({ tenantId, edition, callId, known, next, shared });
      if (decided === undefined) continue;
      const { written, indexed } = decided;
      addEdition(this.#connection, tenantNo, written);
      if (written.ended !== undefined) search.remove(written.ended);
      if (indexed !== undefined) search.put(indexed);
      addTally(tally, written.tally);
    }
    return bytes;
  }

  #lastEdition(): number {
    return Number(this.#connection.get('lastEditionNo')?.[0]);
  }
}
