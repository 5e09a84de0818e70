/** A meeting of 1,250 people is kept whole; a page that fails upstream leaves it incomplete until it heals by itself. */
import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { aSession } from '../support/records.ts';
import { readerOf, served } from '../support/served.ts';
import { startTestServer } from '../support/server.ts';
import { startEmulator } from '../support/emulator.ts';
import { hurry, testSync } from '../support/sync.ts';

const { tenantId } = development;
const start = new Date('2026-11-02T12:00:00Z');

/** 1,250 people of every kind; 1,260 sessions, since ten came twice: 21 pages. */
function aMeeting() {
  const options = { ...defaultGenerateOptions, days: 5, calls: 1, largest: 1250, media: false };
  const record = JSON.parse(generateLines({ ...options, until: start }).next().value!) as {
    id: string;
    participants_v2: { id: string }[];
  };
  const ids = record.participants_v2.map(({ id }) => id);
  const sessions = [...ids, ...ids.slice(0, 10)].map((id, i) => aSession(`session-${i}`, id));
  return { ...record, type: 'groupCall', sessions };
}

it('with every page followed, and with the seventh failing until it does not', async () => {
  const meeting = aMeeting();
  await using upstream = await startEmulator({ start });
  await upstream.import([meeting]);
  const { clock } = upstream;
  await upstream.ask('POST', 'faults', {
    match: { callId: meeting.id, page: 7, endpoint: 'communications/callRecords/{id}/participants_v2' },
    effect: { status: 503 },
  });
  const store = openSqliteStore(':memory:', { clock });
  const stopped = new AbortController();
  using sync = testSync({ url: upstream.url, store, clock, budgetScale: 1 });
  const following = sync.tenants[0]!.follow(
    { reconcileMs: 3600_000, notificationUrl: undefined },
    stopped.signal,
  );
  const newest = () => store.edition(tenantId, meeting.id);

  const verify = () => verifyTenant(store, tenantId, { clock, onRead: () => undefined });

  await hurry(clock, sync, async () => (await newest()) !== undefined);
  expect(await newest()).toMatchObject({
    participants: { count: 6 * 130, complete: false, pages: 6 },
    sessions: { count: 1260, complete: true, pages: 21 },
    lacking: ['participantPages'],
  });
  expect(await store.evidence.wanting(tenantId, undefined, 9)).toEqual([meeting.id]);
  // People on the pages that were not received are not missing from the list.
  expect((await newest())?.found).toBeUndefined();
  const cut = await verify();
  expect([cut.records, cut.incomplete, cut.corrupt]).toEqual([1, 1, 0]);
  expect(cut.gaps).toContainEqual(
    expect.objectContaining({ kind: 'pagesMissing', callId: meeting.id, healable: true }),
  );
  const [wanted] = await store.upstream.pending(tenantId, undefined, 9);
  expect(wanted).toMatchObject({ callId: meeting.id, reason: 'upstreamDown', expiredUpstream: false });

  await upstream.ask('DELETE', 'faults');
  await hurry(clock, sync, async () => (await newest())?.participants?.complete === true);
  stopped.abort();
  await following;
  expect(await newest()).toMatchObject({
    participants: { count: 1250, complete: true, pages: 10 },
    sessions: { count: 1260, complete: true, pages: 21 },
    lacking: [],
  });
  expect(await store.evidence.wanting(tenantId, undefined, 9)).toEqual([]);
  expect((await store.upstream.counts(tenantId)).pending).toBe(0);
  const whole = await verify();
  expect([whole.incomplete, whole.missingParticipants, whole.corrupt]).toEqual([0, 0, 0]);
  expect(upstream.recorder.report().limits.filter(({ isExceeded }) => isExceeded)).toEqual([]);
  await using kept = await startTestServer({ store });
  expect(await served(kept.url, readerOf(kept), [meeting.id])).toEqual(
    await served(upstream.url, readerOf(upstream), [meeting.id]),
  );
});
