/** A call of 400 days ago: Graph has forgotten it, the archive answers with what Graph last served, or with any version. */
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { readerOf, served } from '../support/served.ts';
import { startTestServer } from '../support/server.ts';
import { startEmulator } from '../support/emulator.ts';
import { testSync } from '../support/sync.ts';

const never = new AbortController().signal;
const dayMs = 86_400_000;

it('is 404 upstream, and is in the archive as upstream last served it, and as it first did', async () => {
  const start = new Date(Date.now() - dayMs);
  const version = (number: number, people: number) =>
    aRecord('call', {
      version: number,
      lastModifiedDateTime: new Date(start.getTime() + number * 3_600_000).toISOString(),
      startDateTime: start.toISOString(),
      endDateTime: new Date(start.getTime() + 1_800_000).toISOString(),
      participants_v2: participants(people),
      sessions: Array.from({ length: people }, (_, i) => aSession(`s${i}`, `participant-${i}`)),
    });
  await using upstream = await startEmulator({ start: new Date(), retentionDays: 30 });
  const store = openSqliteStore(':memory:');
  await using archive = await startTestServer({ store, reconciled: true });

  const seen: ReadonlyMap<string, string>[] = [];
  for (const record of [version(1, 140), version(2, 150)]) {
    await upstream.import([record]);
    using sync = testSync({ url: upstream.url, store });
    expect(await sync.tenants[0]!.once(never)).toMatchObject({ incomplete: 0, newVersions: 1 });
    seen.push(await served(upstream.url, readerOf(upstream), ['call']));
  }
  const [first, last] = seen;

  await upstream.clock.advance(400 * dayMs);
  const path = '/v1.0/communications/callRecords/call';
  for (const rest of ['', '/participants_v2', '/sessions'])
    expect((await upstream.get(`${path}${rest}`)).status).toBe(404);
  expect(await served(archive.url, readerOf(archive), ['call'])).toEqual(last);
  const asOfFirst = { ...archive, get: (url: string) => archive.get(url, { prefer: 'rollcall.as-of=1' }) };
  expect(await served(archive.url, readerOf(asOfFirst), ['call'])).toEqual(first);
  expect(first).not.toEqual(last);
});
