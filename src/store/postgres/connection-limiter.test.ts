import { EventEmitter } from 'node:events';
import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { AllBusy } from './host-errors.ts';
import { ConnectionLimiter } from './connection-limiter.ts';

/** A fake server: how many connections it allows, and how often one was requested. */
let server: { places: number; open: number; asked: number };
let told: boolean[];
let nowMs: number;
beforeEach(() => {
  nowMs = 0;
  server = { places: 3, open: 0, asked: 0 };
  told = [];
});

/** Refusals arrive sooner than connections, as with a real server. */
class FakeClient extends EventEmitter {
  readonly _queryable = true;
  #isOpen = false;

  connect(done: (error?: Error) => void): void {
    server.asked++;
    this.#isOpen = server.open < server.places;
    if (this.#isOpen) {
      server.open++;
      setTimeout(done, 5);
    } else setImmediate(() => done(Object.assign(new Error('too many'), { code: '53300' })));
  }

  end(done: () => void): void {
    if (this.#isOpen) server.open--;
    this.#isOpen = false;
    setImmediate(done);
  }
}

function aPool(): ConnectionLimiter {
  return aPoolWithIdle().limiter;
}

function aPoolWithIdle() {
  // The fake has everything that the pool uses of a client.
  const pool = new pg.Pool({ max: 10, Client: FakeClient as never, connectionTimeoutMillis: 5000 });
  const limiter = new ConnectionLimiter({
    size: 10,
    waitMs: 5000,
    connect: () => pool.connect(),
    connections: () => pool.totalCount,
    onPoolExhausted: (isExhausted) => told.push(isExhausted),
    nowMs: () => nowMs,
  });
  pool.on('connect', () => limiter.made(pool.totalCount));
  return { limiter, idle: () => pool.idleCount };
}

/**
 * Requests connections concurrently.
 *
 * @returns How many requests got a connection.
 */
async function given(pool: ConnectionLimiter, count: number, isBroken = false): Promise<number> {
  const work = async () => {
    const client = await pool.lend();
    await new Promise((resolve) => setImmediate(resolve));
    pool.giveBack(client, isBroken);
  };
  const ends = await Promise.allSettled(Array.from({ length: count }, work));
  return ends.filter(({ status }) => status === 'fulfilled').length;
}

describe('a pool', () => {
  it('opens all its connections at once when the server allows them, and reports nothing', async () => {
    server.places = 10;
    expect([await given(aPool(), 100), server.asked, told]).toEqual([100, 10, []]);
  });

  it('shares fewer connections among all callers, reports it once, and stops requesting more', async () => {
    const pool = aPool();
    expect(await given(pool, 500)).toBe(500);
    expect(await given(pool, 500)).toBe(500);
    const { asked } = server;
    expect(asked).toBeLessThan(20);
    for (let i = 0; i < 5; i++) expect(await given(pool, 100)).toBe(100);
    expect([server.asked - asked, server.open, told]).toEqual([0, 3, [true]]);
  });

  it('refuses every caller while the server allows no connection', async () => {
    server.places = 0;
    const pool = aPool();
    for (let i = 0; i < 3; i++) expect(await given(pool, 40)).toBe(0);
    expect(told).toEqual([]);
    server.places = 3;
    await given(pool, 1);
    expect(await given(pool, 40)).toBe(40);
  });

  it('grows to its size when the server allows more connections again', async () => {
    const pool = aPool();
    for (let i = 0; i < 2; i++) await given(pool, 20);
    server.places = 20;
    for (let i = 0; i < 10; i++) await given(pool, 20);
    expect([server.open, told]).toEqual([3, [true]]);
    nowMs = 10_001;
    for (let i = 0; i < 10; i++) expect(await given(pool, 20)).toBe(20);
    expect([server.open, told]).toEqual([10, [true, false]]);
  });

  it('lends in the order of requests, and rejects those that waited too long', async () => {
    server.places = 10;
    const limiter = new ConnectionLimiter({
      size: 1,
      waitMs: 50,
      connect: () => new pg.Pool({ max: 1, Client: FakeClient as never }).connect(),
      connections: () => 1,
      onPoolExhausted: (isExhausted) => told.push(isExhausted),
    });
    const first = await limiter.lend();
    const others = ['second', 'third'].map((name) => limiter.lend().then(() => name));
    limiter.giveBack(first, false);
    expect(await others[0]).toBe('second');
    await expect(others[1]).rejects.toThrow(AllBusy);
    expect(told).toEqual([]);
  });

  it('lends an idle connection when the server refuses another one', async () => {
    server.places = 1;
    const { idle, limiter } = aPoolWithIdle();
    await limiter.lend().then((client) => limiter.giveBack(client, false));
    expect(idle()).toBe(1);
    // The only connection is returned while the refused request is pending.
    const first = await limiter.lend();
    const second = limiter.lend();
    limiter.giveBack(first, false);
    limiter.giveBack(await second, false);
    expect([server.open, told]).toEqual([1, [true]]);
  });

  it('replaces broken connections', async () => {
    const pool = aPool();
    await given(pool, 20);
    expect(await given(pool, 50, true)).toBe(50);
    expect(await given(pool, 50)).toBe(50);
    expect(server.open).toBe(3);
  });
});
