/** Implements the state of upstream and the fetch queue in SQLite. */
import { canonicalId } from '../../contract/ids.ts';
import { observe, type QueuedCall, type QueueWrites, acknowledge, withSpan } from '../fetch-queue.ts';
import type {
  ListedSpan,
  MissingCounts,
  Observation,
  UpstreamState,
  UpstreamStore,
  PendingCall,
  QueueCounts,
  FetchOutcome,
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

  observe(
    tenantId: string,
    observations: readonly Observation[],
    nowMs: number,
    listed?: ListedSpan,
  ): number {
    return this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      const newest = rowsOf(observations, (key) => {
        const row = this.#connection.get('heldOfCall', tenantNo, key);
        return row && editionCompletenessOf(row);
      });
      const writes = observe(observations, newest, this.#queued(tenantNo, observations), nowMs);
      this.#apply(tenantNo, writes);
      if (listed !== undefined) this.#addListed(tenantNo, 'calls', listed);
      return writes.put.length;
    });
  }

  lease(tenantId: string, nowMs: number, limit: number): readonly PendingCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const findDue = (most: number) => this.#connection.all('duePending', tenantNo, nowMs, most);
    // An idle sync polls often, so an empty queue is found without a lock.
    if (findDue(1).length === 0) return [];
    return this.#connection.transaction(() => {
      const due = findDue(limit).map(queuedCall);
      for (const { callId } of due) this.#connection.run('leasePending', tenantNo, callId);
      return due;
    });
  }

  acknowledge(tenantId: string, settlements: readonly FetchOutcome[], nowMs: number): void {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return;
    this.#connection.transaction(() =>
      this.#apply(tenantNo, acknowledge(settlements, this.#queued(tenantNo, settlements), nowMs)),
    );
  }

  releaseAll(tenantId: string): readonly string[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const left = this.#connection.all('giveBack', tenantNo);
    return left.map((row) => row[0] as string).sort();
  }

  counts(tenantId: string): QueueCounts {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    const [wanted, gone, nextDueMs] = this.#connection.get('countPending', tenantNo)!; // an aggregate has a row
    return {
      pending: Number(wanted),
      expiredUpstream: Number(gone),
      nextDueMs: nextDueMs === null ? undefined : Number(nextDueMs),
    };
  }

  pending(tenantId: string, after: string | undefined, limit: number): readonly PendingCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    return this.#connection.all('pendingCalls', tenantNo, after ?? '', limit).map(queuedCall);
  }

  missingCounts(tenantId: string, since: bigint, remembered: bigint): MissingCounts {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    const [calls, lost] = this.#connection.get('countMissing', tenantNo, remembered, since)!; // an aggregate has a row
    return { calls: Number(calls), lost: Number(lost) };
  }

  pendingOf(tenantId: string, callIds: readonly string[]): readonly PendingCall[] {
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
      const row = this.#connection.get('pendingCall', tenantNo, key);
      return row && queuedCall(row);
    });
  }

  #apply(tenantNo: number, { put, remove }: QueueWrites): void {
    for (const call of put) this.#connection.run('putPending', tenantNo, call.callId, ...queueValuesOf(call));
    for (const callId of remove) this.#connection.run('deletePending', tenantNo, callId);
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

/** Returns rows of calls by canonical id. */
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
