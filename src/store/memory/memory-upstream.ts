/** What is known of upstream, the naive way. */
import type { Restore } from './memory-snapshots.ts';
import type { Edition } from '../store.ts';
import {
  isHeld,
  type ListedSpan,
  type Sighting,
  type UpstreamState,
  type UpstreamStore,
  type WantedCall,
  type WantedCounts,
  type WantSettlement,
  withSpan,
} from '../upstream.ts';

interface Wanted {
  readonly tenantId: string;
  readonly taken: boolean;
  readonly call: WantedCall;
}

export class MemoryUpstream implements UpstreamStore {
  readonly #newest: (tenantId: string, callId: string) => Edition | undefined;
  #wanted: readonly Wanted[] = [];
  readonly #spans = new Map<string, readonly ListedSpan[]>();
  readonly #states = new Map<string, string>();
  readonly #tenants = new Set<string>();

  constructor(newest: (tenantId: string, callId: string) => Edition | undefined) {
    this.#newest = newest;
  }

  tenants(): readonly string[] {
    return [...this.#tenants].sort();
  }

  sighted(tenantId: string, sightings: readonly Sighting[], nowMs: number, listed?: ListedSpan): number {
    if (listed !== undefined) this.addListed(tenantId, 'calls', listed);
    return sightings.filter((sighting) => this.#sight(tenantId, sighting, nowMs)).length;
  }

  take(tenantId: string, nowMs: number, limit: number): readonly WantedCall[] {
    const due = this.#of(tenantId)
      .filter(({ call, taken }) => !call.gone && !taken && call.dueMs <= nowMs)
      .map(({ call }) => call)
      .sort((a, b) => compare(a.startTicks, b.startTicks) || (a.callId < b.callId ? -1 : 1))
      .slice(0, limit);
    for (const call of due) this.#put(tenantId, call, true);
    return due;
  }

  settle(tenantId: string, settlements: readonly WantSettlement[], nowMs: number): void {
    for (const settlement of settlements) {
      const known = this.#get(tenantId, settlement.callId);
      if (known === undefined) continue;
      const again = { ...known, dueMs: nowMs, attempts: 0, reason: undefined };
      const attempts = known.attempts + 1;
      const { outcome } = settlement;
      if (outcome === 'released') this.#put(tenantId, known);
      else if (known.sightings !== settlement.sightings) this.#put(tenantId, again);
      else if (outcome === 'later')
        this.#put(tenantId, { ...known, attempts, dueMs: settlement.dueMs, reason: settlement.reason });
      else if (outcome === 'gone')
        this.#put(tenantId, { ...known, attempts, gone: true, reason: settlement.reason });
      else if ((known.version ?? -1n) <= settlement.version) this.#remove(tenantId, known.callId);
      else this.#put(tenantId, again);
    }
  }

  resume(tenantId: string): readonly string[] {
    const taken = this.#of(tenantId).filter((one) => one.taken);
    for (const { call } of taken) this.#put(tenantId, call);
    return taken.map(({ call }) => call.callId).sort();
  }

  counts(tenantId: string): WantedCounts {
    const all = this.#of(tenantId);
    const due = all.filter(({ call, taken }) => !call.gone && !taken).map(({ call }) => call.dueMs);
    return {
      wanted: all.filter(({ call }) => !call.gone).length,
      gone: all.filter(({ call }) => call.gone).length,
      nextDueMs: due.length === 0 ? undefined : Math.min(...due),
    };
  }

  wanted(tenantId: string, after: string | undefined, limit: number): readonly WantedCall[] {
    return this.#of(tenantId)
      .map(({ call }) => call)
      .filter(({ callId }) => after === undefined || callId > after)
      .sort((a, b) => (a.callId < b.callId ? -1 : 1))
      .slice(0, limit);
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

  forget(tenantId: string, isForgotten: (call: WantedCall) => boolean): void {
    this.#wanted = this.#wanted.filter((one) => one.tenantId !== tenantId || !isForgotten(one.call));
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

  keep(): Restore {
    const wanted = [...this.#wanted];
    const spans = [...this.#spans];
    const states = [...this.#states];
    const tenants = [...this.#tenants];
    return (isEmptied) => {
      this.#wanted = isEmptied ? [] : [...wanted];
      for (const map of [this.#spans, this.#states, this.#tenants]) map.clear();
      if (isEmptied) return;
      for (const [tenantId, list] of spans) this.#spans.set(tenantId, list);
      for (const [key, value] of states) this.#states.set(key, value);
      for (const tenantId of tenants) this.#tenants.add(tenantId);
    };
  }

  #sight(tenantId: string, sighting: Sighting, nowMs: number): boolean {
    this.#tenants.add(tenantId);
    const { callId, version } = sighting;
    if (isHeld(sighting, this.#newest(tenantId, callId))) return false;
    const known = this.#get(tenantId, callId);
    if (known === undefined) {
      const fresh = { sightings: 1, wantedMs: nowMs, attempts: 0, dueMs: nowMs, reason: undefined };
      this.#put(tenantId, { ...sighting, ...fresh, gone: false });
      return true;
    }
    const isAnew = version === undefined || known.gone || (known.version ?? -1n) < version;
    if (!isAnew) return false;
    const anew = {
      ...known,
      version: version === undefined || (known.version ?? -1n) > version ? known.version : version,
      startTicks: sighting.startTicks ?? known.startTicks,
      sightings: known.sightings + 1,
      attempts: 0,
      dueMs: Math.min(known.dueMs, nowMs),
      gone: false,
    };
    this.#put(tenantId, anew, this.#of(tenantId).find(({ call }) => call.callId === callId)?.taken);
    return true;
  }

  #of(tenantId: string): Wanted[] {
    return this.#wanted.filter((one) => one.tenantId === tenantId);
  }

  #get(tenantId: string, callId: string): WantedCall | undefined {
    return this.#of(tenantId).find(({ call }) => call.callId === callId)?.call;
  }

  #remove(tenantId: string, callId: string): void {
    this.#wanted = this.#wanted.filter((one) => one.tenantId !== tenantId || one.call.callId !== callId);
  }

  #put(tenantId: string, call: WantedCall, taken = false): void {
    this.#remove(tenantId, call.callId);
    this.#wanted = [...this.#wanted, { tenantId, taken, call }];
  }
}

/** Those without a start first. */
function compare(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}
