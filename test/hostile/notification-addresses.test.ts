/** Subscribers who want Rollcall to reach where they cannot: no request leaves for an address that is not allowed. */
import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { addressRule } from '../../src/notify/addresses.ts';
import { startReceiver } from '../support/receiver.ts';
import { startNotified } from '../support/notified.ts';

/** One name whose addresses the test says. */
function resolver() {
  const names = { addresses: [] as string[], asked: 0 };
  return {
    names,
    resolve: (
      _hostname: string,
      _options: object,
      callback: (error: null, addresses: LookupAddress[]) => void,
    ) => {
      names.asked++;
      setImmediate(() =>
        callback(
          null,
          names.addresses.map((address) => ({ address, family: 4 })),
        ),
      );
    },
  };
}

const refusal =
  'Subscription validation request failed. Notification endpoint must respond with 200 OK to validation request.';

describe('an endpoint on an address that is not allowed', () => {
  it.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.0.0.1',
    '0177.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '0.0.0.0',
    '0',
  ])('is refused as %s, and nothing is sent there', async (host) => {
    await using inside = await startReceiver();
    await using notified = await startNotified({ server: { mayConnect: addressRule([]) } });
    const { port } = new URL(inside.url);
    await expect(notified.subscribe({ notificationUrl: `http://${host}:${port}/` })).rejects.toThrow(refusal);
    expect(inside.validations).toEqual([]);
  });

  it('is refused in the same words whether anything listens there or not', async () => {
    await using inside = await startReceiver();
    await using notified = await startNotified({ server: { mayConnect: addressRule([]) } });
    const said = async (url: string) => {
      const response = await notified.server.send('POST', '/v1.0/subscriptions', {
        changeType: 'created',
        notificationUrl: url,
        resource: 'communications/callRecords',
        expirationDateTime: '2026-11-02T18:00:00Z',
      });
      return ((await response.json()) as { error: { message: string } }).error.message;
    };
    expect(await said(inside.url)).toBe(await said('http://127.0.0.1:1/'));
    expect(await said(inside.url)).toBe(await said('http://nowhere.invalid/'));
  });
});

describe('a name whose addresses change', () => {
  it('is checked each time it is connected to: what was allowed once is not allowed for ever', async () => {
    const { names, resolve } = resolver();
    await using receiver = await startReceiver({
      validate: (post) =>
        void post.response
          .writeHead(200, { 'content-type': 'text/plain', connection: 'close' })
          .end(new URL(post.target, 'http://r').searchParams.get('validationToken')),
    });
    const { port } = new URL(receiver.url);
    await using notified = await startNotified({
      server: { resolve, mayConnect: (address) => address !== '127.0.0.1' },
    });
    const more = { notificationUrl: `http://rebound.example:${port}/` };
    names.addresses = ['127.0.0.1'];
    await expect(notified.subscribe(more)).rejects.toThrow(refusal);
    expect(receiver.validations).toEqual([]);
    await using trusting = await startNotified({
      server: {
        resolve,
        // As if the name had first led elsewhere.
        mayConnect: (address) => address === '127.0.0.1' && !isRebound,
      },
    });
    let isRebound = false;
    await trusting.subscribe(more);
    isRebound = true;
    const asked = names.asked;
    await trusting.bring(1);
    await trusting.settled();
    expect([receiver.posts, names.asked > asked]).toEqual([[], true]);
    expect(trusting.server.dispatcher.counts).toEqual({ delivered: 0, failed: 1, retried: 1, dropped: 0 });
  });

  it('with several addresses leads only to those that are allowed', async () => {
    const { names, resolve } = resolver();
    await using receiver = await startReceiver();
    const { port } = new URL(receiver.url);
    await using notified = await startNotified({
      server: { resolve, mayConnect: (address) => address === '127.0.0.1' },
    });
    names.addresses = ['127.0.0.9', '127.0.0.1'];
    await notified.subscribe({ notificationUrl: `http://both.example:${port}/` });
    expect(receiver.validations).toHaveLength(1);
  });
});
