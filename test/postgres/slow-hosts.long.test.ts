/** Tests servers that are slow or silent for longer than a time limit: requests wait, or get 503, and none hangs. */
import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { startTestServer } from '../support/server.ts';
import { aCall, boundMs, kept, LockedTable, pair, path, patient } from '../support/silent-hosts.ts';

describe('a server that lives', patient, () => {
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

describe('a primary that goes silent', patient, () => {
  it('without another host gets 503 within the limit, and is used again when it answers', async () => {
    const primary = kept(await startPostgres());
    const server = kept(
      await startTestServer({ store: await openPostgresStore(primary.url), cacheBytes: 0 }),
    );
    await server.import([aCall('before')]);
    const read = async () => {
      const begun = performance.now();
      const { status } = await server.get(path);
      return { status, ms: performance.now() - begun };
    };
    await Promise.all(Array.from({ length: 40 }, read));
    primary.freeze();
    for (let round = 0; round < 2; round++) {
      const ends = await Promise.all(Array.from({ length: 40 }, read));
      expect(new Set(ends.map(({ status }) => status))).toEqual(new Set([503]));
      expect(Math.max(...ends.map(({ ms }) => ms))).toBeLessThan(boundMs);
    }
    primary.thaw();
    await expect.poll(async () => (await read()).status, { timeout: boundMs }).toBe(200);
    expect(
      new Set((await Promise.all(Array.from({ length: 40 }, read))).map(({ status }) => status)),
    ).toEqual(new Set([200]));
  });

  it('keeps no process that is asked to stop', async () => {
    const primary = kept(await startPostgres());
    const store = await openPostgresStore(primary.url);
    await Promise.all(Array.from({ length: 20 }, async () => store.totals()));
    // Every store of a server has it.
    const long = Promise.resolve(store.transfer.describe()).catch(() => 'ended');
    primary.freeze();
    const begun = performance.now();
    await store[Symbol.asyncDispose]();
    await long;
    expect(performance.now() - begun).toBeLessThan(boundMs);
  });
});
