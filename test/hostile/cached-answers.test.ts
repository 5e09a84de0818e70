/** Tests that cached responses are sent only to callers who may see them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { compareCachedAnswers } from '../support/cached-answers.ts';
import { often, testSeed } from '../support/often.ts';
import { aRecord, participants } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

it('every caller gets the response of a server without a cache, regardless of earlier callers', async () => {
  const [seed, count] = [testSeed, often(25, 60)];
  const { asked, succeeded, wrong } = await compareCachedAnswers({ seed, count });
  expect({ seed, wrong }).toEqual({ seed, wrong: [] });
  expect(asked).toBe(count * 12);
  expect(succeeded).toBeGreaterThan(2 * count);
});

describe('a server that keeps answers', () => {
  let reads = 0;
  let server: TestServer;
  const path = '/v1.0/communications/callRecords/call/participants_v2';
  beforeAll(async () => {
    server = await startTestServer({ store: countingStore(systemClock, () => reads++) });
    await server.import([aRecord('call', { participants_v2: participants(3) })]);
  });
  afterAll(() => server.stop());
  const readsOf = async (token: string, headers: Record<string, string> = {}) => {
    const before = reads;
    const response = await server.get(path, { authorization: `Bearer ${token}`, ...headers });
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    return reads - before;
  };

  it('reads nothing for a new token of the same tenant and roles, of another application too', async () => {
    const first = await server.token();
    expect(await readsOf(first)).toBeGreaterThan(0);
    expect(await readsOf(first)).toBeGreaterThan(0); // requested twice: cached from here on
    expect(await readsOf(first)).toBe(0);
    expect(await readsOf(await server.token({ expiresInSeconds: 1800 }))).toBe(0);
    expect(await readsOf(await server.token({ clientId: 'another-application', layout: 'v2' }))).toBe(0);
    // A role that no resource asks for lets nobody see more.
    expect(await readsOf(await server.token({ roles: ['Mail.Read', 'CallRecords.Read.All'] }))).toBe(0);
  });

  it('reads the store again for another preference, and after a change', async () => {
    const token = await server.token();
    expect(await readsOf(token, { prefer: 'omit-values=nulls' })).toBeGreaterThan(0);
    await server.import([aRecord('another')]);
    expect(await readsOf(token)).toBeGreaterThan(0);
    expect(await readsOf(token)).toBe(0);
  });
});

/** A store that reports each page of participants that is read. */
function countingStore(clock: Clock, onRead: () => void) {
  const store = openSqliteStore(':memory:', { clock });
  return new Proxy(store, {
    get(target, name) {
      if (name === 'participantsPage') onRead();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
