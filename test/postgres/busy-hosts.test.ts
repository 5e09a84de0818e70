/** Tests a server that is slow or busy and lives: it is not left for another host. */
import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { startTestServer } from '../support/server.ts';
import { aCall, boundMs, kept, LockedTable, pair, path, patient } from '../support/silent-hosts.ts';

describe('a server that lives', patient, () => {
  it('and whose connections are all busy is not left for another host', async () => {
    const { primary, standby, server } = await pair();
    await using lock = new LockedTable(primary.url, 'edition');
    await lock.begin();
    const reads = Array.from({ length: 40 }, () => server.get(path));
    const waited = await Promise.race(reads);
    await lock.end();
    const statuses = (await Promise.all(reads)).map(({ status }) => status);
    expect(waited.status).toBe(503);
    // Those that have the ten connections; how many of the others are still waiting by then is a matter of time.
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(new Set(statuses)).toEqual(new Set([200, 503]));
    expect(String(server.defects[0])).toMatch(/all connections to it are busy/);
    expect(server.store.servers().map(({ isUsed }) => isUsed)).toEqual([true, false]);
    await standby.kill();
  });

  it('acknowledges nothing that its standby does not have', async () => {
    const { standby, server } = await pair();
    standby.freeze();
    // Longer than a statement may take: the server then ends a commit as if all were well.
    await expect(server.import([aCall('late')])).rejects.toThrow(/it does not answer/);
    standby.thaw();
    await expect
      .poll(() => server.import([aCall('late')]).then(() => 'added', String), { timeout: boundMs })
      .toBe('added');
    expect((await server.get(path.replace('before', 'late'))).status).toBe(200);
  });

  it('may take long over a statement', async () => {
    const primary = kept(await startPostgres());
    const server = kept(
      await startTestServer({ store: await openPostgresStore(primary.url), cacheBytes: 0 }),
    );
    await server.import([aCall('before')]);
    await using lock = new LockedTable(primary.url, 'edition');
    await lock.begin();
    const reads = Array.from({ length: 30 }, () => server.get(path));
    // Longer than a host may be quiet, and longer than a look may take.
    await new Promise((resolve) => setTimeout(resolve, 4500));
    await lock.end();
    expect(new Set((await Promise.all(reads)).map(({ status }) => status))).toEqual(new Set([200]));
  });
});
