/** Defines the test cases for copying stores, equal for all combinations of engines. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { copiedTables } from '../../src/store/tables.ts';
import type { TransferStore } from '../../src/store/transfer.ts';
import { editionChecksum, rowSumsOf } from '../../src/maintain/transfer/checksum.ts';
import { type CopyOptions, type CopyReport, copyStore } from '../../src/maintain/transfer/copy-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { fill, importLines } from './filled-store.ts';
import { often } from './often.ts';
import { aParticipant, aRecord, aSession } from './records.ts';

export const copyTenants = [
  '11111111-1111-4111-8111-111111111111',
  '33333333-3333-4333-8333-333333333333',
] as const;
const [tenantId, otherTenantId] = copyTenants;

export function copy(
  from: CallRecordStore,
  to: CallRecordStore,
  signal: AbortSignal = new AbortController().signal,
  onProgress: CopyOptions['onProgress'] = () => undefined,
): Promise<CopyReport> {
  return copyStore({ from, to, signal, onProgress });
}

/** Returns all data of a store except the notes of a copy. */
async function everythingIn(store: CallRecordStore): Promise<object> {
  const all: Record<string, unknown> = {};
  for (const tenant of await store.evidence.tenants()) {
    const ids = await store.evidence.calls(tenant, undefined, 10_000);
    for (const { callId, editions, contents } of await store.evidence.whole(tenant, ids))
      all[`${tenant} ${callId}`] = editions.map((one) => editionChecksum(one, contents.get(one.edition)));
    all[tenant] = [await store.evidence.tally(tenant), await store.newestEdition(tenant)];
  }
  const sums = await rowSumsOf(store.transfer, copiedTables);
  for (const table of copiedTables) all[table] = sums.of(table);
  return all;
}

/** Fills every table of a store. */
export async function fillWhole(store: CallRecordStore, calls = 30): Promise<void> {
  await fill(store, tenantId, calls);
  await store.secret('skip-token-key', () => Promise.resolve('key'));
  await store.upstream.setState(tenantId, 'budget', '{}');
  const span = { from: 0n, before: 100n, listedMs: 5 };
  await store.upstream.observe(tenantId, [{ callId: 'wanted', version: 3n, startTicks: undefined }], 5, span);
  await subscribe(store);
  await importLines(store, tenantId, [earlyPage]);
  await importLines(store, tenantId, sharedLines);
  await store.evidence.keepVerification(tenantId, { endedMs: 5, report: '{}' });
}

const earlyPage = JSON.stringify({
  '@odata.context': `https://graph.microsoft.com/v1.0/$metadata#communications/callRecords('early')/participants_v2`,
  value: [aParticipant('shared'), aParticipant('found-person')],
});

/**
 * Lines with an older version that arrives late, and the record of a page that arrived alone, whose call gets another
 * start.
 */
const sharedLines = [
  aRecord('late', { version: 2, participants_v2: [aParticipant('p'), aParticipant('q')] }),
  aRecord('late', { version: 1, participants_v2: [aParticipant('q')] }),
  aRecord('early', { version: 1 }),
  aRecord('early', { version: 1, sessions: [aSession('s', 'found-person'), aSession('s', 'somebody')] }),
].map((line) => JSON.stringify(line));

type Written = keyof TransferStore & ('put' | 'setNote' | 'insert' | 'clear' | 'reserve');
const written = new Set<PropertyKey>(['put', 'setNote', 'insert', 'clear', 'reserve'] satisfies Written[]);

/** Wraps a target so that it runs an action before each write. */
function beforeWrites(store: CallRecordStore, act: (name: Written) => Promise<void>): CallRecordStore {
  const transfer = new Proxy(store.transfer, {
    get(own, name) {
      const method = boundTo(own, name);
      if (!written.has(name) || typeof method !== 'function') return method;
      return async (...args: unknown[]) => {
        await act(name as Written); // it is one of them
        return (method as (...all: unknown[]) => unknown)(...args);
      };
    },
  });
  return new Proxy(store, { get: (own, name) => (name === 'transfer' ? transfer : boundTo(own, name)) });
}

class Killed extends Error {}

/** Wraps a target whose writes fail after a number of them, as if the process were killed. */
function breaking(store: CallRecordStore, after: number): CallRecordStore {
  let left = after;
  return beforeWrites(store, () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Killed())));
}

function boundTo(own: object, name: PropertyKey): unknown {
  const value: unknown = Reflect.get(own, name);
  return typeof value === 'function' ? (value.bind(own) as unknown) : value;
}

const verifying = { clock: systemClock, onRead: () => undefined };

interface CopyCase {
  /** Opens an empty store. */
  readonly source: () => Promise<CallRecordStore>;
  readonly target: () => Promise<CallRecordStore>;
}

export function copySuite({ source, target }: CopyCase): void {
  it('describes one tenant of a store, or all', async () => {
    await using store = await source();
    await fillWhole(store, 2);
    await importLines(store, otherTenantId, [
      JSON.stringify(aRecord('other', { sessions: [aSession('a')] })),
    ]);
    const told = async (tenant?: string) => {
      const { sessions, oldestTicks, newestTicks } = await store.transfer.describe(tenant);
      return { sessions, span: [oldestTicks, newestTicks], rows: await store.transfer.logRowCounts(tenant) };
    };
    const [all, one, other] = [await told(), await told(tenantId), await told(otherTenantId)];
    expect([other.sessions, other.rows]).toEqual([1, {}]);
    expect([all.sessions, all.rows]).toEqual([one.sessions + 1, one.rows]);
    expect(Object.keys(one.rows)).not.toEqual([]);
    expect(other.span[0]).toBe(other.span[1]);
    expect(await told('nobody')).toEqual({ sessions: 0, span: [undefined, undefined], rows: {} });
  });

  it('carries everything, there and back, and everything agrees with what is stored', async () => {
    await using from = await source();
    await fillWhole(from, 10);
    await using to = await target();
    expect(await copy(from, to)).toMatchObject({
      ...{ calls: 18, editions: 23, copied: 23 },
      ...{ differences: 0, listed: [], grown: false },
    });
    expect(await everythingIn(to)).toEqual(await everythingIn(from));
    const verified = await verifyTenant(to, tenantId, verifying);
    expect(verified).toMatchObject({ corrupt: 0, records: 18 });
    const ofSource = await verifyTenant(from, tenantId, verifying);
    const { endedMs } = verified.basis;
    expect({ ...ofSource, basis: { ...ofSource.basis, endedMs } }).toEqual(verified);
    // A verification of the source proves nothing about the copy.
    expect(await to.evidence.lastVerification(tenantId)).toBe(undefined);
    await using back = await source();
    expect(await copy(to, back)).toMatchObject({ differences: 0, grown: false });
    expect(await everythingIn(back)).toEqual(await everythingIn(from));
    // Later additions continue from there.
    await importLines(to, tenantId, [
      JSON.stringify(aRecord('versions', { version: 9, participants_v2: [] })),
    ]);
    expect((await to.edition(tenantId, 'versions'))?.version).toBe(9n);
  });

  it('goes on where it was killed, and ends the same', async () => {
    await using from = await source();
    await fill(from, tenantId, often(12, 40));
    await fill(from, otherTenantId, often(3, 10), 8);
    await using to = await target();
    let report: CopyReport | undefined;
    let kills = -1;
    for (let after = 0; report === undefined; after += often(1 + (after >> 1), 1), kills++)
      report = await copy(from, breaking(to, after)).catch((error: unknown) => {
        if (error instanceof Killed) return undefined;
        throw error;
      });
    expect(kills).toBeGreaterThan(3);
    expect(report).toMatchObject({ differences: 0, grown: false });
  });

  it('brings what came while it copied, or while it was stopped, when it is run again', async () => {
    await using from = await source();
    await importLines(from, tenantId, [aLine('m', 1)]);
    await using to = await target();
    let came = false;
    const grows = beforeWrites(to, async (name) => {
      if (came || name !== 'put') return;
      came = true;
      await importLines(from, tenantId, [aLine('m', 2), aLine('a', 1), aLine('z', 1)]);
      await importLines(from, otherTenantId, [aLine('other', 1)]);
    });
    expect(await copy(from, grows)).toMatchObject({ editions: 1, copied: 1, differences: 0, grown: true });
    await expect(copy(from, breaking(to, 4))).rejects.toThrow(Killed);
    await importLines(from, tenantId, [aLine('b', 1)]);
    expect(await copy(from, to)).toMatchObject({ editions: 5, differences: 0, grown: true });
    expect(await copy(from, to)).toMatchObject({ editions: 6, copied: 1, differences: 0, grown: false });
    expect(await copy(from, to)).toMatchObject({ editions: 6, copied: 0, differences: 0, grown: false });
    expect(await everythingIn(to)).toEqual(await everythingIn(from));
  });

  it('refuses a target that holds what is not of the source', async () => {
    await using from = await source();
    await importLines(from, tenantId, [aLine('a', 1)]);
    await using to = await target();
    await copy(from, to);
    await using other = await source();
    await expect(copy(other, to)).rejects.toThrow(
      '--to: this store is a copy of another store. Name an empty store.',
    );
    await importLines(other, tenantId, [aLine('mine', 1)]);
    await expect(copy(from, other)).rejects.toThrow('--to: the store already has calls.');
    await using logs = await target();
    const row = { kind: 'pstnCallLogRow', ticks: 1n, id: 'a', text: Buffer.from('{"id":"a"}') };
    await logs.addLogRows(tenantId, [row]);
    await expect(copy(from, logs)).rejects.toThrow('--to: the store already has rows of log_row.');
    await expect(copy(to, to)).rejects.toThrow('--to: this is the store of --from');
    // The store was opened and verified, then used.
    await to.secret('issuer-key', () => Promise.resolve('key'));
    await to.evidence.keepVerification(tenantId, { endedMs: 5, report: '{}' });
    expect(await copy(from, to)).toMatchObject({ copied: 0, differences: 0 });
    await subscribe(to);
    const before = await everythingIn(to);
    await expect(copy(from, to)).rejects.toThrow('--to: the store has changed since it was copied');
    expect(await everythingIn(to)).toEqual(before);
  });

  it('carries a log row by an id of any length', async () => {
    await using from = await source();
    const ids = ['\u20ac'.repeat(85), '\u20ac'.repeat(86), `${'x'.repeat(300)}\ud83d\ude00`];
    const rows = ids.map((id) => ({
      ...{ kind: 'pstnCallLogRow', ticks: 1n, id },
      text: Buffer.from(JSON.stringify({ callId: 'c', id })),
    }));
    await from.addLogRows(tenantId, rows);
    await using to = await target();
    expect(await copy(from, to)).toMatchObject({ rows: 3, differences: 0 });
    await using back = await source();
    expect(await copy(to, back)).toMatchObject({ rows: 3, differences: 0 });
    expect(await back.addLogRows(tenantId, rows)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });
}

function aLine(id: string, version: number): string {
  return JSON.stringify(aRecord(id, { version, participants_v2: [aParticipant('p')] }));
}

async function subscribe(store: CallRecordStore): Promise<void> {
  await store.subscriptions.create(
    {
      ...{ tenantId, id: 'a-subscription', applicationId: 'an-application' },
      resource: "/communications/callRecords?$filter=participants/any(p:p/id eq 'p')",
      participantIds: ['p', 'ä'],
      changeType: 'created,updated',
      clientState: 'ein Wort € ',
      notificationUrl: 'https://a.example/notify',
      lifecycleNotificationUrl: null,
      latestSupportedTlsVersion: 'v1_2',
      expirationTicks: 10n ** 18n,
      challengeMs: undefined,
    },
    10,
  );
  await importLines(store, tenantId, [aLine('versions', 3)]);
}
