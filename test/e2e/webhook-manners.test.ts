/**
 * Webhooks with bad manners, each treated as Graph documents: one that answers in 11 seconds or in 5, one that fails, one that
 * echoes the wrong token, one that redirects to a private address. Hours pass as fast as the clock is moved.
 */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startReceiver, tokenOf } from '../support/receiver.ts';
import { start, startNotified } from '../support/notified.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

describe('a webhook that answers in 11 seconds', () => {
  it('is tried again later and later, and is done with when it answers in time', async () => {
    let isQuick = false;
    await using notified = await startNotified({
      receiver: {
        answer: ({ response }) => {
          if (isQuick) response.writeHead(200).end();
          else void notified.clock.sleep(11_000).then(() => response.writeHead(202).end());
        },
      },
    });
    const { clock, server, receiver } = notified;
    await notified.subscribe();
    await notified.bring(1);
    const at: number[] = [];
    for (let i = 1; i <= 4; i++) {
      await receiver.arrived(i);
      at.push(clock.now().getTime() - start.getTime());
      const timeoutMs = i === 1 ? 3000 : 10_000;
      clock.advance(timeoutMs - 1);
      await new Promise((resolve) => setImmediate(resolve));
      expect(server.dispatcher.counts.failed).toBe(i - 1);
      clock.advance(1);
      await notified.settled();
      expect(server.dispatcher.counts).toEqual({ delivered: 0, failed: i, retried: i, dropped: 0 });
      const { dueMs } = (await server.store.subscriptions.endpoints())[0]!;
      isQuick = i === 4;
      clock.advance(dueMs - clock.now().getTime());
    }
    await receiver.arrived(5);
    await notified.settled();
    expect(server.dispatcher.counts).toEqual({ delivered: 1, failed: 4, retried: 4, dropped: 0 });
    expect(await server.store.subscriptions.outboxSize()).toBe(0);
    // The time it is given, then 5 to 10 seconds, 10 to 20, 20 to 40.
    const gaps = at.slice(1).map((ms, i) => ms - at[i]!);
    for (const [i, gap] of gaps.entries()) {
      const timeoutMs = i === 0 ? 3000 : 10_000;
      expect(gap).toBeGreaterThanOrEqual(timeoutMs + 5000 * 2 ** i);
      expect(gap).toBeLessThanOrEqual(timeoutMs + 1 + 10_000 * 2 ** i);
    }
  });

  it('is dropped above 15 late retries in 100: new notifications are gone for ten minutes, then a few are tried', async () => {
    await using notified = await startNotified({ receiver: lateWhen(() => isLate) });
    let isLate = true;
    const { clock, server, receiver } = notified;
    const { counts } = server.dispatcher;
    await notified.subscribe();
    await notified.bring(100);
    await receiver.arrived(1);
    clock.advance(3000);
    await notified.settled();
    expect(counts).toEqual({ delivered: 0, failed: 100, retried: 100, dropped: 0 });
    clock.advance(10_000);
    await receiver.arrived(2);
    clock.advance(10_000);
    await notified.settled();
    const droppedMs = clock.now().getTime();
    isLate = false;
    await notified.bring(3);
    await notified.settled();
    expect(counts.dropped).toBe(3);
    clock.advance(10 * minuteMs - (clock.now().getTime() - droppedMs) - 1);
    await notified.settled();
    await notified.bring(1);
    await notified.settled();
    expect(counts).toMatchObject({ delivered: 100, dropped: 4 });
    // The probe fails: so long again.
    clock.advance(1);
    isLate = true;
    const posts = receiver.posts.length;
    await notified.bring(25);
    await receiver.arrived(posts + 1);
    expect(receiver.notifications().slice(-11)).toHaveLength(11);
    const probed = JSON.parse(receiver.posts.at(-1)!.body) as { value: unknown[] };
    expect([probed.value.length, receiver.posts.length]).toEqual([10, posts + 1]);
    clock.advance(10_000);
    await notified.settled();
    expect(counts.dropped).toBe(4 + 15);
    isLate = false;
    clock.advance(10 * minuteMs);
    await notified.settled();
    await notified.bring(25);
    await notified.settled();
    expect(counts.dropped).toBe(4 + 15);
    expect(await server.store.subscriptions.outboxSize()).toBe(0);
  });
});

describe('a webhook that answers in 5 seconds', () => {
  it('is sent each notification once more, and new ones ten minutes later', async () => {
    await using notified = await startNotified({
      receiver: {
        answer: ({ response }) =>
          void notified.clock.sleep(isSlow ? 5000 : 0).then(() => response.writeHead(202).end()),
      },
    });
    let isSlow = false;
    const { clock, server, receiver } = notified;
    const { counts } = server.dispatcher;
    await notified.subscribe();
    await notified.bring(88);
    await notified.settled();
    isSlow = true;
    await notified.bring(12);
    await receiver.arrived(2);
    clock.advance(3000);
    await notified.settled();
    expect(counts).toEqual({ delivered: 88, failed: 12, retried: 12, dropped: 0 });
    const slowMs = clock.now().getTime();
    clock.advance(10_000);
    await receiver.arrived(3);
    clock.advance(5000);
    await notified.settled();
    expect(counts).toEqual({ delivered: 100, failed: 12, retried: 12, dropped: 0 });
    await notified.bring(1);
    const causedMs = clock.now().getTime();
    await notified.settled();
    isSlow = false;
    while (receiver.posts.length === 3) await notified.moveOn();
    expect(clock.now().getTime() - causedMs).toBe(10 * minuteMs);
    // Quick again: what comes after that is sent at once.
    expect(clock.now().getTime()).toBeGreaterThan(slowMs + 10 * minuteMs);
    await notified.bring(1);
    await notified.settled();
    expect(counts).toEqual({ delivered: 102, failed: 12, retried: 12, dropped: 0 });
  });

  it('is given the time of --delivery-timeout', async () => {
    await using notified = await startNotified({
      server: { firstTimeoutMs: 6000 },
      receiver: {
        answer: ({ response }) => void notified.clock.sleep(5000).then(() => response.writeHead(202).end()),
      },
    });
    await notified.subscribe();
    await notified.bring(100);
    await notified.receiver.arrived(1);
    notified.clock.advance(5000);
    await notified.settled();
    await notified.bring(1);
    await notified.receiver.arrived(2);
    notified.clock.advance(5000);
    await notified.settled();
    expect(notified.server.dispatcher.counts).toEqual({ delivered: 101, failed: 0, retried: 0, dropped: 0 });
  });
});

describe('a webhook that fails', () => {
  it.each([
    ['with 500', (response: ServerResponse) => void response.writeHead(500).end(), 0],
    // The connection of the validation is used once more; that it is closed may be older than the request.
    ['by hanging up', (response: ServerResponse) => void response.destroy(), 1],
  ])('%s is tried for four hours, then no more', async (_name, fail, stale) => {
    const at: number[] = [];
    await using notified = await startNotified({
      receiver: {
        answer: ({ response }) => {
          at.push(notified.clock.now().getTime() - start.getTime());
          fail(response);
        },
      },
    });
    const { server, receiver } = notified;
    await notified.subscribe();
    await notified.bring(1);
    await notified.settled();
    while ((await server.store.subscriptions.outboxSize()) > 0) await notified.moveOn();
    expect(at.at(-1)).toBeGreaterThan(3 * hourMs);
    expect(at.at(-1)).toBeLessThanOrEqual(4 * hourMs);
    expect(receiver.posts.length).toBeGreaterThan(12);
    const failed = receiver.posts.length - stale;
    expect(server.dispatcher.counts).toEqual({ delivered: 0, failed, retried: failed - 1, dropped: 1 });
    // What comes after is not held against it.
    await notified.bring(1);
    await notified.settled();
    expect(receiver.posts).toHaveLength(failed + stale + 1);
  });

  it('is sent again in one body what it was sent in one', async () => {
    let status = 503;
    await using notified = await startNotified({
      receiver: { answer: ({ response }) => void response.writeHead(status).end() },
    });
    const { clock, receiver, server } = notified;
    await notified.subscribe();
    await notified.bring(30);
    await notified.settled();
    status = 202;
    const failed = receiver.posts.length;
    while ((await server.store.subscriptions.outboxSize()) > 0) await notified.moveOn();
    expect(clock.now().getTime()).toBeLessThanOrEqual(start.getTime() + 10_000);
    expect(receiver.posts).toHaveLength(2 * failed);
    expect(receiver.notifications()).toHaveLength(60);
  });

  it('does not hold up another', async () => {
    await using dead = await startReceiver({ answer: () => undefined });
    await using notified = await startNotified();
    await notified.subscribe({ notificationUrl: `${dead.url}/hook`, changeType: 'updated' });
    await notified.subscribe();
    await notified.bring(500);
    await notified.receiver.arrived(5);
    expect(notified.receiver.notifications()).toHaveLength(500);
    notified.clock.advance(3000);
  });
});

describe('a webhook that echoes the wrong token', () => {
  it('is not subscribed', async () => {
    await using notified = await startNotified({
      receiver: {
        validate: (post) =>
          void post.response.writeHead(200, { 'content-type': 'text/plain' }).end(`${tokenOf(post)}!`),
      },
    });
    await expect(notified.subscribe()).rejects.toThrow('Subscription validation request failed.');
    await notified.bring(1);
    await notified.settled();
    expect(notified.receiver.posts).toEqual([]);
  });
});

describe('a webhook that redirects to a private address', () => {
  it('leads nowhere, when it is validated and when it is notified', async () => {
    await using inside = await startReceiver();
    const redirect = { location: `${inside.url}/secret` };
    await using refused = await startReceiver({
      validate: ({ response }) => void response.writeHead(302, redirect).end(),
    });
    await using notified = await startNotified({
      receiver: { answer: ({ response }) => void response.writeHead(307, redirect).end() },
    });
    await expect(notified.subscribe({ notificationUrl: `${refused.url}/hook` })).rejects.toThrow(
      "HTTP status code is 'Found'",
    );
    await notified.subscribe();
    await notified.bring(1);
    await notified.settled();
    expect([inside.posts, inside.validations]).toEqual([[], []]);
    expect(notified.server.dispatcher.counts).toEqual({ delivered: 0, failed: 1, retried: 1, dropped: 0 });
  });
});

/** Answers at once, or never within the time of a test. */
function lateWhen(isLate: () => boolean) {
  return {
    answer: ({ response }: { readonly response: ServerResponse }) => {
      if (!isLate()) response.writeHead(202).end();
    },
  };
}
