/** A meeting of 1,250 people is kept whole; a page that fails upstream leaves it incomplete until it heals by itself. */
import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { readerOf, served } from '../support/served.ts';
import { startTestServer } from '../support/server.ts';
import { startEmulator } from '../support/emulator.ts';
import { hurry, testSync } from '../support/sync.ts';

const { tenantId } = development;
const people = Array.from({ length: 1250 }, (_, i) => `person-${i}`);
const startDateTime = '2026-11-02T08:00:00Z';
const meeting = aRecord('meeting', {
  startDateTime,
  endDateTime: '2026-11-02T09:00:00Z',
  participants_v2: people.map((id) => aParticipant(id)),
  sessions: people.map((id) => ({
    id: `session-${id}`,
    modalities: ['audio'],
    startDateTime,
    endDateTime: '2026-11-02T09:00:00Z',
    caller: {
      '@odata.type': '#microsoft.graph.callRecords.participantEndpoint',
      associatedIdentity: { '@odata.type': '#microsoft.graph.userIdentity', id, displayName: null },
    },
    segments: [{ id: `segment-${id}`, startDateTime, endDateTime: '2026-11-02T09:00:00Z' }],
  })),
});

it('with every page followed, and with the seventh failing until it does not', async () => {
  await using upstream = await startEmulator();
  await upstream.import([meeting]);
  const { clock } = upstream;
  await upstream.ask('POST', 'faults', {
    match: { callId: 'meeting', page: 7, endpoint: 'communications/callRecords/{id}/participants_v2' },
    effect: { status: 503 },
  });
  const store = openSqliteStore(':memory:', { clock });
  const stopped = new AbortController();
  using sync = testSync({ url: upstream.url, store, clock, budgetScale: 1 });
  const following = sync.tenants[0]!.follow(
    { reconcileMs: 3600_000, notificationUrl: undefined },
    stopped.signal,
  );
  const newest = () => store.edition(tenantId, 'meeting');

  await hurry(clock, sync, async () => (await newest()) !== undefined);
  expect(await newest()).toMatchObject({
    participants: { count: 6 * 130, complete: false, pages: 6 },
    sessions: { count: 1250, complete: true, pages: 21 },
    lacking: ['participantPages'],
  });
  expect(await store.evidence.wanting(tenantId, undefined, 9)).toEqual(['meeting']);
  const [wanted] = await store.upstream.pending(tenantId, undefined, 9);
  expect(wanted).toMatchObject({ callId: 'meeting', reason: 'upstreamDown', expiredUpstream: false });

  await upstream.ask('DELETE', 'faults');
  await hurry(clock, sync, async () => (await newest())?.participants?.complete === true);
  stopped.abort();
  await following;
  expect(await newest()).toMatchObject({
    participants: { count: 1250, complete: true, pages: 10 },
    sessions: { count: 1250, complete: true, pages: 21 },
    lacking: [],
  });
  expect(await store.evidence.wanting(tenantId, undefined, 9)).toEqual([]);
  expect((await store.upstream.counts(tenantId)).pending).toBe(0);
  expect(upstream.recorder.report().limits.filter(({ isExceeded }) => isExceeded)).toEqual([]);
  await using kept = await startTestServer({ store });
  expect(await served(kept.url, readerOf(kept), ['meeting'])).toEqual(
    await served(upstream.url, readerOf(upstream), ['meeting']),
  );
});
