/** Copying stores in tests: the cases are the same whatever engine each store is on. */
import { expect, it } from 'vitest';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { CarriedRow, TransferStore } from '../../src/store/transfer.ts';
import { carriedTables } from '../../src/store/transfer.ts';
import { type CopyReport, copyStore } from '../../src/transfer/copy-store.ts';
import { editionChecksum, rowChecksum } from '../../src/transfer/checksum.ts';
import { readCall } from '../../src/transfer/read-call.ts';
import { verifyTenant } from '../../src/verify/report.ts';
import { systemClock } from '../../src/clock.ts';
import { fill, importLines } from './filled-store.ts';
import { aParticipant, aRecord } from './records.ts';

const tenants = ['11111111-1111-4111-8111-111111111111', '33333333-3333-4333-8333-333333333333'] as const;

export function copy(from: CallRecordStore, to: CallRecordStore): Promise<CopyReport> {
  return copyStore({ from, to, signal: new AbortController().signal, onProgress: () => undefined });
}

/** Everything in a store but the notes of a copy, by the order of its own. */
async function everythingIn(store: CallRecordStore): Promise<object> {
  const all: Record<string, unknown> = {};
  for (const tenantId of await store.evidence.tenants()) {
    for (const callId of await store.evidence.calls(tenantId, undefined, 10_000))
      all[`${tenantId} ${callId}`] = (await readCall(store, tenantId, callId)).map(editionChecksum);
    all[tenantId] = await store.evidence.tally(tenantId);
  }
  for (const table of carriedTables) {
    const rows: CarriedRow[] = [];
    await store.transfer!.eachRows(table, (some) => Promise.resolve(void rows.push(...some)));
    all[table] = rows.map(rowChecksum).sort();
  }
  return all;
}

/** A store whose writes fail after so many, as when the process is killed. */
function breaking(store: CallRecordStore, after: number): CallRecordStore {
  let left = after;
  const written = new Set<PropertyKey>([
    'put',
    'setNote',
    'insert',
    'clear',
  ] satisfies (keyof TransferStore)[]);
  const transfer = new Proxy(store.transfer!, {
    get(own, name) {
      if (written.has(name) && left-- <= 0) throw new Killed();
      return boundTo(own, name);
    },
  });
  return new Proxy(store, { get: (own, name) => (name === 'transfer' ? transfer : boundTo(own, name)) });
}

class Killed extends Error {}

function boundTo(own: object, name: PropertyKey): unknown {
  const value: unknown = Reflect.get(own, name);
  return typeof value === 'function' ? (value.bind(own) as unknown) : value;
}

const verifying = { clock: systemClock, onRead: () => undefined };

export interface CopyCase {
  /** An empty store. */
  readonly source: () => Promise<CallRecordStore>;
  readonly target: () => Promise<CallRecordStore>;
}

export function copySuite({ source, target }: CopyCase): void {
  it('carries everything, there and back, and everything agrees with what is stored', async () => {
    await using from = await source();
    await fill(from, tenants[0], 30);
    await from.secret('skip-token-key', () => Promise.resolve('key'));
    await from.upstream.setState(tenants[0], 'budget', '{}');
    await from.upstream.sighted(tenants[0], [{ callId: 'wanted', version: 3n, startTicks: undefined }], 5);
    await subscribe(from, tenants[0]);
    await using to = await target();
    expect(await copy(from, to)).toMatchObject({ calls: 36, editions: 41, copied: 41, differences: [] });
    expect(await everythingIn(to)).toEqual(await everythingIn(from));
    const verified = await verifyTenant(to, tenants[0], verifying);
    expect(verified).toMatchObject({ corrupt: 0, records: 36 });
    expect(verified).toEqual(await verifyTenant(from, tenants[0], verifying));
    await using back = await source();
    expect((await copy(to, back)).differences).toEqual([]);
    expect(await everythingIn(back)).toEqual(await everythingIn(from));
    // What is added afterwards goes on from there.
    await importLines(to, tenants[0], [
      JSON.stringify(aRecord('versions', { version: 9, participants_v2: [] })),
    ]);
    expect((await to.edition(tenants[0], 'versions'))?.version).toBe(9n);
  });

  it('goes on where it was killed, and ends the same', async () => {
    await using from = await source();
    await fill(from, tenants[0], 40);
    await fill(from, tenants[1], 10, 8);
    await using to = await target();
    let report: CopyReport | undefined;
    let kills = -1;
    for (let after = 0; report === undefined; after++, kills++)
      report = await copy(from, breaking(to, after)).catch((error: unknown) => {
        if (error instanceof Killed) return undefined;
        throw error;
      });
    expect(kills).toBeGreaterThan(3);
    expect(report.differences).toEqual([]);
  });

  it('brings what has come since when it is run again, and takes nobody else’s copy', async () => {
    await using from = await source();
    await importLines(from, tenants[0], [
      JSON.stringify(aRecord('a', { participants_v2: [aParticipant('p')] })),
    ]);
    await using to = await target();
    await copy(from, to);
    await importLines(from, tenants[0], [
      JSON.stringify(aRecord('a', { version: 2, participants_v2: [aParticipant('p')] })),
      JSON.stringify(aRecord('0', {})),
    ]);
    expect(await copy(from, to)).toMatchObject({ calls: 2, editions: 3, copied: 2, differences: [] });
    await using other = await source();
    await expect(copy(other, to)).rejects.toThrow('--to: it is the copy of another store.');
    await importLines(other, tenants[0], [JSON.stringify(aRecord('mine'))]);
    await expect(copy(from, other)).rejects.toThrow('--to: the store holds calls already.');
  });
}

async function subscribe(store: CallRecordStore, tenantId: string): Promise<void> {
  await store.subscriptions.create(
    {
      ...{ tenantId, id: 'a-subscription', applicationId: 'an-application' },
      resource: '/communications/callRecords',
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
  await importLines(store, tenantId, [JSON.stringify(aRecord('versions', { version: 3 }))]);
}
