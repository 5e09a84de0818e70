/** Tests the completeness states of every store while data is added, verified and copied. */
import { describe, expect, it } from 'vitest';
import { createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import { parseTicks } from '../../src/base/ticks.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { standingsOf } from '../../src/maintain/verify/call-completeness.ts';
import { lastReport } from '../../src/maintain/verify/last-report.ts';
import { completenessOf, verifyTenant } from '../../src/maintain/verify/report.ts';
import { knownTenants } from '../../src/maintain/verify/tenants.ts';
import { copyStore } from '../../src/maintain/transfer/copy-store.ts';
import { importLines } from '../support/filled-store.ts';
import { aRecord, aSession, participants } from '../support/records.ts';

type Open = (options: { readonly clock: MovableClock }) => Promise<CallRecordStore>;

const whole = (id: string) =>
  JSON.stringify(
    aRecord(id, { participants_v2: participants(1), sessions: [aSession('s', 'participant-0')] }),
  );

export function standingSuite(backend: string, open: Open): void {
  describe(`the completeness states of a store in ${backend}`, () => {
    const clock = createMovableClock(new Date('2026-03-03T00:00:00Z'));
    const verify = async (store: CallRecordStore, tenantId = 't') => {
      const report = await verifyTenant(store, tenantId, { clock, onRead: () => undefined });
      await store.evidence.keepVerification(tenantId, {
        endedMs: report.basis.endedMs,
        report: JSON.stringify(report),
      });
      return report;
    };
    const stateOf = async (store: CallRecordStore, tenantId = 't') => {
      const checked = (await lastReport(store, tenantId))?.checked;
      const { calls, hours } = await completenessOf(store, tenantId, clock, { checked });
      return [calls.reason, hours.reason];
    };
    const callState = async (store: CallRecordStore, id: string) =>
      (await standingsOf(store, 't', await store.evidence.newest('t', [id]))).get(id)?.reason;
    const row = (id: string) => ({
      ...{ kind: 'pstnCallLogRow', ticks: parseTicks('2026-03-02T10:00:00Z')!, id },
      text: Buffer.from(`{"id":"${id}"}`),
    });

    it('change when data is added, and are verified again by the next verification', async () => {
      await using store = await open({ clock });
      expect(await stateOf(store)).toEqual(['nothingStored', 'neverListed']);
      await importLines(store, 't', [whole('a')]);
      expect([await stateOf(store), await callState(store, 'a')]).toEqual([
        ['neverVerified', 'neverListed'],
        'neverVerified',
      ]);
      expect((await verify(store)).callStates).toEqual({ verified: 1, unverified: 0, missing: 0 });
      expect([await stateOf(store), await callState(store, 'a')]).toEqual([
        ['checked', 'neverListed'],
        'checked',
      ]);
      // Data of another tenant changes nothing.
      await importLines(store, 'u', [whole('theirs')]);
      await importLines(store, 't', [whole('a')]);
      expect((await stateOf(store))[0]).toBe('checked');
      await importLines(store, 't', [whole('b')]);
      expect([await stateOf(store), await callState(store, 'a'), await callState(store, 'b')]).toEqual([
        ['changedSince', 'neverListed'],
        ...['checked', 'changedSince'],
      ]);
      await verify(store);
      expect((await stateOf(store))[0]).toBe('checked');
      await store.addLogRows('t', [row('r')]);
      expect((await stateOf(store))[0]).toBe('changedSince');
      await verify(store);
      await store.addLogRows('t', [row('r')]);
      expect((await stateOf(store))[0]).toBe('checked');
      await importLines(store, 't', [JSON.stringify(aRecord('head', { participants_v2: [] }))]);
      expect((await verify(store)).callStates).toEqual({ verified: 2, unverified: 1, missing: 0 });
      expect([await stateOf(store), await callState(store, 'head')]).toEqual([
        ['listNotReceived', 'neverListed'],
        'listNotReceived',
      ]);
      await store.upstream.observe('t', [{ callId: 'a', version: 9n, startTicks: undefined }], 0);
      expect([(await stateOf(store))[0], await callState(store, 'a')]).toEqual([
        'callsIncomplete',
        'notFetched',
      ]);
    });

    it('of hours are verified when a sync listed all of them, and not when calls are outside of them', async () => {
      await using store = await open({ clock });
      const nowMs = clock.now().getTime();
      const span = (from: string) => ({
        ...{ from: parseTicks(from)!, before: BigInt(nowMs) * 10_000n, listedMs: nowMs },
      });
      await store.upstream.observe('t', [], nowMs, span('2026-03-01T00:00:00Z'));
      expect(await stateOf(store)).toEqual(['nothingStored', 'checked']);
      await importLines(store, 't', [whole('a')]);
      await store.addLogRows('t', [row('r')]);
      expect((await stateOf(store))[1]).toBe('outsideListing');
      await store.upstream.addListed('t', 'getPstnCalls', span('2026-03-01T00:00:00Z'));
      expect((await stateOf(store))[1]).toBe('checked');
      await importLines(store, 't', [whole('old').replaceAll('2026-03-02', '2026-02-02')]);
      expect((await stateOf(store))[1]).toBe('outsideListing');
    });

    it('exist for a tenant that has only log rows', async () => {
      await using store = await open({ clock });
      await store.addLogRows('logs', [row('r'), row('s')]);
      expect(await knownTenants(store)).toEqual(['logs']);
      const { records, logRows } = await verify(store, 'logs');
      expect([records, logRows, (await stateOf(store, 'logs'))[0]]).toEqual([0, 2, 'checked']);
    });

    it('are not copied to another store, and not kept in a store that receives a copy', async () => {
      await using from = openSqliteStore(':memory:', { clock });
      await using to = await open({ clock });
      const copy = () =>
        copyStore({ from, to, signal: new AbortController().signal, onProgress: () => undefined });
      await importLines(from, 't', [whole('a')]);
      await verify(from);
      await copy();
      expect([(await stateOf(from))[0], (await stateOf(to))[0]]).toEqual(['checked', 'neverVerified']);
      await verify(to);
      await copy();
      expect((await stateOf(to))[0]).toBe('checked');
      await importLines(from, 't', [whole('b')]);
      await copy();
      expect((await stateOf(to))[0]).toBe('neverVerified');
    });

    it('ignore a report that does not match its checksum', async () => {
      await using store = await open({ clock });
      await importLines(store, 't', [whole('a')]);
      const { endedMs } = (await verify(store)).basis;
      expect((await lastReport(store, 't'))?.endedMs).toBe(endedMs);
      // A report of an earlier release is shown, but does not prove the current data.
      await store.evidence.keepVerification('t', { endedMs, report: '{"records":1}' });
      expect([(await lastReport(store, 't'))?.report, (await stateOf(store))[0]]).toEqual([
        { records: 1 },
        'neverVerified',
      ]);
    });
  });
}
