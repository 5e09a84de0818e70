/** Tests a server that is busy and lives: it is not left for another host. */
import { describe, expect, it } from 'vitest';
import { LockedTable, pair, path, patient } from '../support/silent-hosts.ts';

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
});
