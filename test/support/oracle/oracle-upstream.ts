/** What is known of upstream, the naive way. */
import type { Edition } from '../../../src/store/store.ts';
import {
  isHeld,
  isSettled,
  type ListedSpan,
  type MissingCounts,
  type Sighting,
  type UpstreamPart,
  type UpstreamState,
  type UpstreamStore,
  type WantedCall,
  type WantedCounts,
  type WantSettlement,
  withSpan,
} from '../../../src/store/upstream.ts';

interface Wanted {
  readonly tenantId: string;
  readonly takenBy: string | undefined;
  readonly call: WantedCall;
}

export class OracleUpstream implements UpstreamStore {
  readonly #newest: (tenantId: string, callId: string) => Edition | undefined;
  #wanted: readonly Wanted[] = [];
  readonly #spans = new Map<string, readonly ListedSpan[]>();
  readonly #states = new Map<string, string>();
  readonly #tenants = new Set<string>();
  /** When the claim of each process ends. */
  readonly #claimants = new Map<string, number>();
  readonly #parts = new Map<string, string>();

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

  take(tenantId: string, claimant: string, nowMs: number, limit: number): readonly WantedCall[] {
    const due = this.#of(tenantId)
      .filter(({ call, takenBy }) => !call.gone && takenBy === undefined && call.dueMs <= nowMs)
      .map(({ call }) => call)
      .sort((a, b) => compare(a.startTicks, b.startTicks) || (a.callId < b.callId ? -1 : 1))
      .slice(0, limit);
    for (const call of due) this.#put(tenantId, call, claimant);
    return due;
  }

  settle(tenantId: string, claimant: string, settlements: readonly WantSettlement[], nowMs: number): void {
    for (const settlement of settlements) {
      const { call: known, takenBy } = this.#find(tenantId, settlement.callId) ?? {};
      if (known === undefined) continue;
      if (takenBy !== undefined && takenBy !== claimant) {
        if (isSettled(known, settlement)) this.#remove(tenantId, known.callId);
        continue;
      }
      const again = { ...known, dueMs: nowMs, attempts: 0, reason: undefined };
      const attempts = known.attempts + 1;
      const { outcome } = settlement;
      if (outcome === 'released') this.#put(tenantId, known);
      else if (known.sightings !== settlement.sightings) this.#put(tenantId, again);
      else if (outcome === 'later')
        this.#put(tenantId, { ...known, attempts, dueMs: settlement.dueMs, reason: settlement.reason });
      else if (outcome === 'gone')
        this.#put(tenantId, { ...known, attempts, gone: true, reason: settlement.reason });
      else if (isSettled(known, settlement)) this.#remove(tenantId, known.callId);
      else this.#put(tenantId, again);
    }
  }

  attend(claimant: string, nowMs: number, untilMs: number): readonly string[] {
    this.#claimants.set(claimant, untilMs);
    for (const [name, endMs] of this.#claimants)
      if (endMs <= nowMs || endMs > 2 * untilMs - nowMs) this.#claimants.delete(name);
    return [...this.#claimants.keys()].sort();
  }

  leave(claimant: string): void {
    this.#claimants.delete(claimant);
  }

  resume(tenantId: string, nowMs: number): readonly string[] {
    const left = this.#of(tenantId).filter(
      ({ takenBy }) => takenBy !== undefined && !this.#lives(takenBy, nowMs),
    );
    for (const { call } of left) this.#put(tenantId, call);
    return left.map(({ call }) => call.callId).sort();
  }

  claimPart(tenantId: string, part: UpstreamPart, claimant: string, nowMs: number): boolean {
    const owner = this.#parts.get(`${tenantId}\n${part}`) ?? claimant;
    if (owner !== claimant && this.#lives(owner, nowMs)) return false;
    this.#parts.set(`${tenantId}\n${part}`, claimant);
    return true;
  }

  releasePart(tenantId: string, part: UpstreamPart, claimant: string): void {
    if (this.#parts.get(`${tenantId}\n${part}`) === claimant) this.#parts.delete(`${tenantId}\n${part}`);
  }

  counts(tenantId: string): WantedCounts {
    const all = this.#of(tenantId);
    const due = all
      .filter(({ call, takenBy }) => !call.gone && takenBy === undefined)
      .map(({ call }) => call.dueMs);
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

  missingCounts(tenantId: string, since: bigint, remembered: bigint): MissingCounts {
    const calls = this.#of(tenantId)
      .map(({ call }) => call)
      .filter(({ startTicks }) => startTicks === undefined || startTicks >= since);
    const isLost = ({ gone, startTicks }: WantedCall) => gone || (startTicks ?? remembered) < remembered;
    return { calls: calls.length, lost: calls.filter(isLost).length };
  }

  wantedOf(tenantId: string, callIds: readonly string[]): readonly WantedCall[] {
    return callIds.flatMap((callId) => this.#find(tenantId, callId)?.call ?? []);
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

  updateState(tenantId: string, name: UpstreamState, change: (value: string | undefined) => string): void {
    this.setState(tenantId, name, change(this.state(tenantId, name)));
  }

  #sight(tenantId: string, sighting: Sighting, nowMs: number): boolean {
    this.#tenants.add(tenantId);
    const { callId, version } = sighting;
    if (isHeld(sighting, this.#newest(tenantId, callId))) return false;
    const { call: known, takenBy } = this.#find(tenantId, callId) ?? {};
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
    this.#put(tenantId, anew, takenBy);
    return true;
  }

  #of(tenantId: string): Wanted[] {
    return this.#wanted.filter((one) => one.tenantId === tenantId);
  }

  #find(tenantId: string, callId: string): Wanted | undefined {
    return this.#of(tenantId).find(({ call }) => call.callId === callId);
  }

  #lives(claimant: string, nowMs: number): boolean {
    return (this.#claimants.get(claimant) ?? nowMs) > nowMs;
  }

  #remove(tenantId: string, callId: string): void {
    this.#wanted = this.#wanted.filter((one) => one.tenantId !== tenantId || one.call.callId !== callId);
  }

  #put(tenantId: string, call: WantedCall, takenBy?: string): void {
    this.#remove(tenantId, call.callId);
    this.#wanted = [...this.#wanted, { tenantId, takenBy, call }];
  }
}

/** Those without a start first. */
function compare(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  return a < b ? -1 : a > b ? 1 : 0;
}
