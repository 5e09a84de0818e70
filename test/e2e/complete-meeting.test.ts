/** A meeting of 1,250 people is kept whole, page by page; while a page fails it is known to be incomplete, and heals. */
import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { defaultGenerateOptions, generateLines } from '../../src/emulator/generate/generate.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { aSession } from '../support/records.ts';
import { startTestServer } from '../support/server.ts';
import { startEmulator } from '../support/emulator.ts';
import { hurry, type TestSync, testSync } from '../support/sync.ts';

const { tenantId } = development;
const never = new AbortController().signal;

/** 1,250 people of every kind; 1,260 sessions, since ten came twice: 21 pages. */
function meeting() {
  const now = new Date();
  const options = { ...defaultGenerateOptions, days: 28, calls: 1, largest: 1250, media: false, until: now };
  const record = JSON.parse(generateLines(options).next().value!) as {
    id: string;
    participants_v2: { id: string }[];
  };
  const ids = record.participants_v2.map(({ id }) => id);
  const sessions = [...ids, ...ids.slice(0, 10)].map((id, i) => aSession(`session-${i}`, id));
  return { record: { ...record, type: 'groupCall', sessions }, ids };
}

it('is kept with every page, is incomplete while page 7 fails, and heals by itself', async () => {
  const { record, ids } = meeting();
  await using upstream = await startEmulator({ start: new Date() });
  await upstream.import([record]);
  await upstream.ask('POST', 'faults', {
    match: { path: `*/${record.id}/participants_v2`, page: 7 },
    effect: { status: 400 },
  });
  const { clock } = upstream;
  const store = openSqliteStore(':memory:', { clock });
  await using archive = await startTestServer({ store, reconciled: true });
  /** Waits of a sync are over when nothing else is under way. */
  const once = async (sync: TestSync) => {
    let isOver = false;
    const ended = sync.tenants[0]!.once(never).finally(() => (isOver = true));
    await hurry(clock, sync, () => isOver);
    return ended;
  };
  const verify = () => verifyTenant(store, tenantId, { clock, onRead: () => undefined });

  using sync = testSync({ url: upstream.url, store, clock });
  expect(await once(sync)).toMatchObject({ incomplete: 1 });
  const wanting = await verify();
  expect([wanting.records, wanting.incomplete, wanting.corrupt]).toEqual([1, 1, 0]);
  expect(wanting.gaps).toContainEqual(
    expect.objectContaining({ kind: 'pagesMissing', callId: record.id, healable: true }),
  );
  const cut = (await store.edition(tenantId, record.id))!;
  expect([cut.participants?.complete, cut.participants?.pages, cut.participants?.count]).toEqual([
    false,
    6,
    780,
  ]);
  // Whoever is on the pages that were not received is not missing from the list.
  expect(cut.found).toBe(undefined);

  await upstream.ask('DELETE', 'faults');
  using again = testSync({ url: upstream.url, store, clock });
  expect(await once(again)).toMatchObject({ incomplete: 0 });
  const { participants, sessions } = (await store.edition(tenantId, record.id))!;
  expect([participants, sessions]).toMatchObject([
    { count: 1250, complete: true, pages: 10 },
    { count: 1260, complete: true, pages: 21 },
  ]);
  const whole = await verify();
  expect([whole.incomplete, whole.gaps, whole.corrupt]).toEqual([0, [], 0]);

  const kept: string[] = [];
  for (
    let next: string | undefined = `/v1.0/communications/callRecords/${record.id}/participants_v2?$select=id`;
    next !== undefined;
  ) {
    const page = (await (await archive.get(next)).json()) as {
      value: { id: string }[];
      '@odata.nextLink'?: string;
    };
    kept.push(...page.value.map(({ id }) => id));
    next = page['@odata.nextLink']?.slice(archive.url.length);
  }
  expect(kept).toEqual(ids);
  expect(new Set(kept).size).toBe(1250);
}, 90_000);
