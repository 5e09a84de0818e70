/** What is known of upstream, in SQLite. */
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
} from '../upstream.ts';
import type { Connection } from './connection.ts';
import type { Row } from '../rows.ts';
import { heldOf, isTakenBy, wantedOf } from '../upstream-rows.ts';
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
      let wanted = 0;
      for (const sighting of sightings) if (this.#sight(tenantNo, sighting, nowMs)) wanted++;
      if (listed !== undefined) this.#addListed(tenantNo, 'calls', listed);
      return wanted;
    });
  }

  take(tenantId: string, claimant: string, nowMs: number, limit: number): readonly WantedCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    return this.#connection.transaction(() => {
      const due = this.#connection.all('dueWanted', tenantNo, nowMs, limit).map((row) => wantedCallOf(row));
      for (const { callId } of due) this.#connection.run('takeWanted', claimant, tenantNo, callId);
      return due;
    });
  }

  settle(tenantId: string, claimant: string, settlements: readonly WantSettlement[], nowMs: number): void {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return;
    this.#connection.transaction(() => {
      for (const settlement of settlements) this.#settle(tenantNo, claimant, settlement, nowMs);
    });
  }

  attend(claimant: string, nowMs: number, untilMs: number): readonly string[] {
    return this.#connection.transaction(() => {
      this.#connection.run('attend', claimant, untilMs);
      this.#connection.run('forgetClaimants', nowMs, 2 * untilMs - nowMs);
      return this.#connection.all('claimants').map((row) => row[0] as string);
    });
  }

  leave(claimant: string): void {
    this.#connection.run('leave', claimant);
  }

  resume(tenantId: string, nowMs: number): readonly string[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const left = this.#connection.all('releaseAbandoned', tenantNo, nowMs);
    return left.map((row) => row[0] as string).sort();
  }

  claimPart(tenantId: string, part: UpstreamPart, claimant: string, nowMs: number): boolean {
    return this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      return this.#connection.get('claimPart', tenantNo, part, claimant, nowMs) !== undefined;
    });
  }

  releasePart(tenantId: string, part: UpstreamPart, claimant: string): void {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo !== undefined) this.#connection.run('releasePart', tenantNo, part, claimant);
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
    return this.#connection.all('wantedCalls', tenantNo, after ?? '', limit).map((row) => wantedCallOf(row));
  }

  missingCounts(tenantId: string, since: bigint, remembered: bigint): MissingCounts {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    const [calls, lost] = this.#connection.get('countMissing', tenantNo, remembered, since)!; // an aggregate has a row
    return { calls: Number(calls), lost: Number(lost) };
  }

  wantedOf(tenantId: string, callIds: readonly string[]): readonly WantedCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId) ?? 0;
    return callIds.flatMap((callId) => {
      const row = this.#connection.get('wantedCall', tenantNo, callId);
      return row === undefined ? [] : [wantedCallOf(row)];
    });
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

  updateState(tenantId: string, name: UpstreamState, change: (value: string | undefined) => string): void {
    this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      this.#connection.run('setUpstreamState', tenantNo, name, change(this.state(tenantId, name)));
    });
  }

  #sight(tenantNo: number, sighting: Sighting, nowMs: number): boolean {
    const { callId, version, startTicks } = sighting;
    const newest = this.#connection.get('heldOfCall', tenantNo, callId);
    if (isHeld(sighting, newest && heldOf(newest))) return false;
    const row = this.#connection.get('wantedCall', tenantNo, callId);
    if (row === undefined) {
      const own = [version ?? null, startTicks ?? null, nowMs, nowMs] as const;
      this.#connection.run('addWanted', tenantNo, callId, ...own);
      return true;
    }
    const known = wantedCallOf(row);
    const isAnew = version === undefined || known.gone || (known.version ?? -1n) < version;
    const newer = version === undefined ? known.version : maximum(known.version, version);
    if (isAnew) this.#connection.run('seenAnew', newer ?? null, startTicks ?? null, nowMs, tenantNo, callId);
    return isAnew;
  }

  #settle(tenantNo: number, claimant: string, settlement: WantSettlement, nowMs: number): void {
    const { callId, sightings } = settlement;
    const row = this.#connection.get('wantedCall', tenantNo, callId);
    if (row === undefined) return;
    const known = wantedCallOf(row);
    if (!isTakenBy(claimant, row)) {
      if (isSettled(known, settlement)) this.#connection.run('deleteWanted', tenantNo, callId);
      return;
    }
    if (known.sightings !== sightings && settlement.outcome !== 'released') {
      this.#connection.run('wantAgain', nowMs, tenantNo, callId);
      return;
    }
    switch (settlement.outcome) {
      case 'stored':
        if (isSettled(known, settlement)) this.#connection.run('deleteWanted', tenantNo, callId);
        else this.#connection.run('wantAgain', nowMs, tenantNo, callId);
        break;
      case 'later':
        this.#connection.run('postponeWanted', settlement.dueMs, settlement.reason, tenantNo, callId);
        break;
      case 'released':
        this.#connection.run('releaseWanted', tenantNo, callId);
        break;
      case 'gone':
        this.#connection.run('giveUpWanted', settlement.reason, tenantNo, callId);
    }
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

function wantedCallOf([callId, ...rest]: Row): WantedCall {
  return wantedOf(callId as string, rest);
}

function maximum(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || a < b ? b : a;
}
