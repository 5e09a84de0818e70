/**
 * Workers as real processes, one server for all tests in their order: what a sync left in the store, a worker that is
 * killed, all of them, a stop; the last three under load from clients that keep connections.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { type KeepAliveClient, startKeepAliveClient } from '../support/keep-alive-client.ts';
import { aRecord, participants } from '../support/records.ts';
import { startWorkersServer, type WorkersServer } from '../support/workers.ts';

const roll = '/v1.0/communications/callRecords/call/participants_v2';
const clients = 8;

let server: WorkersServer;
beforeAll(async () => {
  server = await startWorkersServer({ args: ['--expected-lag-minutes', '180'] });
  await server.import([aRecord('call', { participants_v2: participants(130) })]);
});
afterAll(() => server.stop());

/** Clients that ask for it without end. */
async function startLoad(): Promise<readonly KeepAliveClient[]> {
  const authorization = `Bearer ${await server.token()}`;
  const load = Array.from({ length: clients }, () => startKeepAliveClient(server.url, roll, authorization));
  await answered(load, 20);
  return load;
}

async function answered(load: readonly KeepAliveClient[], count: number): Promise<void> {
  await Promise.all(load.map((client) => client.answered(count)));
}

async function failuresOf(load: readonly KeepAliveClient[]): Promise<number[]> {
  await Promise.all(load.map((client) => client.stop()));
  const statuses = new Set(load.flatMap(({ outcomes }) => outcomes.map(({ status }) => status ?? 'cut')));
  expect([...statuses].filter((status) => status !== 'cut')).toEqual([200]);
  return load.map(({ outcomes }) => outcomes.filter(({ status }) => status === undefined).length);
}

describe('/readyz with workers', () => {
  it('is answered by a worker from what a sync left in the store', async () => {
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    const ticks = (hoursAgo: number) => BigInt(Date.now() - hoursAgo * 3600_000) * 10_000n;
    const span = { from: ticks(9), before: ticks(4), listedMs: Date.now() };
    await server.store.upstream.observe(development.tenantId, [], Date.now(), span);
    const late = await fetch(`${server.url}/readyz`);
    expect([late.status, await late.json()]).toMatchObject([
      503,
      {
        ready: false,
        checks: [{ state: 'well' }, { about: 'sync', state: 'wrong' }, { about: 'authority', state: 'well' }],
      },
    ]);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('a worker that is killed', () => {
  it('fails what was under way on its own connections, nothing else, and is replaced', async () => {
    const load = await startLoad();
    const before = server.workers();
    process.kill(before[0]!, 'SIGKILL');
    await server.logged(/Worker \d+ ended by SIGKILL/);
    while (server.workers().length < 2) await answered(load, 1);
    await answered(load, 20);
    const failures = await failuresOf(load);
    expect({
      replaced: server.workers().filter((pid) => !before.includes(pid)).length,
      kept: server.workers().includes(before[1]!),
    }).toEqual({ replaced: 1, kept: true });
    // Each connection has one request under way at most; the other worker held as many connections.
    expect(failures.every((count) => count <= 1)).toBe(true);
    expect(failures.filter((count) => count === 1).length).toBeLessThanOrEqual(clients / 2);
    expect(server.defects).toEqual([]);
  });

  it('leaves nothing refused when all are killed at once: clients wait for the next', async () => {
    const load = await startLoad();
    for (const pid of server.workers()) process.kill(pid, 'SIGKILL');
    await answered(load, 20);
    const failures = await failuresOf(load);
    expect(failures.every((count) => count <= 1)).toBe(true);
  });
});

describe('SIGTERM', () => {
  it('has every request answered that was accepted, by every worker, then ends with 0', async () => {
    const load = await startLoad();
    while (server.workers().length < 2) await answered(load, 1);
    const workers = server.workers();
    const exited = once(server.child, 'exit');
    server.child.kill('SIGTERM');
    const [code] = (await exited) as [number];
    // Nobody listens any more: clients that would go on are refused, which ends them.
    await Promise.all(load.map((client) => client.stop()));
    // A connection that was made as the port closed may end unanswered; one that was ever answered is answered to its end.
    for (const { outcomes } of load) {
      const taken = new Set(outcomes.filter(({ status }) => status === 200).map((one) => one.connection));
      expect(outcomes.filter((one) => taken.has(one.connection) && one.status !== 200)).toEqual([]);
    }
    expect([code, workers.length]).toEqual([0, 2]);
    expect(server.defects).toEqual([]);
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
