/** Tests, for a store that the caller opens, that a damaged call affects no other call. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { checkTenant } from '../../src/maintain/doctor/check-tenant.ts';
import { applyRetention } from '../../src/maintain/retention/apply.ts';
import type { PersonActivity } from '../../src/serve/internal/people/activity-page.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { completenessOf, verifyTenant } from '../../src/maintain/verify/report.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer } from '../support/server.ts';

interface OpenStore {
  readonly store: CallRecordStore;
  /**
   * Runs a statement that names tables as PostgreSQL does.
   *
   * @returns Changed rows
   */
  readonly change: (sql: string) => Promise<number>;
}

const tenantId = '11111111-1111-4111-8111-111111111111';
const damagedVersion = 7;
const ids = ['a', 'b', 'c'] as const;
const damage = {
  edition: `UPDATE rollcall.edition SET participants_count = participants_count + 1 WHERE version = ${damagedVersion}`,
  digest: `UPDATE rollcall.edition SET digest = ',' || substr(digest, 2) WHERE version = ${damagedVersion}`,
  block: `UPDATE rollcall.participant_block SET crc = crc + 1, text_length = text_length + 1
    WHERE block_no = 1 AND list_no IN (SELECT participants_list FROM rollcall.edition WHERE version = ${damagedVersion})`,
  'lost block': `DELETE FROM rollcall.participant_block
    WHERE block_no = 1 AND list_no IN (SELECT participants_list FROM rollcall.edition WHERE version = ${damagedVersion})`,
} as const;

/** Stores three calls that lack pages; the second one lacks them in its damaged version. */
async function fill(store: CallRecordStore): Promise<void> {
  await importLines(
    store,
    tenantId,
    ids.map((id, i) =>
      JSON.stringify(
        aRecord(id, {
          version: id === 'b' ? damagedVersion : 1,
          startDateTime: `2026-03-0${i + 1}T10:00:00Z`,
          participants_v2: [aParticipant('everywhere'), ...participants(140)],
          'participants_v2@odata.nextLink': 'https://next',
          sessions: [aSession('s', 'everywhere')],
        }),
      ),
    ),
  );
}

const kindsOf = (gaps: readonly { readonly callId?: string; readonly kind: string }[]) =>
  gaps.map(({ callId, kind }) => [callId, kind]);

export function damagedSuite(backend: string, open: () => Promise<OpenStore>): void {
  describe(`a damaged call of a store in ${backend}`, () => {
    const verify = (store: CallRecordStore) =>
      verifyTenant(store, tenantId, { clock: systemClock, onRead: () => undefined });

    it.each(['edition', 'digest'] as const)(
      'is listed as a separate gap among the incomplete calls when its %s is damaged',
      async (what) => {
        const { store: opened, change } = await open();
        await using store = opened;
        await fill(store);
        expect(await change(damage[what])).toBe(1);
        // The damaged call is named and counted.
        for (const most of [9, 0]) {
          const report = await completenessOf(store, tenantId, systemClock, { most });
          expect(report).toMatchObject({ records: 3, incomplete: 3, gapCount: 3, gapsCut: most === 0 });
          expect(report.unhealableGapCount).toBeGreaterThan(0);
        }
        const report = await verify(store);
        expect(report.corrupt).toBeGreaterThan(0);
        expect(kindsOf(report.gaps)).toEqual([
          ['a', 'pagesMissing'],
          ['b', 'recordDamaged'],
          ['c', 'pagesMissing'],
        ]);
      },
    );

    it.each(['edition', 'digest', 'block', 'lost block'] as const)(
      "is left out of a person's activity and counted when its %s is damaged",
      async (what) => {
        const { store, change } = await open();
        await fill(store);
        expect(await change(damage[what])).toBe(1);
        await using server = await startTestServer({ store });
        const response = await server.get('/rollcall/people/everywhere?from=2026-01-01');
        const { value, counted } = (await response.json()) as PersonActivity;
        expect(value.map(({ id }) => id)).toEqual(['c', 'a']);
        expect(counted).toMatchObject({ calls: 2, isAll: true, damagedCalls: 1 });
        expect(server.defects).toEqual([]);
      },
    );

    it('does not prevent other figures from being served', async () => {
      const { store, change } = await open();
      await fill(store);
      await change(damage.edition);
      await using server = await startTestServer({ store });
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toMatch(/^rollcall_gaps 3$/m);
      expect(metrics).toMatch(/^rollcall_incomplete_calls 3$/m);
      for (const path of ['/rollcall/completeness', '/rollcall/status']) {
        const response = await server.get(path);
        expect([path, response.status]).toEqual([path, 200]);
        const { gaps } = (await response.json()) as { gaps: { kind: string }[] };
        expect(gaps.map(({ kind }) => kind)).toEqual(['pagesMissing', 'recordDamaged', 'pagesMissing']);
      }
      expect(server.defects).toEqual([]);
    });

    it('does not prevent other figures from being served when the stored verification is damaged too', async () => {
      const { store, change } = await open();
      await fill(store);
      await store.evidence.keepVerification(tenantId, {
        endedMs: 5,
        report: JSON.stringify(await verify(store)),
      });
      expect(await change("UPDATE rollcall.verification SET report = replace(report, '{', 'y')")).toBe(1);
      await using server = await startTestServer({ store });
      const metrics = await (await fetch(`${server.url}/metrics`)).text();
      expect(metrics).toMatch(/^rollcall_calls 3$/m);
      const completeness = await (await server.get('/rollcall/completeness')).json();
      expect(completeness).toMatchObject({ records: 3, lastVerification: null });
      expect(await (await server.get('/rollcall/status')).json()).toMatchObject({ verification: null });
      const findings = await checkTenant(store, tenantId, systemClock, undefined);
      expect(findings.map(({ state, about }) => [state, about])).toContainEqual([
        'attention',
        'verification',
      ]);
      expect(server.defects).toEqual([]);
    });

    it('stays in the fetch queue', async () => {
      const { store: opened, change } = await open();
      await using store = opened;
      await fill(store);
      const startTicks = ticksOf(new Date('2026-03-02T10:00:00Z'));
      const seen = ids.map((callId) => ({ callId, version: BigInt(damagedVersion), startTicks }));
      await store.upstream.observe(tenantId, seen.slice(1), 1);
      await change(damage.edition);
      const report = await completenessOf(store, tenantId, systemClock);
      const expected = [
        ['b', 'recordNotFetched'],
        ['c', 'recordNotFetched'],
        ['a', 'pagesMissing'],
        ['b', 'recordDamaged'],
        ['c', 'pagesMissing'],
      ];
      expect(kindsOf(report.gaps)).toEqual(expected);
      const { gaps, ...counts } = await completenessOf(store, tenantId, systemClock, { most: 0 });
      expect(gaps).toEqual([]);
      expect(counts).toEqual({ ...counts, incomplete: 3, gapCount: expected.length });
      expect(report).toMatchObject({ incomplete: 3, gapCount: expected.length });
    });

    const before = ticksOf(new Date('2026-03-31T00:00:00Z'));
    const drop = (store: CallRecordStore) =>
      applyRetention({ store, tenantId, before, signal: new AbortController().signal });
    const callsOf = async (store: CallRecordStore, participantId: string) => {
      const query = { participantId, from: 0n, before: 2n ** 62n, withFound: true, endedBy: undefined };
      return await store.callsCount(tenantId, { ...query, at: undefined }, 2 ** 40);
    };

    it.each(['block', 'lost block'] as const)(
      'is dropped without a trace when its %s is damaged',
      async (what) => {
        const { store: opened, change } = await open();
        await using store = opened;
        await fill(store);
        expect(await change(damage[what])).toBe(1);
        expect(await drop(store)).toEqual({ calls: 3, logRows: 0, damagedCalls: [] });
        expect(await store.evidence.tally(tenantId)).toMatchObject({ calls: 0, participants: 0 });
        for (const table of ['edition', 'participant', 'participant_block', 'session_block', 'listing'])
          expect([table, await change(`DELETE FROM rollcall.${table}`)]).toEqual([table, 0]);
        expect((await verify(store)).corrupt).toBe(0);
      },
    );

    it.each(['edition', 'digest'] as const)(
      'stays and is named, while other calls are dropped, when its %s is damaged',
      async (what) => {
        const { store: opened, change } = await open();
        await using store = opened;
        await fill(store);
        expect(await change(damage[what])).toBe(1);
        for (const calls of [2, 0])
          expect(await drop(store)).toEqual({ calls, logRows: 0, damagedCalls: ['b'] });
        expect(await store.evidence.calls(tenantId, undefined, 9)).toEqual(['b']);
        expect(await callsOf(store, 'everywhere')).toBe(1);
      },
    );

    it('stays and is named when its editions are missing', async () => {
      const { store: opened, change } = await open();
      await using store = opened;
      await fill(store);
      await change(`UPDATE rollcall.edition SET tenant_no = tenant_no + 1 WHERE version = ${damagedVersion}`);
      expect(await drop(store)).toEqual({ calls: 2, logRows: 0, damagedCalls: ['b'] });
    });

    it('stays and is named when only pages of it were received', async () => {
      const { store: opened, change } = await open();
      await using store = opened;
      const pages = ['x', 'y'].map((id) => JSON.stringify({ id, participants_v2: participants(2) }));
      await importLines(store, tenantId, pages);
      await change('UPDATE rollcall.edition SET participants_count = 3 WHERE edition_no = 1');
      const signal = new AbortController().signal;
      const ever = ticksOf(new Date('2100-01-01'));
      expect(await applyRetention({ store, tenantId, before: ever, signal })).toEqual({
        ...{ calls: 1, logRows: 0 },
        damagedCalls: ['x'],
      });
    });
  });
}
