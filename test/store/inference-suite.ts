/**
 * Tests that the participants of calls stored without a list are inferred, both on receipt and for calls of an earlier
 * release.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { finishInference } from '../../src/store/inference.ts';
import { renewCalls } from '../../src/store/renewal.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { Edition } from '../../src/store/edition.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { parseTicks } from '../../src/base/ticks.ts';
import { copyStore } from '../../src/maintain/transfer/copy-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { copyAsEarlier } from '../support/earlier-rolls.ts';
import { importLines } from '../support/filled-store.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const tenantId = 't';
const clock = createMovableClock(new Date('2026-05-01T00:00:00Z'));
const guid = 'AAAAAAAA-0000-4000-8000-00000000000A';
const user = (id: string, more: object = {}) => ({ user: { id, displayName: `Person ${id}`, ...more } });

/** Calls without a list, each with its inferred participants and their source. */
const unlisted: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  ['sessions', { sessions: [aSession('s', 'a', 'b'), aSession('t', 'a')] }, ['a sessions', 'b sessions']],
  [
    'legacy',
    { participants: [user('a'), { phone: { id: '+4930', displayName: null } }, {}, { guest: { id: null } }] },
    ['a participants', '+4930 participants'],
  ],
  ['organizer', { organizer: user('o') }, ['o organizer']],
  [
    'organizer-v2',
    { organizer: user('old'), organizer_v2: { id: 'o', identity: user('o') } },
    ['o organizer'],
  ],
  [
    'all',
    {
      sessions: [aSession('s', guid)],
      participants: [user(guid.toLowerCase()), user('b')],
      organizer_v2: { id: 'b', identity: user('b'), administrativeUnitInfos: [{ id: 'unit' }] },
      organizer: user('c'),
    },
    [`${guid} sessions`, 'b participants'],
  ],
  ['nobody', { participants: [] }, []],
];
const lines = [
  ...unlisted.map(([id, members]) => aRecord(id, members)),
  aRecord('listed', { participants_v2: [aParticipant('a')], sessions: [aSession('s', 'z')] }),
  aRecord('empty', { participants_v2: [], participants: [user('a')], organizer: user('o') }),
  aRecord('versions', { participants: [user('first')] }),
  aRecord('versions', {
    version: 2,
    sessions: [aSession('s', 'second')],
    lastModifiedDateTime: '2026-03-02T12:00:00Z',
  }),
  {
    '@odata.context': "https://x/$metadata#communications/callRecords('page')/sessions",
    value: [aSession('s', 'p')],
  },
].map((line) => JSON.stringify(line));

/**
 * Defines the tests.
 *
 * @param openOther Opens another, empty store of the same kind.
 */
export function inferenceSuite(
  backend: string,
  open: () => Promise<CallRecordStore>,
  openOther: () => Promise<CallRecordStore>,
): void {
  describe(`a call without a list of participants on ${backend}`, () => {
    let store: CallRecordStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const entries = async (edition: Edition | undefined, from = store) => {
      const block = edition && (await from.inferredBlock(edition, 0));
      return (block === undefined ? [] : JSON.parse(`[${blockText(block).toString()}]`)) as {
        readonly '@rollcall.source': string;
        readonly id: string;
        readonly identity: Record<string, unknown>;
        readonly administrativeUnitInfos: unknown;
      }[];
    };
    const rollOf = async (edition: Edition | undefined, from = store) =>
      (await entries(edition, from)).map((entry) => `${entry.id} ${entry['@rollcall.source']}`);
    const rolls = async (from = store) => {
      const all: unknown[] = [];
      for (const [id] of unlisted) all.push([id, await rollOf(await from.edition(tenantId, id), from)]);
      return all;
    };
    const expected = unlisted.map(([id, , roll]) => [id, roll]);
    const found = async (person: string) =>
      (await store.search.find(tenantId, { person }, undefined, 9)).calls.map(({ callId }) => callId).sort();
    const verified = () => verifyTenant(store, tenantId, { clock, onRead: () => undefined });
    /** Stores the lines as the current release does, in a separate store. */
    const asToday = async () => {
      const today = openSqliteStore(':memory:', { clock });
      await importLines(today, tenantId, lines);
      return today;
    };
    const earlier = async () => {
      await using today = await asToday();
      await copyAsEarlier(today, store, tenantId);
    };

    it('has the participants that the sessions, the record and its organizer name, each once', async () => {
      await importLines(store, tenantId, lines);
      expect(await rolls()).toEqual(expected);
      expect(await rollOf(await store.edition(tenantId, 'listed'))).toEqual(['z sessions']);
      expect(await rollOf(await store.edition(tenantId, 'empty'))).toEqual([]);
      expect(await rollOf(await store.edition(tenantId, 'page'))).toEqual(['p sessions']);
      expect(await store.inference.isPending()).toBe(false);
      const { corrupt, incomplete } = await verified();
      expect([corrupt, incomplete]).toEqual([0, unlisted.length + 2]);
    });

    it('combines the facts of all sources about a person', async () => {
      const named = { id: 'a', displayName: 'Anna', tenantId: 'x' };
      const caller = { associatedIdentity: { id: 'a', userPrincipalName: 'a@contoso.com' } };
      const record = aRecord('call', {
        sessions: [{ id: 's', caller }],
        participants: [{ guest: named }],
        organizer_v2: { id: 'a', identity: {}, administrativeUnitInfos: [{ id: 'unit' }] },
      });
      await importLines(store, tenantId, [JSON.stringify(record)]);
      const [entry, ...others] = await entries(await store.edition(tenantId, 'call'));
      expect(others).toEqual([]);
      expect(entry).toMatchObject({
        '@rollcall.source': 'sessions',
        id: 'a',
        identity: { user: null, guest: { ...named, userPrincipalName: 'a@contoso.com' } },
        administrativeUnitInfos: [{ id: 'unit' }],
      });
      expect(await found('anna')).toEqual(['call']);
    });

    it('gets its participants in steps when an earlier release stored it, as if it were received today', async () => {
      await earlier();
      expect(await rollOf(await store.edition(tenantId, 'sessions'))).toEqual([]);
      // The organizer of one of the calls.
      expect(await found('person b')).toEqual(['all']);
      const before = await store.edition(tenantId, 'sessions');
      const [tally, editions] = [await store.evidence.tally(tenantId), before!.edition];
      // Each step is one transaction: an interrupted inference resumes with the next step.
      while ((await store.inference.catchUp(2)) > 0);
      expect(await rolls()).toEqual(expected);
      expect(await found('person b')).toEqual(['all', 'sessions']);
      const after = (await store.edition(tenantId, 'sessions'))!;
      expect(after.edition).toBeGreaterThan(editions);
      expect([after.version, after.receivedMs]).toEqual([before!.version, before!.receivedMs]);
      expect(after.digest).not.toBe(before!.digest);
      await using today = await asToday();
      const { editions: count, ...counts } = await store.evidence.tally(tenantId);
      const { editions: ofToday, ...todays } = await today.evidence.tally(tenantId);
      expect(counts).toEqual(todays);
      // One more edition for each version without a list.
      expect(count).toBe(ofToday + unlisted.length + 3);
      expect(count).toBe(tally.editions + unlisted.length + 3);
      expect((await verified()).corrupt).toBe(0);
      expect(await store.inference.isPending()).toBe(false);
      expect(await store.inference.catchUp(9)).toBe(0);
    });

    it('has inferred participants as of an earlier version and an earlier time, too', async () => {
      await earlier();
      expect(await finishInference(store)).toBe(true);
      const asOf = async (at: Parameters<CallRecordStore['editionAsOf']>[2]) =>
        rollOf(await store.editionAsOf(tenantId, 'versions', at));
      expect(await asOf({ version: 1n })).toEqual(['first participants']);
      expect(await asOf({ version: 2n })).toEqual(['second sessions']);
      expect(await asOf({ ticks: parseTicks('2026-05-01T00:00:00Z')! })).toEqual(['second sessions']);
    });

    it('causes no notification, and changes nothing when it is received again', async () => {
      await earlier();
      const subscription = {
        ...{ tenantId, id: 'sub', applicationId: 'app', resource: '/communications/callRecords' },
        ...{ changeType: 'created,updated', notificationUrl: 'https://x.example/', clientState: null },
        ...{ lifecycleNotificationUrl: null, latestSupportedTlsVersion: 'v1_2', challengeMs: undefined },
        expirationTicks: 2n ** 62n,
      };
      expect(await store.subscriptions.create(subscription, 9)).toBe(undefined);
      await finishInference(store);
      expect(await store.subscriptions.outboxSize()).toBe(0);
      const { editions } = await store.evidence.tally(tenantId);
      expect(await importLines(store, tenantId, lines)).toMatchObject({ newVersions: 0 });
      expect((await store.evidence.tally(tenantId)).editions).toBe(editions);
      await importLines(store, tenantId, [
        JSON.stringify({ ...aRecord('legacy'), participants_v2: [aParticipant('a')] }),
      ]);
      const edition = await store.edition(tenantId, 'legacy');
      expect([edition?.participants?.count, edition?.found, edition?.lacking]).toEqual([1, undefined, []]);
      expect((await verified()).corrupt).toBe(0);
    });

    it('is copied with its inferred participants to either engine', async () => {
      await earlier();
      await using before = openSqliteStore(':memory:', { clock });
      await using after = openSqliteStore(':memory:', { clock });
      const options = { signal: new AbortController().signal, onProgress: () => undefined };
      const out = await copyStore({ from: store, to: after, ...options });
      expect([out.differences, out.grown, await after.inference.isPending()]).toEqual([0, false, false]);
      expect(await rolls(after)).toEqual(expected);
      const report = await verifyTenant(after, tenantId, { clock, onRead: () => undefined });
      expect([report.corrupt, report.incomplete]).toEqual([0, unlisted.length + 2]);
      await using today = await asToday();
      await copyAsEarlier(today, before, tenantId);
      await using empty = await openOther();
      const into = await copyStore({ from: before, to: empty, ...options });
      expect([into.differences, await empty.inference.isPending()]).toEqual([0, false]);
      expect(await rolls(empty)).toEqual(expected);
    });

    it('is inferred while a renewal and another inferring process run', async () => {
      await earlier();
      await importLines(store, tenantId, [JSON.stringify(aRecord('zz-new', { organizer: user('o') }))]);
      const inferred = async (atOnce: number) => {
        while ((await store.inference.catchUp(atOnce)) > 0);
      };
      await Promise.all([inferred(1), inferred(3), renewCalls(store, 5)]);
      expect(await rolls()).toEqual(expected);
      expect(await store.inference.isPending()).toBe(false);
      expect((await verified()).corrupt).toBe(0);
    });
  });
}
