/** While a server builds the search index that an upgrade left to do, only finding waits for it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-unfinished-'));
let server: TestServer;

beforeAll(async () => {
  const path = join(folder, 'store.db');
  server = await startTestServer({ store: openSqliteStore(path) });
  // Of so many sessions, the segments are read only where the index does not rule out failures.
  const failed = { failureInfo: { stage: 'midcall', reason: 'The network connection was lost.' } };
  const sessions = Array.from({ length: 2001 }, (_, i) =>
    aSession(`s${i}`, `participant-${i % 3}`, undefined, {
      startDateTime: '2026-03-02T10:00:00Z',
      endDateTime: '2026-03-02T10:05:00Z',
      segments: [{ id: 'g', ...(i === 4 && failed) }],
    }),
  );
  await server.import([aRecord('large', { participants_v2: participants(3), sessions })]);
  const database = new DatabaseSync(path);
  database.exec('INSERT INTO search_backlog SELECT tenant_no, 9223372036854775807, 0 FROM tally');
  database.close();
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

it.each([
  ['/rollcall/calls/large/roll', 200],
  ['/rollcall/calls/large/roll?format=csv', 200],
  ['/rollcall/calls/large/quality', 200],
  ['/rollcall/calls/large/quality?person=1', 200],
  ['/rollcall/calls/large/summary', 200],
  ['/rollcall/callRecords/large/versions/compare', 200],
  ['/rollcall/calls', 503],
  ['/rollcall/people/participant-1', 503],
])('%s answers %i', async (path, status) => {
  const response = await server.get(path);
  expect([response.status, (await response.text()).length > 2]).toEqual([status, true]);
});

it('failures are on the roll, although nothing rules them out', async () => {
  const response = await server.get('/rollcall/calls/large/roll');
  const { people } = (await response.json()) as {
    people: readonly { failures: readonly { kind: string }[] }[];
  };
  expect(people.map(({ failures }) => failures.map(({ kind }) => kind))).toEqual([[], ['network'], []]);
});
