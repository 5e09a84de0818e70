/** Two tenants in one process: what befalls one, the other does not notice. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startEmulator } from '../support/emulator.ts';
import { hurry, testSync } from '../support/sync.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const well = development.tenantId;
const ill = '33333333-3333-4333-8333-333333333333';

it('one with a revoked secret, until another secret is in its file', async () => {
  await using upstream = await startEmulator();
  const { clock } = upstream;
  const call = (id: string) =>
    aRecord(id, {
      startDateTime: '2026-11-02T08:00:00Z',
      participants_v2: [aParticipant('p')],
      sessions: [{ id: 's', segments: [] }],
    });
  await upstream.import([call('well-1')], well);
  await upstream.import([call('ill-1')], ill);
  const path = join(folder, 'secret.txt');
  writeFileSync(path, 'revoked\n');
  await using store = openSqliteStore(':memory:', { clock });
  const stopped = new AbortController();
  using sync = testSync({
    url: upstream.url,
    store,
    clock,
    tenants: [{ tenantId: ill, credentials: { kind: 'secretFile', path } }, { tenantId: well }],
  });
  const follow = { reconcileMs: 600_000, notificationUrl: undefined };
  const following = sync.tenants.map((tenant) => tenant.follow(follow, stopped.signal));

  await hurry(clock, sync, async () => (await store.edition(well, 'well-1')) !== undefined);
  const refusedFor = clock.now().getTime();
  await hurry(clock, sync, () => clock.now().getTime() > refusedFor + 1_200_000);
  await upstream.import([call('well-2')], well);
  await hurry(clock, sync, async () => (await store.edition(well, 'well-2')) !== undefined);
  const told = sync.events.filter(({ problem }) => problem !== undefined);
  expect(new Set(told.map(({ tenantId }) => tenantId))).toEqual(new Set([ill]));
  expect(told[0]?.problem).toMatch(
    /^The authority rejected the credentials\. .*\(invalid_client, AADSTS7000215\)/,
  );
  expect(await store.edition(ill, 'ill-1')).toBeUndefined();

  writeFileSync(path, `${development.clientSecret}\n`);
  await hurry(clock, sync, async () => (await store.edition(ill, 'ill-1')) !== undefined);
  stopped.abort();
  await Promise.all(following);
  expect((await store.upstream.counts(ill)).pending).toBe(0);
  expect(sync.events.filter(({ tenantId }) => tenantId === ill).at(-1)?.problem).toBeUndefined();
});
