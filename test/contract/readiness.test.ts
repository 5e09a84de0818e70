/** `/healthz` and `/readyz`, with each thing broken that they look at. */
import { describe, expect, it } from 'vitest';
import { createMovableClock } from '../../src/base/clock.ts';
import { createReadiness } from '../../src/serve/observe/readiness.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreError } from '../../src/store/store-errors.ts';
import { startTestServer, type TestServerOptions } from '../support/server.ts';

const tenants = ['11111111-1111-4111-8111-111111111111', '44444444-4444-4444-8444-444444444444'] as const;
const start = new Date('2026-11-02T12:00:00Z');
const ticks = (at: Date) => BigInt(at.getTime()) * 10_000n;
const ago = (minutes: number) => new Date(start.getTime() - minutes * 60_000);

async function listed(store: CallRecordStore, tenantId: string, until: Date): Promise<void> {
  const span = { from: ticks(ago(1440)), before: ticks(until), listedMs: until.getTime() };
  await store.upstream.observe(tenantId, [], until.getTime(), span);
}

function subscribed(store: CallRecordStore, tenantId: string, expiration: Date): unknown {
  const saved = {
    id: 's',
    clientState: 'c',
    notificationUrl: 'https://here.example',
    expirationMs: expiration.getTime(),
  };
  return store.upstream.setState(tenantId, 'subscription', JSON.stringify(saved));
}

async function started(options: TestServerOptions = {}) {
  const clock = createMovableClock(start);
  const server = await startTestServer({ clock, longestLagMs: 180 * 60_000, ...options });
  const readyz = async () => {
    const response = await fetch(`${server.url}/readyz`);
    const { ready, checks } = (await response.json()) as {
      ready: boolean;
      checks: { about: string; state: string; says: string; remedy?: string }[];
    };
    expect(ready).toBe(response.status === 200);
    expect(response.headers.get('content-type')).toBe('application/json');
    return { status: response.status, checks };
  };
  return { server, clock, readyz, [Symbol.asyncDispose]: () => server.stop() };
}

const states = (checks: readonly { about: string; state: string }[]) =>
  checks.map(({ about, state }) => `${about} ${state}`);

describe('a server is ready', () => {
  it('when its store answers and no sync ever kept it', async () => {
    await using one = await started();
    expect(await one.readyz()).toEqual({
      status: 200,
      checks: [{ about: 'store', state: 'well', says: 'The store answers.' }],
    });
  });

  it('while what a sync keeps is recent and its subscription lasts, and no longer', async () => {
    await using one = await started();
    const { store } = one.server;
    await listed(store, tenants[0], ago(170));
    await subscribed(store, tenants[0], new Date(start.getTime() + 3600_000));
    const { status, checks } = await one.readyz();
    expect([status, states(checks)]).toEqual([200, ['store well', 'subscription well', 'sync well']]);
    one.clock.advance(11 * 60_000);
    const late = await one.readyz();
    expect([late.status, states(late.checks)]).toEqual([
      503,
      ['store well', 'subscription well', 'sync wrong'],
    ]);
    expect(late.checks[2]).toMatchObject({
      says: 'Sync last listed the calls of upstream 181 minutes ago, 180 are expected: 1 of 1 tenants are behind.',
      remedy: expect.stringContaining('rollcall sync runs') as string,
    });
    await listed(store, tenants[0], one.clock.now());
    expect((await one.readyz()).status).toBe(200);
    one.clock.advance(50 * 60_000);
    const ended = await one.readyz();
    expect([ended.status, states(ended.checks)]).toEqual([
      503,
      ['store well', 'subscription wrong', 'sync well'],
    ]);
    expect(ended.checks[1]!.remedy).toContain('--notification-url');
  });

  it('not when one tenant of several is behind, and names none', async () => {
    await using one = await started();
    await listed(one.server.store, tenants[0], ago(5));
    await listed(one.server.store, tenants[1], ago(600));
    const { status, checks } = await one.readyz();
    expect(status).toBe(503);
    expect(checks.at(-1)!.says).toContain('1 of 2 tenants are behind');
    for (const tenant of tenants) expect(JSON.stringify(checks)).not.toContain(tenant);
  });

  it('however late the sync is where nothing is expected of it', async () => {
    await using one = await started({ longestLagMs: undefined });
    await listed(one.server.store, tenants[0], ago(600));
    await subscribed(one.server.store, tenants[0], ago(1));
    expect(await one.readyz()).toMatchObject({ status: 200, checks: [{ about: 'store' }] });
  });
});

/** A store that answers as it is told to. */
function brokenStore(edition: CallRecordStore['edition']): CallRecordStore {
  const store = openSqliteStore(':memory:');
  return new Proxy(store, {
    get(target, name) {
      if (name === 'edition') return edition;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value; // of a class with private members
    },
  });
}

describe('a server that accepts tokens of authorities', () => {
  it('is ready when the keys of each were fetched once, and the check names no authority', async () => {
    const authorities = [{ hasKeys: true }, { hasKeys: false }];
    await using one = await started({ authorities });
    const { status, checks } = await one.readyz();
    expect([status, states(checks)]).toEqual([503, ['store well', 'authority wrong']]);
    expect(checks[1]!.says).toBe(
      'The keys of 1 of 2 authorities could not be fetched: their tokens cannot be verified.',
    );
    authorities[1]!.hasKeys = true;
    const after = await one.readyz();
    expect([after.status, states(after.checks)]).toEqual([200, ['store well', 'authority well']]);
  });

  it('says so too while its store is away', async () => {
    const store = brokenStore(() => Promise.reject(new StoreError('away')));
    await using one = await started({ store, authorities: [{ hasKeys: false }] });
    expect(states((await one.readyz()).checks)).toEqual(['store wrong', 'authority wrong']);
  });
});

describe('a server whose store is away', () => {
  it('is alive, and not ready: the log is told why, the client is not', async () => {
    const error = new StoreError('The store at db.example does not answer.');
    await using one = await started({ store: brokenStore(() => Promise.reject(error)) });
    const { status, checks } = await one.readyz();
    expect([status, states(checks)]).toEqual([503, ['store wrong']]);
    expect(JSON.stringify(checks)).not.toContain('db.example');
    expect(one.server.defects).toEqual([error]);
    const alive = await fetch(`${one.server.url}/healthz`);
    expect([alive.status, await alive.text()]).toEqual([200, 'ok\n']);
  });

  it('is not ready when the store does not answer in two seconds', async () => {
    const { promise: never } = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const edition = () => {
      begun.resolve(undefined);
      return never;
    };
    await using one = await started({ store: brokenStore(edition) });
    const answered = one.readyz();
    await begun.promise;
    one.clock.advance(2001);
    expect((await answered).status).toBe(503);
  });

  it('is looked at once, however many ask at a time', async () => {
    let looks = 0;
    const answers = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
    const readiness = createReadiness({
      store: brokenStore(() => answers[looks++]!.promise), // of the two
      clock: createMovableClock(start),
      longestLagMs: undefined,
      onError: () => undefined,
    });
    const both = [readiness(), readiness()];
    answers[0].resolve(undefined);
    expect((await Promise.all(both)).map(({ ready }) => ready)).toEqual([true, true]);
    expect(looks).toBe(1);
    const later = readiness();
    answers[1].reject(new StoreError('away'));
    expect((await later).ready).toBe(false);
  });
});

it('readiness and liveness are read alone', async () => {
  await using one = await started();
  for (const path of ['/healthz', '/readyz']) {
    expect((await fetch(one.server.url + path, { method: 'POST' })).status).toBe(405);
    const head = await fetch(one.server.url + path, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  }
});
