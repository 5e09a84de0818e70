/** Implements the oracle's sync state. */
import { canonicalId } from '../../../src/contract/ids.ts';
import type { Edition } from '../../../src/store/edition.ts';
import {
  observe,
  type QueuedCall,
  type QueuedCalls,
  type QueueWrites,
  acknowledge,
  withSpan,
} from '../../../src/store/fetch-queue.ts';
import type {
  ListedSpan,
  MissingCounts,
  Observation,
  UpstreamState,
  UpstreamStore,
  PendingCall,
  QueueCounts,
  FetchOutcome,
} from '../../../src/store/upstream.ts';

export class OracleUpstream implements UpstreamStore {
  readonly #newest: (tenantId: string, callId: string) => Edition | undefined;
  readonly #queues = new Map<string, QueuedCalls>();
  readonly #spans = new Map<string, readonly ListedSpan[]>();
  readonly #states = new Map<string, string>();
  readonly #tenants = new Set<string>();

  constructor(newest: (tenantId: string, callId: string) => Edition | undefined) {
    this.#newest = newest;
  }

  tenants(): readonly string[] {
    return [...this.#tenants].sort();
  }

  observe(tenantId: string, sightings: readonly Observation[], nowMs: number, listed?: ListedSpan): number {
    this.#tenants.add(tenantId);
    if (listed !== undefined) this.addListed(tenantId, 'calls', listed);
    const newest = new Map(
      sightings.flatMap(({ callId }) => {
        const edition = this.#newest(tenantId, callId);
        return edition === undefined ? [] : [[canonicalId(callId), edition]];
      }),
    );
    const writes = observe(sightings, newest, this.#queue(tenantId), nowMs);
    this.#apply(tenantId, writes);
    return writes.put.length;
  }

  lease(tenantId: string, nowMs: number, limit: number): readonly PendingCall[] {
    const due = this.#of(tenantId)
      .filter(({ expiredUpstream: gone, leased: taken, dueMs }) => !gone && !taken && dueMs <= nowMs)
      .sort((a, b) => compare(a.startTicks, b.startTicks) || (a.callId < b.callId ? -1 : 1))
      .slice(0, limit);
    this.#apply(tenantId, { put: due.map((call) => ({ ...call, leased: true })), remove: [] });
    return due;
  }

  acknowledge(tenantId: string, settlements: readonly FetchOutcome[], nowMs: number): void {
    this.#apply(tenantId, acknowledge(settlements, this.#queue(tenantId), nowMs));
  }

  releaseAll(tenantId: string): readonly string[] {
    const left = this.#of(tenantId).filter(({ expiredUpstream: gone, leased: taken }) => !gone && taken);
    this.#apply(tenantId, { put: left.map((call) => ({ ...call, leased: false })), remove: [] });
    return left.map(({ callId }) => callId).sort();
  }

  counts(tenantId: string): QueueCounts {
    const all = this.#of(tenantId);
    const due = all
      .filter(({ expiredUpstream: gone, leased: taken }) => !gone && !taken)
      .map(({ dueMs }) => dueMs);
    return {
      pending: all.filter(({ expiredUpstream: gone }) => !gone).length,
      expiredUpstream: all.filter(({ expiredUpstream: gone }) => gone).length,
      nextDueMs: due.length === 0 ? undefined : Math.min(...due),
    };
  }

  pending(tenantId: string, after: string | undefined, limit: number): readonly PendingCall[] {
    return this.#of(tenantId)
      .filter(({ callId }) => after === undefined || callId > after)
      .sort((a, b) => (a.callId < b.callId ? -1 : 1))
      .slice(0, limit);
  }

  missingCounts(tenantId: string, since: bigint, remembered: bigint): MissingCounts {
    const calls = this.#of(tenantId).filter(
      ({ startTicks }) => startTicks === undefined || startTicks >= since,
    );
    const isLost = ({ expiredUpstream: gone, startTicks, queuedMs: wantedMs }: PendingCall) =>
      gone || (startTicks ?? BigInt(wantedMs) * 10_000n) < remembered;
    return { calls: calls.length, lost: calls.filter(isLost).length };
  }

  pendingOf(tenantId: string, callIds: readonly string[]): readonly PendingCall[] {
    return callIds.flatMap((callId) => this.#queue(tenantId).get(canonicalId(callId)) ?? []);
  }

  listed(tenantId: string, what: string): readonly ListedSpan[] {
    return this.#spans.get(`${tenantId}\n${what}`) ?? [];
  }

  addListed(tenantId: string, what: string, span: ListedSpan): void {
    this.#tenants.add(tenantId);
    this.#spans.set(`${tenantId}\n${what}`, withSpan(this.listed(tenantId, what), span));
  }

  state(tenantId: string, name: UpstreamState): string | undefined {
    return this.#states.get(`${tenantId}\n${name}`);
  }

  setState(tenantId: string, name: UpstreamState, value: string | undefined): void {
    this.#tenants.add(tenantId);
    if (value === undefined) this.#states.delete(`${tenantId}\n${name}`);
    else this.#states.set(`${tenantId}\n${name}`, value);
  }

  forget(tenantId: string, isForgotten: (call: PendingCall) => boolean): void {
    const remove = this.#of(tenantId).filter(isForgotten);
    this.#apply(tenantId, { put: [], remove: remove.map(({ callId }) => callId) });
  }

  forgetBefore(tenantId: string, before: bigint): void {
    this.forget(tenantId, ({ startTicks }) => startTicks !== undefined && startTicks < before);
    for (const [key, spans] of this.#spans) {
      if (!key.startsWith(`${tenantId}\n`)) continue;
      const kept = spans.filter((span) => span.before > before);
      this.#spans.set(
        key,
        kept.map((span) => ({ ...span, from: span.from < before ? before : span.from })),
      );
    }
  }

  #queue(tenantId: string): QueuedCalls {
    return this.#queues.get(tenantId) ?? new Map();
  }

  #of(tenantId: string): QueuedCall[] {
    return [...this.#queue(tenantId).values()];
  }

  #apply(tenantId: string, { put, remove }: QueueWrites): void {
    const queue = new Map(this.#queue(tenantId));
    for (const call of put) queue.set(canonicalId(call.callId), call);
    for (const callId of remove) queue.delete(canonicalId(callId));
    this.#queues.set(tenantId, queue);
  }
}

/** Compares starts; calls without a start come first. */
function compare(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}
