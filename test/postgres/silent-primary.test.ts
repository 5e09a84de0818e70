/** Tests a server that neither answers nor refuses: requests get a response from another host, and none hangs. */
import { describe, expect, it } from 'vitest';
import { aCall, asking, boundMs, msUntil, pair, path, patient, query } from '../support/silent-hosts.ts';

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
    // The first of them may be lost with its connection.
    const reason = async () => {
      expect((await server.get(path)).status).toBe(503);
      return String(server.defects.at(-1));
    };
    await expect
      .poll(reason, { timeout: boundMs })
      .toMatch(/it was the primary until another server was promoted/);
  });
});
