/** Tests a network that swallows what is sent: requests get 503, none hangs, and the server is found again. */
import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { blackHole } from '../support/black-hole.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { startTestServer } from '../support/server.ts';
import { aCall, both, boundMs, kept, LockedTable, path, patient, query } from '../support/silent-hosts.ts';

describe('a way to the server that swallows everything', patient, () => {
  it.each(['idle', 'busy', 'writing'] as const)(
    'while connections are %s ends in 503 and is found again',
    async (state) => {
      const primary = kept(await startPostgres());
      const hole = kept(await blackHole(primary.url));
      const server = kept(await startTestServer({ store: await openPostgresStore(hole.url), cacheBytes: 0 }));
      await server.import([aCall('before')]);
      const read = async () => (await server.get(path)).status;
      expect(new Set(await Promise.all(Array.from({ length: 20 }, read)))).toEqual(new Set([200]));
      const lock = kept(new LockedTable(primary.url, state === 'busy' ? 'edition' : 'tally'));
      await lock.begin();
      if (state === 'idle') await lock.end();
      const write = state === 'writing' ? server.import([aCall('write')]).then(String, String) : undefined;
      const busy = state === 'busy' ? Promise.all(Array.from({ length: 20 }, read)) : Promise.resolve([]);
      if (state !== 'idle')
        await expect
          .poll(() => query(primary.url, `SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1`))
          .toHaveLength(1);
      hole.swallow();
      const begun = performance.now();
      const ends = await Promise.all(Array.from({ length: 20 }, read));
      expect(new Set([...(await busy), ...ends])).toEqual(new Set([503]));
      expect((await write) ?? 'it does not answer').toMatch(/it does not answer/);
      expect(performance.now() - begun).toBeLessThan(boundMs);
      if (state !== 'idle') await lock.end();
      hole.restore();
      await expect.poll(read, { timeout: boundMs }).toBe(200);
      if (write === undefined) return;
      // The server still has the transaction that was cut, until it has stood idle for too long.
      await query(
        primary.url,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rollcall'`,
      );
      await expect.poll(read, { timeout: boundMs }).toBe(200);
      expect((await server.import([aCall('write')])).newVersions).toBe(1);
    },
  );

  it('is reported by each connection attempt, and is not used', async () => {
    const primary = kept(await startPostgres());
    const hole = kept(await blackHole(primary.url));
    hole.swallow();
    const begun = performance.now();
    await expect(openPostgresStore(hole.url)).rejects.toThrow(/it does not answer/);
    await using store = await openPostgresStore(both(hole, primary));
    expect(await store.totals()).toEqual({ calls: 0, editions: 0 });
    expect(performance.now() - begun).toBeLessThan(boundMs);
  });
});
