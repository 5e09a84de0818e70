/** Tests a server that neither answers nor refuses: requests get a response from another host, or 503, and none hangs. */
import { describe, expect, it } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { startTestServer } from '../support/server.ts';
import {
  aCall,
  asking,
  boundMs,
  kept,
  msUntil,
  pair,
  path,
  patient,
  query,
} from '../support/silent-hosts.ts';

describe('a primary that goes silent', patient, () => {
  it('behind a full pool is left for the other host: none hangs, nothing acknowledged is lost', async () => {
    const { primary, standby, server } = await pair();
    const requests = asking(server, 60);
    await msUntil(() => requests.answers() > 100, boundMs);
    expect((await server.import([aCall('acknowledged')])).newVersions).toBe(1);
    primary.freeze();
    await query(standby.url, 'SELECT pg_promote()');
    const atFreeze = requests.answers();
    // Answers under way when it froze are none.
    expect(await msUntil(() => requests.answers() > atFreeze + 60, boundMs)).toBeLessThan(boundMs);
    const { statuses, longestMs } = await requests.stop();
    expect([200, 503]).toEqual(expect.arrayContaining(statuses));
    expect(longestMs).toBeLessThan(boundMs);
    expect((await server.get(path.replace('before', 'acknowledged'))).status).toBe(200);
    expect((await server.import([aCall('after')])).newVersions).toBe(1);
    // It comes back, and still holds itself to be the primary: what it has is old.
    primary.thaw();
    expect((await server.get(path.replace('before', 'after'))).status).toBe(200);
    await standby.kill();
    expect((await server.get(path)).status).toBe(503);
    expect(server.defects.map(String).at(-1)).toMatch(/it was the primary until another server was promoted/);
  });

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
