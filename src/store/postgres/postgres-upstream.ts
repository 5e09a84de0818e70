/** What is known of upstream, in PostgreSQL. Writers of one tenant take turns. */
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
import type { Row } from '../rows.ts';
import { heldOf, isTakenBy, wantedOf } from '../upstream-rows.ts';
import type { Connection, Session, Transaction } from './connection.ts';
import { idOf, keyOf, longIdOf } from './keys.ts';
import type { Tenants } from './tenants.ts';

/** Numbers of tenants begin with 1. */
const noTenant = 0;

export class PostgresUpstream implements UpstreamStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;

  constructor(connection: Connection, tenants: Tenants) {
    this.#connection = connection;
    this.#tenants = tenants;
  }

  async tenants(): Promise<readonly string[]> {
    return (await this.#connection.all('upstreamTenants')).map((row) => row[0] as string);
  }

  sighted(
    tenantId: string,
    sightings: readonly Sighting[],
    nowMs: number,
    listed?: ListedSpan,
  ): Promise<number> {
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const keys = sightings.map(({ callId }) => keyOf(callId));
      const rows = await transaction.all('heldOfCalls', tenantNo, keys);
      const held = new Map(rows.map(([key, ...newest]) => [nameOf(key as Buffer), heldOf(newest)]));
      let wanted = 0;
      for (const [i, sighting] of sightings.entries()) {
        if (isHeld(sighting, held.get(nameOf(keys[i]!)))) continue;
        if (await sight(transaction, tenantNo, sighting, nowMs)) wanted++;
      }
      if (listed !== undefined) await addListed(transaction, tenantNo, 'calls', listed);
      return wanted;
    });
  }

  async take(
    tenantId: string,
    claimant: string,
    nowMs: number,
    limit: number,
  ): Promise<readonly WantedCall[]> {
    if ((await this.#tenants.numberOf(tenantId)) === undefined) return [];
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const rows = await transaction.all('dueWanted', tenantNo, nowMs, limit);
      const keys = rows.map(([key]) => key as Buffer);
      await transaction.run('takeWanted', tenantNo, keys, claimant);
      return rows.map((row) => wantedCallOf(row));
    });
  }

  async settle(
    tenantId: string,
    claimant: string,
    settlements: readonly WantSettlement[],
    nowMs: number,
  ): Promise<void> {
    if ((await this.#tenants.numberOf(tenantId)) === undefined) return;
    await this.#inTurn(tenantId, async (transaction, tenantNo) => {
      for (const settlement of settlements) await settle(transaction, tenantNo, claimant, settlement, nowMs);
    });
  }

  async attend(claimant: string, nowMs: number, untilMs: number): Promise<readonly string[]> {
    await this.#connection.run('attend', claimant, untilMs);
    await this.#connection.run('forgetClaimants', nowMs, 2 * untilMs - nowMs);
    return livingOf(this.#connection, nowMs);
  }

  async leave(claimant: string): Promise<void> {
    await this.#connection.run('leave', claimant);
  }

  async resume(tenantId: string, nowMs: number): Promise<readonly string[]> {
    if ((await this.#tenants.numberOf(tenantId)) === undefined) return [];
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const taken = await transaction.all('releaseAbandoned', tenantNo, await livingOf(transaction, nowMs));
      return taken
        .map(([key, longId]) => idOf(key as Buffer, longId as Buffer | null))
        .sort((a, b) => (a < b ? -1 : 1));
    });
  }

  claimPart(tenantId: string, part: UpstreamPart, claimant: string, nowMs: number): Promise<boolean> {
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const owner = (await transaction.get('part', tenantNo, part))?.[0] ?? claimant;
      if (owner !== claimant && (await livingOf(transaction, nowMs)).includes(owner as string)) return false;
      await transaction.run('claimPart', tenantNo, part, claimant);
      return true;
    });
  }

  async releasePart(tenantId: string, part: UpstreamPart, claimant: string): Promise<void> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo !== undefined) await this.#connection.run('releasePart', tenantNo, part, claimant);
  }

  async counts(tenantId: string): Promise<WantedCounts> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const [wanted, gone, nextDueMs = null] = (await this.#connection.get('countWanted', tenantNo))!; // an aggregate has a row
    return {
      wanted: Number(wanted),
      gone: Number(gone),
      nextDueMs: nextDueMs === null ? undefined : Number(nextDueMs),
    };
  }

  async wanted(tenantId: string, after: string | undefined, limit: number): Promise<readonly WantedCall[]> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const from = after === undefined ? Buffer.alloc(0) : keyOf(after);
    return (await this.#connection.all('wantedCalls', tenantNo, from, limit)).map((row) => wantedCallOf(row));
  }

  async missingCounts(tenantId: string, since: bigint, remembered: bigint): Promise<MissingCounts> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const [calls, lost] = (await this.#connection.get('countMissing', tenantNo, remembered, since))!; // an aggregate has a row
    return { calls: Number(calls), lost: Number(lost) };
  }

  async wantedOf(tenantId: string, callIds: readonly string[]): Promise<readonly WantedCall[]> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const rows = await this.#connection.all('wantedOfCalls', tenantNo, callIds.map(keyOf));
    return rows.map((row) => wantedCallOf(row));
  }

  async listed(tenantId: string, what: string): Promise<readonly ListedSpan[]> {
    return spansOf(this.#connection, (await this.#tenants.numberOf(tenantId)) ?? noTenant, what);
  }

  addListed(tenantId: string, what: string, span: ListedSpan): Promise<void> {
    return this.#inTurn(tenantId, (transaction, tenantNo) => addListed(transaction, tenantNo, what, span));
  }

  async state(tenantId: string, name: UpstreamState): Promise<string | undefined> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    return (await this.#connection.get('upstreamState', tenantNo, name))?.[0] as string | undefined;
  }

  async setState(tenantId: string, name: UpstreamState, value: string | undefined): Promise<void> {
    const tenantNo = await this.#tenants.add(tenantId);
    if (value === undefined) await this.#connection.run('clearUpstreamState', tenantNo, name);
    else await this.#connection.run('setUpstreamState', tenantNo, name, value);
  }

  updateState(
    tenantId: string,
    name: UpstreamState,
    change: (value: string | undefined) => string,
  ): Promise<void> {
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const known = (await transaction.get('upstreamState', tenantNo, name))?.[0] as string | undefined;
      await transaction.run('setUpstreamState', tenantNo, name, change(known));
    });
  }

  async #inTurn<T>(
    tenantId: string,
    work: (transaction: Transaction, tenantNo: number) => Promise<T>,
  ): Promise<T> {
    const tenantNo = await this.#tenants.add(tenantId);
    return this.#connection.transaction(async (transaction) => {
      await transaction.get('lockTenant', tenantNo);
      return work(transaction, tenantNo);
    });
  }
}

async function livingOf(session: Session, nowMs: number): Promise<readonly string[]> {
  return (await session.all('claimants', nowMs)).map((row) => row[0] as string);
}

async function sight(
  transaction: Transaction,
  tenantNo: number,
  { callId, version, startTicks }: Sighting,
  nowMs: number,
): Promise<boolean> {
  const call = [tenantNo, keyOf(callId)] as const;
  const row = await transaction.get('wantedCall', ...call);
  if (row === undefined) {
    const own = [longIdOf(callId), version ?? null, startTicks ?? null, nowMs] as const;
    await transaction.run('addWanted', ...call, ...own);
    return true;
  }
  const known = wantedCallOf(row);
  const isAnew = version === undefined || known.gone || (known.version ?? -1n) < version;
  const newer = version === undefined ? known.version : maximum(known.version, version);
  if (isAnew) await transaction.run('seenAnew', ...call, newer ?? null, startTicks ?? null, nowMs);
  return isAnew;
}

async function settle(
  transaction: Transaction,
  tenantNo: number,
  claimant: string,
  settlement: WantSettlement,
  nowMs: number,
): Promise<void> {
  const call = [tenantNo, keyOf(settlement.callId)] as const;
  const row = await transaction.get('wantedCall', ...call);
  if (row === undefined) return;
  const known = wantedCallOf(row);
  if (!isTakenBy(claimant, row)) {
    if (isSettled(known, settlement)) await transaction.run('deleteWanted', ...call);
    return;
  }
  if (known.sightings !== settlement.sightings && settlement.outcome !== 'released') {
    await transaction.run('wantAgain', ...call, nowMs);
    return;
  }
  switch (settlement.outcome) {
    case 'stored':
      if (isSettled(known, settlement)) await transaction.run('deleteWanted', ...call);
      else await transaction.run('wantAgain', ...call, nowMs);
      break;
    case 'later':
      await transaction.run('postponeWanted', ...call, settlement.dueMs, settlement.reason);
      break;
    case 'released':
      await transaction.run('releaseWanted', ...call);
      break;
    case 'gone':
      await transaction.run('giveUpWanted', ...call, settlement.reason);
  }
}

async function addListed(
  transaction: Transaction,
  tenantNo: number,
  what: string,
  span: ListedSpan,
): Promise<void> {
  const spans = withSpan(await spansOf(transaction, tenantNo, what), span);
  await transaction.run('clearListedSpans', tenantNo, what);
  for (const { from, before, listedMs } of spans)
    await transaction.run('addListedSpan', tenantNo, what, from, before, listedMs);
}

async function spansOf(session: Session, tenantNo: number, what: string): Promise<readonly ListedSpan[]> {
  const rows = await session.all('listedSpans', tenantNo, what);
  return rows.map(([from, before, listedMs]) => ({
    from: from as bigint,
    before: before as bigint,
    listedMs: Number(listedMs),
  }));
}

/** A key as the key of a map. */
function nameOf(key: Buffer): string {
  return key.toString('latin1');
}

function wantedCallOf([key, longId, ...rest]: Row): WantedCall {
  return wantedOf(idOf(key as Buffer, longId as Buffer | null), rest);
}

function maximum(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || a < b ? b : a;
}
