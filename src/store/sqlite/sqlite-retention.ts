/** Drops data by time in SQLite: the file reuses the space of a dropped call, and does not shrink. */
import { otherKeysOf, writtenKeysOf } from '../../contract/ids.ts';
import { entityIds } from '../../wire/text/open-block.ts';
import { type DroppedCall, droppedCall } from '../dropped.ts';
import type { DroppedCalls, RetentionWatermark, RetentionStore } from '../retention.ts';
import { blockOf, editionOf } from '../rows.ts';
import { unlessDamaged } from '../store-errors.ts';
import { addTally, noTally } from '../tally.ts';
import type { Connection } from './connection.ts';
import { searchTables } from './schema.ts';
import type { SqliteSearch } from './sqlite-search.ts';
import type { Tenants } from './tenants.ts';

/** Pages of an index that are merged in one step. */
const mergedPages = 200;

export class SqliteRetention implements RetentionStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #search: SqliteSearch;
  #erasing: Generator<void> | undefined;

  constructor(connection: Connection, tenants: Tenants, search: SqliteSearch) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#search = search;
  }

  countBefore(tenantId: string, before: bigint): RetentionWatermark {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    return {
      calls:
        Number(this.#connection.get('countCallsBefore', tenant, before)?.[0]) +
        this.#fragments(tenant, before, -1).length,
      logRows: Number(this.#connection.get('countLogRowsBefore', tenant, before)?.[0]),
    };
  }

  dropCalls(
    tenantId: string,
    before: bigint,
    limit: number,
    except: ReadonlySet<string> = new Set(),
  ): DroppedCalls {
    const tenant = this.#tenants.numberOf(tenantId);
    if (tenant === undefined) return { calls: 0, damaged: [] };
    return this.#connection.transaction(() => {
      const most = limit + except.size;
      let ids = this.#connection.all('callsBefore', tenant, before, most).map((row) => row[0] as string);
      ids = ids.filter((id) => !except.has(id));
      if (ids.length === 0) ids = this.#fragments(tenant, before, most).filter((id) => !except.has(id));
      ids = ids.slice(0, limit);
      const damaged: string[] = [];
      const tally = noTally();
      const search = this.#search.writer(tenant);
      for (const callId of ids) {
        const rows = this.#connection.all('editionsOfCall', tenant, callId);
        const dropped = unlessDamaged(() => droppedCall(rows.map((row) => editionOf(tenantId, callId, row))));
        if (dropped === undefined) {
          damaged.push(callId);
          continue;
        }
        addTally(tally, dropped.tally);
        this.#drop(tenant, callId, dropped);
        if (dropped.found !== undefined) search.remove(dropped.found);
      }
      search.flush();
      const calls = ids.length - damaged.length;
      if (calls > 0) this.#connection.run('addTally', tenant, ...tally);
      return { calls, damaged };
    });
  }

  dropLogRows(tenantId: string, before: bigint, limit: number): number {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    return this.#connection.transaction(() => {
      const rows = this.#connection.all('logRowsBefore', tenant, before, limit);
      for (const [kind, ticks, id] of rows) this.#connection.run('dropLogRow', tenant, kind!, ticks!, id!);
      return rows.length;
    });
  }

  dropQuarantined(tenantId: string, before: bigint): number {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    return this.#connection.transaction(
      () => this.#connection.all('dropQuarantinedBefore', tenant, before / 10_000n).length,
    );
  }

  erase(): boolean {
    this.#erasing ??= this.#eraseSteps();
    const isDone = this.#erasing.next().done === true;
    if (isDone) this.#erasing = undefined;
    return !isDone;
  }

  vacuum(): void {
    this.#connection.run('vacuum');
    this.#connection.get('emptyLog');
  }

  forgetUpstream(tenantId: string, before: bigint): void {
    const tenant = this.#tenants.numberOf(tenantId) ?? 0;
    this.#connection.transaction(() => {
      this.#connection.run('forgetPending', tenant, before);
      this.#connection.run('forgetSpans', tenant, before);
      this.#connection.run('clipSpans', before, tenant, before);
    });
  }

  /**
   * Erases in steps. Deleted rows are overwritten (secure_delete), but the search index keeps their terms until its
   * segments are merged, and the write-ahead log keeps old pages until it is truncated.
   */
  *#eraseSteps(): Generator<void> {
    for (const table of searchTables.words) {
      const merge = table === 'phrase_part' ? 'mergePhraseParts' : 'mergeTerms';
      // Negative: starts a merge of everything. Positive: continues it.
      for (let pages = -mergedPages, isMerging = true; isMerging; pages = mergedPages) {
        const before = this.#changes();
        this.#connection.transaction(() => this.#connection.run(merge, pages));
        isMerging = this.#changes() - before >= 2;
        yield;
      }
    }
    this.#connection.get('emptyLog');
  }

  #changes(): number {
    return Number(this.#connection.get('totalChanges')?.[0]);
  }

  #drop(tenant: number, callId: string, dropped: DroppedCall): void {
    const { call, editions, participants, sessions } = dropped;
    const starts = dropped.starts.map((start) => start ?? 0n);
    for (const { list, count } of participants) {
      const ids = unlessDamaged(() => this.#idsOf(tenant, list));
      if (ids?.length === count) {
        for (const start of starts) {
          for (const id of ids.flatMap((one) => (one === undefined ? [] : writtenKeysOf(one))))
            this.#connection.run('dropParticipant', tenant, id, start, call, list);
        }
      } else this.#connection.run('dropParticipantsOfList', tenant, call, list);
      this.#connection.run('dropParticipantBlocks', tenant, list);
    }
    for (const { list } of sessions) {
      for (const statement of ['dropSessions', 'dropSessionBlocks', 'dropSegmentBlocks'] as const)
        this.#connection.run(statement, tenant, list);
    }
    for (const start of starts) this.#connection.run('dropListing', tenant, start, call);
    for (const edition of editions) this.#connection.run('dropEdition', edition);
    for (const key of [callId, ...otherKeysOf(callId)]) {
      this.#connection.run('deletePending', tenant, key);
      this.#connection.run('dropQuarantinedOfCalls', tenant, key);
    }
  }

  #idsOf(tenant: number, list: number): readonly (string | undefined)[] {
    const ids: (string | undefined)[] = [];
    for (let no = 0; ; no++) {
      const row = this.#connection.get('participantBlock', tenant, list, no);
      if (row === undefined) return ids;
      ids.push(...entityIds(blockOf(row)));
    }
  }

  /** Returns the calls of which only pages were received, by the time of the last page. */
  #fragments(tenant: number, before: bigint, limit: number): string[] {
    return this.#connection
      .all('fragmentsBefore', tenant, before / 10_000n, limit)
      .map((row) => row[0] as string);
  }
}
