/** Nine days without a sync, odd answers, and all that may befall one on its way back: in the end everything is there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { startListener } from '../../src/serve/http/notification-listener.ts';
import { gaps } from '../../src/store/spans.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { often } from '../support/often.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startEmulator } from '../support/emulator.ts';
import { hurry, notifiedOf, testSync, unwatched } from '../support/sync.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const { tenantId } = development;
const path = join(folder, 'kept.db');
const dayMs = 24 * 3600_000;
const start = new Date('2026-11-02T12:00:00Z');
const calls = often(960, 12_000);

const list = 'communications/callRecords';
/** Calls that are answered oddly whenever they are asked for, and the mark that each gets. */
const odd = [
  { callId: 'call-11', effect: { odd: 'nullId', of: 'participants_v2' }, mark: 'participants.idMissing' },
  { callId: 'call-12', effect: { odd: 'missingId', of: 'sessions' }, mark: 'sessions.idMissing' },
  {
    callId: 'call-13',
    effect: { odd: 'surrogate', of: 'participants_v2' },
    mark: 'participants.loneSurrogate',
  },
  { callId: 'call-14', effect: { odd: 'wrongType', of: 'participants_v2' }, mark: 'participants.wrongType' },
  { callId: 'call-15', effect: { odd: 'nullStart', of: 'callRecord' }, mark: 'record.timeMissing' },
  { callId: 'call-16', effect: { odd: 'duplicateEntry' }, mark: 'participants.repeatedAcrossPages' },
  { callId: 'call-17', effect: { odd: 'nullItem', of: 'participants_v2' }, mark: 'participants.setAside' },
  { callId: 'call-18', effect: { odd: 'byteOrderMark' }, mark: 'record.byteOrderMark' },
] as const;

/** Spread over the nine days. */
function call(i: number, version: number) {
  const startMs = start.getTime() + Math.floor((i * 9 * dayMs) / calls);
  return aRecord(`call-${i}`, {
    version,
    startDateTime: new Date(startMs).toISOString(),
    endDateTime: new Date(startMs + 60_000).toISOString(),
    lastModifiedDateTime: new Date(startMs + version * 3600_000).toISOString(),
    participants_v2: [aParticipant(`caller-${i}`)],
    sessions: [{ id: `session-${i}`, segments: [] }],
  });
}

it(`${calls} calls in two versions, a 404, a storm of 503, a full disk: the latest version of each is kept`, async () => {
  await using upstream = await startEmulator({ start, throttleScale: 1 });
  const { clock } = upstream;
  const early = aRecord('before', {
    startDateTime: '2026-11-02T09:00:00Z',
    participants_v2: [aParticipant('p')],
    sessions: [{ id: 's', segments: [] }],
  });
  await upstream.import([early]);

  /** A sync as a process would be: on the file, until it is stopped. */
  const startSync = async (maxPages?: number) => {
    const store = openSqliteStore(path, { clock, ...(maxPages !== undefined && { maxPages }) });
    const sync = testSync({ url: upstream.url, store, clock, budgetScale: 1, concurrency: 16 });
    const listener = await startListener({
      ...{ host: '127.0.0.1', port: 0, tls: undefined, clock, tenants: notifiedOf(sync) },
      ...unwatched,
    });
    const stopped = new AbortController();
    const following = sync.tenants[0]!.follow(
      { reconcileMs: 3600_000, notificationUrl: `http://127.0.0.1:${listener.port}/` },
      stopped.signal,
    );
    const stop = async () => {
      stopped.abort();
      await Promise.all([following, listener.close()]);
      sync.close();
      await store[Symbol.asyncDispose]();
    };
    return { store, sync, stop };
  };

  const before = await startSync();
  await hurry(
    clock,
    before.sync,
    async () =>
      (await before.store.edition(tenantId, 'before')) !== undefined &&
      (await before.store.upstream.state(tenantId, 'subscription'))?.includes('"id"') === true,
  );
  const firstSubscription = await before.store.upstream.state(tenantId, 'subscription');
  await before.stop();

  await upstream.import(Array.from({ length: calls }, (_, i) => call(i, 1)));
  await upstream.import(Array.from({ length: calls }, (_, i) => call(i, 2)));
  await clock.advance(9 * dayMs);
  const played = await upstream.ask('POST', 'faults', [
    ...odd.map(({ effect, callId }) => ({ match: { callId }, effect })),
    { match: { endpoint: list }, effect: { odd: 'nullStart', id: 'call-20' } },
    { match: { endpoint: list }, times: 1, effect: { odd: 'nullItem' } },
    { match: { endpoint: list }, times: 20, effect: { odd: 'emptyPage' } },
    { match: { callId: 'call-7' }, times: 3, effect: { status: 404 } },
    { match: {}, after: calls / 6, times: calls / 30, effect: { status: 503, retryAfterSeconds: 7 } },
  ]);
  expect(played.status).toBe(201);

  const full = await startSync(calls / 8);
  await hurry(clock, full.sync, () =>
    full.sync.events.some(({ about, problem }) => about === 'store' && problem !== undefined),
  );
  expect(full.sync.events.find(({ about }) => about === 'store')?.problem).toBe(
    'The store does not answer: the disk is full.',
  );
  await full.stop();

  const after = await startSync();
  await hurry(clock, after.sync, async () => {
    const { pending: wanted, nextDueMs } = await after.store.upstream.counts(tenantId);
    return wanted === 0 && nextDueMs === undefined && (await after.store.totals()).calls > calls;
  });
  const wrong: string[] = [];
  for (let i = 0; i < calls; i++) {
    const edition = await after.store.edition(tenantId, `call-${i}`);
    const isWhole = edition?.participants?.complete === true && edition.sessions?.complete === true;
    if (edition?.version !== 2n || !isWhole) wrong.push(`call-${i}`);
  }
  expect(wrong).toEqual([]);
  // Each odd thing is marked, and told; what could not be kept where it stood is set aside.
  for (const { callId, mark } of odd) {
    const marks = (await after.store.edition(tenantId, callId))?.odd.map(
      (one) => `${one.part}.${one.reason}`,
    );
    expect(marks, callId).toContain(mark);
  }
  const pieces = await after.store.quarantine.list(tenantId, undefined, 10);
  expect(pieces.map(({ unit, callId }) => [unit, callId]).sort()).toEqual([
    ['entry', 'call-17'],
    ['listItem', undefined],
  ]);
  const told = new Set([full, after].flatMap(({ sync }) => sync.problems.map(({ call }) => call)));
  expect(odd.filter(({ callId }) => !told.has(callId))).toEqual([]);
  const report = await verifyTenant(after.store, tenantId, { clock, onRead: () => undefined });
  expect(report).toMatchObject({
    records: calls + 1,
    incomplete: 0,
    missingParticipants: 0,
    gaps: [],
    corrupt: 0,
  });
  expect(await after.store.upstream.counts(tenantId)).toEqual({
    pending: 0,
    expiredUpstream: 0,
    nextDueMs: undefined,
  });

  // Every moment of the nine days is covered by a listing that ended, and the subscription is another one.
  const ticks = (ms: number) => BigInt(ms) * 10_000n;
  const span = { from: ticks(start.getTime()), before: ticks(start.getTime() + 9 * dayMs) };
  expect(gaps(span, await after.store.upstream.listed(tenantId, 'calls'))).toEqual([]);
  const second = await after.store.upstream.state(tenantId, 'subscription');
  expect(second).not.toBe(firstSubscription);

  const { limits, throttled } = upstream.recorder.report();
  expect({ throttled, exceeded: limits.filter(({ isExceeded }) => isExceeded) }).toEqual({
    throttled: 0,
    exceeded: [],
  });
  await after.stop();
}, 1_200_000);
