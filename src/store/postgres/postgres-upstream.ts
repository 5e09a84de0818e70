/** Implements the state of upstream and the fetch queue in PostgreSQL. Writers of one tenant take turns. */
import { canonicalId, otherKeysOf } from '../../contract/ids.ts';
import { observe, type QueuedCall, type QueueWrites, acknowledge, withSpan } from '../fetch-queue.ts';
import type { Row } from '../rows.ts';
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
import { editionCompletenessOf, queuedCallOf, queueValuesOf } from '../upstream-rows.ts';
import type { Connection, StatementRunner, Transaction } from './connection.ts';
import { idOf, keyName, keyOf, longIdOf } from './keys.ts';
import { underKeys } from '../under-keys.ts';
import type { Tenants } from './tenants.ts';

/** Numbers of tenants start at 1. */
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

  observe(
    tenantId: string,
    observations: readonly Observation[],
    nowMs: number,
    listed?: ListedSpan,
  ): Promise<number> {
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const rows = await transaction.all('heldOfCalls', tenantNo, anyKeysOf(observations));
      const held = new Map(rows.map(([key, ...newest]) => [keyName(key), editionCompletenessOf(newest)]));
      const newest = byCanonicalId(observations, (id) => held.get(keyName(keyOf(id))));
      const writes = observe(
        observations,
        newest,
        await queuedOf(transaction, tenantNo, observations),
        nowMs,
      );
      await apply(transaction, tenantNo, writes);
      if (listed !== undefined) await addListed(transaction, tenantNo, 'calls', listed);
      return writes.put.length;
    });
  }

  async lease(tenantId: string, nowMs: number, limit: number): Promise<readonly PendingCall[]> {
    const known = await this.#tenants.numberOf(tenantId);
    // An idle sync polls often, so an empty queue is found without a lock.
    if (known === undefined || (await this.#connection.all('duePending', known, nowMs, 1)).length === 0)
      return [];
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const due = (await transaction.all('duePending', tenantNo, nowMs, limit)).map(queuedCall);
      await transaction.run('leasePending', tenantNo, keysOf(due));
      return due;
    });
  }

  async acknowledge(tenantId: string, settlements: readonly FetchOutcome[], nowMs: number): Promise<void> {
    if ((await this.#tenants.numberOf(tenantId)) === undefined) return;
    await this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const queued = await queuedOf(transaction, tenantNo, settlements);
      await apply(transaction, tenantNo, acknowledge(settlements, queued, nowMs));
    });
  }

  async releaseAll(tenantId: string): Promise<readonly string[]> {
    if ((await this.#tenants.numberOf(tenantId)) === undefined) return [];
    return this.#inTurn(tenantId, async (transaction, tenantNo) => {
      const taken = await transaction.all('giveBack', tenantNo);
      return taken
        .map(([key, longId]) => idOf(key as Buffer, longId as Buffer | null))
        .sort((a, b) => (a < b ? -1 : 1));
    });
  }

  async counts(tenantId: string): Promise<QueueCounts> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const [wanted, gone, nextDueMs = null] = (await this.#connection.get('countPending', tenantNo))!; // an aggregate has a row
    return {
      pending: Number(wanted),
      expiredUpstream: Number(gone),
      nextDueMs: nextDueMs === null ? undefined : Number(nextDueMs),
    };
  }

  async pending(tenantId: string, after: string | undefined, limit: number): Promise<readonly PendingCall[]> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const from = after === undefined ? Buffer.alloc(0) : keyOf(after);
    return (await this.#connection.all('pendingCalls', tenantNo, from, limit)).map(queuedCall);
  }

  async missingCounts(tenantId: string, since: bigint, remembered: bigint): Promise<MissingCounts> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const [calls, lost] = (await this.#connection.get('countMissing', tenantNo, remembered, since))!; // an aggregate has a row
    return { calls: Number(calls), lost: Number(lost) };
  }

  async pendingOf(tenantId: string, callIds: readonly string[]): Promise<readonly PendingCall[]> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? noTenant;
    const calls = callIds.map((callId) => ({ callId }));
    return [...(await queuedOf(this.#connection, tenantNo, calls)).values()];
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

async function queuedOf(
  session: StatementRunner,
  tenantNo: number,
  calls: readonly Named[],
): Promise<Map<string, QueuedCall>> {
  const rows = (await session.all('pendingOfCalls', tenantNo, anyKeysOf(calls))).map(queuedCall);
  const queued = new Map(rows.map((call) => [call.callId, call]));
  return byCanonicalId(calls, (id) => queued.get(id));
}

async function apply(
  transaction: Transaction,
  tenantNo: number,
  { put, remove }: QueueWrites,
): Promise<void> {
  if (put.length > 0) {
    const rows = put.map((call) => [keyOf(call.callId), longIdOf(call.callId), ...queueValuesOf(call)]);
    await transaction.run(
      'putPending',
      tenantNo,
      ...rows[0]!.map((_, column) => rows.map((row) => row[column]!)),
    );
  }
  if (remove.length > 0) await transaction.run('deletePending', tenantNo, remove.map(keyOf));
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

async function spansOf(
  session: StatementRunner,
  tenantNo: number,
  what: string,
): Promise<readonly ListedSpan[]> {
  const rows = await session.all('listedSpans', tenantNo, what);
  return rows.map(([from, before, listedMs]) => ({
    from: from as bigint,
    before: before as bigint,
    listedMs: Number(listedMs),
  }));
}

interface Named {
  readonly callId: string;
}

function keysOf(calls: readonly Named[]): Buffer[] {
  return calls.map(({ callId }) => keyOf(callId));
}

/** Returns every key that rows of the calls may have. */
function anyKeysOf(calls: readonly Named[]): Buffer[] {
  return calls.flatMap(({ callId }) => [callId, ...otherKeysOf(callId)]).map(keyOf);
}

function byCanonicalId<T>(calls: readonly Named[], read: (id: string) => T | undefined): Map<string, T> {
  const found = new Map<string, T>();
  for (const { callId } of calls) {
    const one = underKeys(callId, read);
    if (one !== undefined) found.set(canonicalId(callId), one);
  }
  return found;
}

function queuedCall([key, longId, ...rest]: Row): QueuedCall {
  return queuedCallOf(idOf(key as Buffer, longId as Buffer | null), rest);
}
