/** What is known of upstream, in SQLite. */
import { canonicalId } from '../../contract/ids.ts';
import { observe, type QueuedCall, type QueueWrites, settle, withSpan } from '../fetch-queue.ts';
import type {
  ListedSpan,
  MissingCounts,
  Sighting,
  UpstreamState,
  UpstreamStore,
  WantedCall,
  WantedCounts,
  WantSettlement,
} from '../upstream.ts';
import type { Row } from '../rows.ts';
import type { Connection } from './connection.ts';
import { editionCompletenessOf, queuedCallOf, queueValuesOf } from '../upstream-rows.ts';
import { underKeys } from '../under-keys.ts';
import type { Tenants } from './tenants.ts';

export class SqliteUpstream implements UpstreamStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(connection: Connection, tenants: Tenants) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  tenants(): readonly string[] {
    return this.#connection.all('upstreamTenants').map((row) => row[0] as string);
  }

  sighted(tenantId: string, sightings: readonly Sighting[], nowMs: number, listed?: ListedSpan): number {
    return this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      const newest = rowsOf(sightings, (key) => {
        const row = this.#connection.get('heldOfCall', tenantNo, key);
        return row && editionCompletenessOf(row);
      });
      const writes = observe(sightings, newest, this.#queued(tenantNo, sightings), nowMs);
      this.#apply(tenantNo, writes);
      if (listed !== undefined) this.#addListed(tenantNo, 'calls', listed);
      return writes.put.length;
    });
  }

  take(tenantId: string, nowMs: number, limit: number): readonly WantedCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const findDue = (most: number) => this.#connection.all('dueWanted', tenantNo, nowMs, most);
    // An idle sync looks often, and takes no lock to find nothing.
    if (findDue(1).length === 0) return [];
    return this.#connection.transaction(() => {
      const due = findDue(limit).map(queuedCall);
      for (const { callId } of due) this.#connection.run('takeWanted', tenantNo, callId);
      return due;
    });
  }

  settle(tenantId: string, settlements: readonly WantSettlement[], nowMs: number): void {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return;
    this.#connection.transaction(() =>
      this.#apply(tenantNo, settle(settlements, this.#queued(tenantNo, settlements), nowMs)),
    );
  }

  resume(tenantId: string): readonly string[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const left = this.#connection.all('giveBack', tenantNo);
    return left.map((row) => row[0] as string).sort();
  }

  counts(tenantId: string): WantedCounts {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    const [wanted, gone, nextDueMs] = this.#connection.get('countWanted', tenantNo)!; // an aggregate has a row
    return {
      wanted: Number(wanted),
      gone: Number(gone),
      nextDueMs: nextDueMs === null ? undefined : Number(nextDueMs),
    };
  }

  wanted(tenantId: string, after: string | undefined, limit: number): readonly WantedCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    return this.#connection.all('wantedCalls', tenantNo, after ?? '', limit).map(queuedCall);
  }

  missingCounts(tenantId: string, since: bigint, remembered: bigint): MissingCounts {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    const [calls, lost] = this.#connection.get('countMissing', tenantNo, remembered, since)!; // an aggregate has a row
    return { calls: Number(calls), lost: Number(lost) };
  }

  wantedOf(tenantId: string, callIds: readonly string[]): readonly WantedCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    return [
      ...this.#queued(
        tenantNo,
        callIds.map((callId) => ({ callId })),
      ).values(),
    ];
  }

  listed(tenantId: string, what: string): readonly ListedSpan[] {
    return this.#spans(this.#tenants.numberOf(tenantId) ?? 0, what);
  }

  addListed(tenantId: string, what: string, span: ListedSpan): void {
    this.#connection.transaction(() => this.#addListed(this.#tenants.add(tenantId), what, span));
  }

  state(tenantId: string, name: UpstreamState): string | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    return this.#connection.get('upstreamState', tenantNo, name)?.[0] as string | undefined;
  }

  setState(tenantId: string, name: UpstreamState, value: string | undefined): void {
    this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      if (value === undefined) this.#connection.run('clearUpstreamState', tenantNo, name);
      else this.#connection.run('setUpstreamState', tenantNo, name, value);
    });
  }

  #queued(tenantNo: number, calls: readonly { readonly callId: string }[]): Map<string, QueuedCall> {
    return rowsOf(calls, (key) => {
      const row = this.#connection.get('wantedCall', tenantNo, key);
      return row && queuedCall(row);
    });
  }

  #apply(tenantNo: number, { put, remove }: QueueWrites): void {
    for (const call of put) this.#connection.run('putWanted', tenantNo, call.callId, ...queueValuesOf(call));
    for (const callId of remove) this.#connection.run('deleteWanted', tenantNo, callId);
  }

  #addListed(tenantNo: number, what: string, span: ListedSpan): void {
    const spans = withSpan(this.#spans(tenantNo, what), span);
    this.#connection.run('clearListedSpans', tenantNo, what);
    for (const { from, before, listedMs } of spans)
      this.#connection.run('addListedSpan', tenantNo, what, from, before, listedMs);
  }

  #spans(tenantNo: number, what: string): readonly ListedSpan[] {
    return this.#connection.all('listedSpans', tenantNo, what).map(([from, before, listedMs]) => ({
      from: from as bigint,
      before: before as bigint,
      listedMs: Number(listedMs),
    }));
  }
}

function queuedCall([callId, ...rest]: Row): QueuedCall {
  return queuedCallOf(callId as string, rest);
}

/** What is known of calls, by their canonical ids. */
function rowsOf<T>(
  calls: readonly { readonly callId: string }[],
  read: (key: string) => T | undefined,
): Map<string, T> {
  const rows = new Map<string, T>();
  for (const { callId } of calls) {
    const row = underKeys(callId, read);
    if (row !== undefined) rows.set(canonicalId(callId), row);
  }
  return rows;
}
