/** Implements the state of upstream and the fetch queue for both engines. Writers of one tenant take turns. */
import { canonicalId, otherKeysOf } from '../contract/ids.ts';
import { acknowledge, observe, type QueuedCalls, type QueueWrites, withSpan } from './fetch-queue.ts';
import { all, type Database, one, type Steps, writeRows } from './steps.ts';
import { underKeys } from './under-keys.ts';
import { editionCompletenessOf, queuedCallOf, queueRow } from './upstream-rows.ts';
import type { ListedSpan, UpstreamStore } from './upstream.ts';

interface Named {
  readonly callId: string;
}

export function createUpstream(database: Database): UpstreamStore {
  const { callOf, callWidth } = database.columns;
  return {
    tenants: () =>
      database.read(function* () {
        return (yield* all('upstreamTenants')).map((row) => row[0] as string);
      }),

    observe: (tenantId, observations, nowMs, listed) =>
      database.addTo(tenantId, function* (tenantNo) {
        yield* one('lockTenant', tenantNo);
        const rows = yield* all('heldOfCalls', tenantNo, anyKeysOf(observations));
        const held = new Map(rows.map((row) => [callOf(row), editionCompletenessOf(row.slice(callWidth))]));
        const newest = byCanonicalId(observations, held);
        const writes = observe(observations, newest, yield* queuedOf(tenantNo, observations), nowMs);
        yield* apply(tenantNo, writes);
        if (listed !== undefined) yield* addListed(tenantNo, 'calls', listed);
        return writes.put.length;
      }),

    async lease(tenantId, nowMs, limit) {
      // An idle sync polls often, so an empty queue is found without a lock.
      const due = await database.readOf(tenantId, (tenantNo) => all('duePending', tenantNo, nowMs, 1));
      if (due.length === 0) return [];
      return database.writeOf(tenantId, function* (tenantNo) {
        yield* one('lockTenant', tenantNo);
        const calls = (yield* all('duePending', tenantNo, nowMs, limit)).map(queuedCallOf);
        yield* all('leasePending', tenantNo, { keys: calls.map(({ callId }) => callId) });
        return calls;
      });
    },

    acknowledge: (tenantId, settlements, nowMs) =>
      database.writeOf(tenantId, function* (tenantNo) {
        yield* one('lockTenant', tenantNo);
        const queued = yield* queuedOf(tenantNo, settlements);
        yield* apply(tenantNo, acknowledge(settlements, queued, nowMs));
      }),

    releaseAll: (tenantId) =>
      database.writeOf(tenantId, function* (tenantNo) {
        yield* one('lockTenant', tenantNo);
        const leased = yield* all('leased', tenantNo);
        yield* all('releaseLeased', tenantNo);
        return leased.map(({ callId }) => callId).sort();
      }),

    counts: (tenantId) =>
      database.readOf(tenantId, function* (tenantNo) {
        const [pending, expired, nextDueMs = null] = (yield* one('countPending', tenantNo))!; // an aggregate has a row
        return {
          pending: Number(pending),
          expiredUpstream: Number(expired),
          nextDueMs: nextDueMs === null ? undefined : Number(nextDueMs),
        };
      }),

    pending: (tenantId, after, limit) =>
      database.readOf(tenantId, function* (tenantNo) {
        return (yield* all('pendingCalls', tenantNo, { key: after }, limit)).map(queuedCallOf);
      }),

    missingCounts: (tenantId, since, remembered) =>
      database.readOf(tenantId, function* (tenantNo) {
        const [calls, lost] = (yield* one('countMissing', tenantNo, remembered, since))!; // an aggregate has a row
        return { calls: Number(calls), lost: Number(lost) };
      }),

    pendingOf: (tenantId, callIds) =>
      database.readOf(tenantId, function* (tenantNo) {
        const calls = callIds.map((callId) => ({ callId }));
        return [...(yield* queuedOf(tenantNo, calls)).values()];
      }),

    listed: (tenantId, what) => database.readOf(tenantId, (tenantNo) => all('listedSpans', tenantNo, what)),

    addListed: (tenantId, what, span) =>
      database.addTo(tenantId, function* (tenantNo) {
        yield* one('lockTenant', tenantNo);
        yield* addListed(tenantNo, what, span);
      }),

    state: (tenantId, name) =>
      database.readOf(tenantId, function* (tenantNo) {
        return (yield* one('upstreamState', tenantNo, name))?.[0] as string | undefined;
      }),

    setState: (tenantId, name, value) =>
      database.addTo(tenantId, function* (tenantNo) {
        const row = { tenant_no: tenantNo, name };
        yield* value === undefined
          ? writeRows([{ delete: 'upstream_state', where: row }])
          : writeRows([{ put: 'upstream_state', rows: [{ ...row, value }] }]);
      }),
  };
}

function* queuedOf(tenantNo: number, calls: readonly Named[]): Steps<QueuedCalls> {
  const rows = (yield* all('pendingOfCalls', tenantNo, anyKeysOf(calls))).map(queuedCallOf);
  return byCanonicalId(calls, new Map(rows.map((call) => [call.callId, call])));
}

function* apply(tenantNo: number, { put, remove }: QueueWrites): Steps<void> {
  yield* writeRows([{ put: 'upstream_call', rows: put.map((call) => queueRow(tenantNo, call)) }]);
  if (remove.length > 0) yield* all('deletePending', tenantNo, { keys: remove });
}

function* addListed(tenantNo: number, what: string, span: ListedSpan): Steps<void> {
  const spans = withSpan(yield* all('listedSpans', tenantNo, what), span);
  const rows = spans.map(({ from, before, listedMs }) => ({
    ...{ tenant_no: tenantNo, what, from_ticks: from, before_ticks: before, listed_ms: listedMs },
  }));
  const where = { tenant_no: tenantNo, what };
  yield* writeRows([
    { delete: 'upstream_span', where },
    { put: 'upstream_span', rows },
  ]);
}

/** Returns every key that rows of the calls may have. */
function anyKeysOf(calls: readonly Named[]) {
  return { keys: calls.flatMap(({ callId }) => [callId, ...otherKeysOf(callId)]) };
}

function byCanonicalId<T>(calls: readonly Named[], rows: ReadonlyMap<string, T>): Map<string, T> {
  const found = new Map<string, T>();
  for (const { callId } of calls) {
    const one = underKeys(callId, (id) => rows.get(id));
    if (one !== undefined) found.set(canonicalId(callId), one);
  }
  return found;
}
