/** Tests the subscriptions of every store and their notifications. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createMovableClock, type MovableClock } from '../../src/base/clock.ts';
import type { Awaitable } from '../../src/base/awaitable.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import type { OutboxEntry, Subscription } from '../../src/store/subscriptions.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { often } from '../support/often.ts';
import { participants } from '../support/records.ts';
import { received } from './suite.ts';

const start = new Date('2026-03-02T12:00:00Z');
const hourMs = 3_600_000;
const url = 'https://receiver.example/hook';

function aSubscription(more: Partial<Subscription> = {}): Subscription {
  return {
    tenantId: 't',
    id: 's',
    applicationId: 'app',
    resource: '/communications/callRecords',
    changeType: 'created,updated',
    notificationUrl: url,
    lifecycleNotificationUrl: null,
    clientState: 'state',
    latestSupportedTlsVersion: 'v1_2',
    expirationTicks: ticksOf(new Date(start.getTime() + hourMs)),
    challengeMs: undefined,
    ...more,
  };
}

const toldOf = ({ event, callId, subscription }: OutboxEntry) =>
  `${subscription.id} ${event}${callId === undefined ? '' : ` ${callId}`}`;

export function subscriptionSuite(backend: string, open: (clock: Clock) => Awaitable<CallRecordStore>): void {
  describe(`subscriptions of a store in ${backend}`, () => {
    let store: CallRecordStore;
    let clock: MovableClock;
    beforeEach(async () => {
      clock = createMovableClock(start);
      store = await open(clock);
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const create = (more?: Partial<Subscription>, limit = 100) =>
      store.subscriptions.create(aSubscription(more), limit);
    const told = async (at = url) => (await store.subscriptions.due(at, 100)).map(toldOf);

    it('returns every member of a subscription, only to its application and in its tenant', async () => {
      const whole = aSubscription({
        lifecycleNotificationUrl: 'https://receiver.example/life',
        expirationTicks: 17_724_564_000_000_001n,
        challengeMs: start.getTime() + 1,
      });
      expect(await store.subscriptions.create(whole, 100)).toBe(undefined);
      expect(await store.subscriptions.get('t', 'app', 's')).toEqual(whole);
      expect(await store.subscriptions.list('t', 'app')).toEqual([whole]);
      for (const [tenant, app] of [
        ['t', 'other'],
        ['other', 'app'],
      ] as const) {
        expect(await store.subscriptions.get(tenant, app, 's')).toBe(undefined);
        expect(await store.subscriptions.list(tenant, app)).toEqual([]);
        expect(await store.subscriptions.update(tenant, app, 's', { challengeMs: 5 })).toBe(undefined);
        expect(await store.subscriptions.delete(tenant, app, 's')).toBe(false);
      }
      expect(await store.subscriptions.get('t', 'app', 's')).toEqual(whole);
    });

    it('lists subscriptions in the order of creation, with and without optional members', async () => {
      const changeTypes = { b: 'created,updated', c: 'updated', a: 'created' };
      for (const [id, changeType] of Object.entries(changeTypes))
        await create({ id, changeType, clientState: null });
      expect(
        (await store.subscriptions.list('t', 'app')).map(({ id, clientState }) => [id, clientState]),
      ).toEqual([
        ['b', null],
        ['c', null],
        ['a', null],
      ]);
    });

    it('refuses more than the limit of a tenant, for any application, until another has expired', async () => {
      const limit = { reason: 'limit' };
      expect(await create({ id: 'a' }, 2)).toBe(undefined);
      expect(await create({ id: 'b', applicationId: 'other' }, 2)).toBe(undefined);
      expect(await create({ id: 'c', changeType: 'created' }, 2)).toEqual(limit);
      expect(await create({ id: 'c', tenantId: 'u' }, 2)).toBe(undefined);
      clock.advance(hourMs);
      expect(
        await create({ id: 'c', expirationTicks: ticksOf(new Date(start.getTime() + 2 * hourMs)) }, 2),
      ).toBe(undefined);
    });

    it('refuses a second one for the same changes of the same resource, until the first has expired', async () => {
      const filter = "$filter=participants/any(p:p/id eq 'A')";
      const expirationTicks = ticksOf(new Date(start.getTime() + 2 * hourMs));
      const exists = (id: string) => ({ reason: 'exists', id });
      expect(await create({ id: 'a' })).toBe(undefined);
      for (const resource of ['/communications/callRecords', 'Communications/CALLRECORDS'])
        for (const changeType of ['created,updated', ' Updated , created,created'])
          expect(await create({ id: 'b', resource, changeType })).toEqual(exists('a'));
      // Also when the tenant has the maximum number: the existing one can be changed.
      expect(await create({ id: 'b' }, 1)).toEqual(exists('a'));
      for (const more of [
        { id: 'c', changeType: 'updated' },
        { id: 'd', applicationId: 'other' },
        { id: 'e', tenantId: 'u' },
        { id: 'f', resource: `communications/callRecords?${filter}` },
        { id: 'g', resource: `communications/callRecords?${filter.toLowerCase()}` },
      ])
        expect(await create(more)).toBe(undefined);
      expect(await create({ id: 'h', resource: `/Communications/callRecords?${filter}` })).toEqual(
        exists('f'),
      );
      clock.advance(hourMs);
      expect(await create({ id: 'b', expirationTicks })).toBe(undefined);
      expect(await create({ id: 'i', expirationTicks })).toEqual(exists('b'));
    });

    it('accepts one of several equal ones that are created concurrently', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e'];
      const refusals = await Promise.all(ids.map(async (id) => create({ id })));
      const [one] = await store.subscriptions.list('t', 'app');
      expect(refusals).toEqual(
        ids.map((id) => (id === one!.id ? undefined : { reason: 'exists', id: one!.id })),
      );
      expect(await store.subscriptions.list('t', 'app')).toHaveLength(1);
    });

    it('changes the expiration of a subscription, and returns none that has expired', async () => {
      await create();
      const expirationTicks = ticksOf(new Date(start.getTime() + 2 * hourMs));
      const renewed = { ...aSubscription(), expirationTicks, challengeMs: 7 };
      expect(await store.subscriptions.update('t', 'app', 's', { expirationTicks, challengeMs: 7 })).toEqual(
        renewed,
      );
      expect(await store.subscriptions.update('t', 'app', 's', { challengeMs: undefined })).toEqual({
        ...renewed,
        challengeMs: undefined,
      });
      clock.advance(2 * hourMs);
      expect(await store.subscriptions.get('t', 'app', 's')).toBe(undefined);
      expect(await store.subscriptions.update('t', 'app', 's', { expirationTicks, challengeMs: 7 })).toBe(
        undefined,
      );
      expect(await store.subscriptions.delete('t', 'app', 's')).toBe(false);
    });

    it('sends undelivered and later notifications to the new endpoint', async () => {
      const [life, moved] = [url, 'https://moved.example/'];
      const challengeMs = start.getTime();
      await create({ changeType: 'created', lifecycleNotificationUrl: life, challengeMs });
      await create({ id: 'other', applicationId: 'other', changeType: 'updated' });
      await store.add('t', [received({ id: 'a', version: 1 })]);
      await store.subscriptions.attend(0, () => start.getTime() + hourMs);
      expect(await store.subscriptions.update('t', 'app', 's', { notificationUrl: moved })).toEqual({
        ...aSubscription({ changeType: 'created', lifecycleNotificationUrl: life, notificationUrl: moved }),
        challengeMs: start.getTime() + hourMs,
      });
      await store.add('t', [received({ id: 'b', version: 1 })]);
      expect(await told(moved)).toEqual(['s created a', 's created b']);
      expect(await told()).toEqual(['other updated a', 's reauthorizationRequired', 'other updated b']);
      // The endpoint changes back; meanwhile nothing refers to it.
      await store.subscriptions.update('t', 'app', 's', { notificationUrl: url, challengeMs: undefined });
      await store.subscriptions.attend(0, () => undefined);
      expect([await told(moved), (await told()).length]).toEqual([[], 5]);
      expect(await store.subscriptions.update('t', 'app', 's', {})).toEqual(
        aSubscription({ changeType: 'created', lifecycleNotificationUrl: life }),
      );
    });

    it('notifies of a call when it is first visible, and of each later version', async () => {
      await create({ id: 'both' });
      await create({ id: 'first', changeType: 'created' });
      await create({ id: 'every', changeType: 'updated' });
      await create({ id: 'elsewhere', tenantId: 'u' });
      await store.add('t', [received({ version: 1 }), received({ version: 2 })]);
      expect(await told()).toEqual([
        'both created call',
        'both updated call',
        'first created call',
        'every updated call',
        'both updated call',
        'every updated call',
      ]);
    });

    it('does not notify of a list that completes a version, of a repeated version or of an older one', async () => {
      await create();
      await store.add('t', [received({ version: 2 })]);
      expect(await told()).toEqual(['s created call', 's updated call']);
      await store.add('t', [
        received({ version: 2, participants: participants(2) }),
        received({ version: 2 }),
        received({ version: 1 }),
        received({ participants: participants(3) }),
      ]);
      expect(await told()).toEqual(['s created call', 's updated call']);
    });

    it('notifies of a call only when its record is received', async () => {
      await create({ changeType: 'created' });
      await store.add('t', [received({ participants: participants(2) })]);
      expect(await told()).toEqual([]);
      await store.add('t', [received({ version: 1 })]);
      expect(await told()).toEqual(['s created call']);
    });

    it('reports a call that is older than the subscription as created at its next version, and not before', async () => {
      await store.add('t', [received({ version: 1 })]);
      await create();
      await store.add('t', [received({ version: 1, participants: participants(2) })]);
      expect(await told()).toEqual([]);
      await store.add('t', [received({ version: 2 })]);
      expect(await told()).toEqual(['s created call', 's updated call']);
      await store.add('t', [received({ version: 3 })]);
      expect(await told()).toEqual(['s created call', 's updated call', 's updated call']);
    });

    it('returns everything of an entry that its delivery needs', async () => {
      await create({ changeType: 'updated' });
      clock.advance(5);
      await store.add('t', [received({ version: 1 })]);
      expect(await store.subscriptions.due(url, 10)).toEqual([
        {
          number: 1,
          event: 'updated',
          callId: 'call',
          endTicks: 17_672_256_000_000_001n,
          causedMs: start.getTime() + 5,
          attempts: 0,
          subscription: aSubscription({ changeType: 'updated' }),
        },
      ]);
    });

    it('does not notify a subscription that has expired, or that did not exist yet', async () => {
      await create({ id: 'gone' });
      await store.subscriptions.delete('t', 'app', 'gone');
      await create({ id: 'expired', expirationTicks: ticksOf(start) });
      await store.add('t', [received({ version: 1 })]);
      await create({ id: 'later' });
      expect(await told()).toEqual([]);
    });

    it('deletes undelivered notifications with their subscription', async () => {
      await create();
      await store.add('t', [received({ version: 1 })]);
      await store.subscriptions.delete('t', 'app', 's');
      expect([await told(), await store.subscriptions.outboxSize()]).toEqual([[], 0]);
      await store.subscriptions.settle([{ number: 1, outcome: 'retry', dueMs: 0 }]);
      expect(await store.subscriptions.endpoints()).toEqual([]);
    });

    it('returns due entries by endpoint, longest due first, and applies their outcomes', async () => {
      const other = 'https://other.example/';
      await create({ changeType: 'created' });
      await create({ id: 'o', applicationId: 'o', changeType: 'created', notificationUrl: other });
      const now = start.getTime();
      await store.add(
        't',
        ['a', 'b', 'c'].map((id) => received({ id, version: 1 })),
      );
      expect(await store.subscriptions.endpoints()).toEqual([
        { url, dueMs: now },
        { url: other, dueMs: now },
      ]);
      expect((await store.subscriptions.due(url, 2)).map(({ number }) => number)).toEqual([1, 3]);
      await store.subscriptions.settle([
        { number: 1, outcome: 'retry', dueMs: now + 20.5 },
        { number: 3, outcome: 'postpone', dueMs: now + 10 },
        { number: 5, outcome: 'done' },
      ]);
      expect([await told(), await told(other)]).toEqual([[], ['o created a', 'o created b', 'o created c']]);
      expect(await store.subscriptions.endpoints()).toEqual([
        { url: other, dueMs: now },
        { url, dueMs: now + 10 },
      ]);
      clock.advance(21);
      expect(
        (await store.subscriptions.due(url, 9)).map(({ number, attempts }) => [number, attempts]),
      ).toEqual([
        [3, 0],
        [1, 1],
      ]);
      expect(await store.subscriptions.outboxSize()).toBe(5);
    });

    it('writes a challenge for the lifecycle endpoint when it is due, and again at the next due time', async () => {
      const life = 'https://receiver.example/life';
      const at = (ms: number) => start.getTime() + ms;
      await create({ id: 'mute', changeType: 'created' });
      await create({ lifecycleNotificationUrl: life, challengeMs: at(1000) });
      expect(await store.subscriptions.nextChallengeMs()).toBe(at(1000));
      await store.subscriptions.attend(0, () => undefined);
      expect(await told(life)).toEqual([]);
      clock.advance(1000);
      await store.subscriptions.attend(0, ({ id }) => (id === 's' ? at(5000) : undefined));
      expect(await told(life)).toEqual(['s reauthorizationRequired']);
      expect(await store.subscriptions.nextChallengeMs()).toBe(at(5000));
      clock.advance(4000);
      await store.subscriptions.attend(0, () => undefined);
      expect(await told(life)).toEqual(['s reauthorizationRequired', 's reauthorizationRequired']);
      expect(await store.subscriptions.nextChallengeMs()).toBe(undefined);
    });

    it('keeps delivering changes from before the expiration of a subscription, for the given time', async () => {
      await create({ changeType: 'created' });
      await store.add('t', [received({ version: 1 })]);
      clock.advance(hourMs);
      await store.subscriptions.attend(hourMs, () => undefined);
      expect(await told()).toEqual(['s created call']);
      clock.advance(hourMs);
      await store.subscriptions.attend(hourMs, () => undefined);
      expect([await told(), await store.subscriptions.outboxSize()]).toEqual([[], 0]);
    });

    it('changes its revision with a subscription and with the outbox', async () => {
      const revisions = new Set([await store.revision()]);
      await create();
      revisions.add(await store.revision());
      await store.add('t', [received({ version: 1 })]);
      revisions.add(await store.revision());
      // A store without revisions always returns undefined.
      expect(revisions.size).toBe((await store.revision()) === undefined ? 1 : 3);
    });

    it('writes the same notifications as the oracle for any additions in any order', async () => {
      const call = fc.record({
        id: fc.constantFrom('a', 'b'),
        version: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        participants: fc.option(
          fc.integer({ min: 1, max: 2 }).map((count) => participants(count)),
          { nil: undefined },
        ),
      });
      const step = fc.oneof(
        { weight: 4, arbitrary: fc.record({ add: fc.array(call, { minLength: 1, maxLength: 3 }) }) },
        {
          weight: 1,
          arbitrary: fc.record({ subscribe: fc.constantFrom('created', 'updated', 'updated,created') }),
        },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
          await using naive = createOracle({ clock });
          await using tried = await open(clock);
          const outboxes = [];
          for (const one of [naive, tried]) {
            for (const [i, taken] of steps.entries()) {
              if ('subscribe' in taken)
                await one.subscriptions.create(
                  aSubscription({ id: String(i), changeType: taken.subscribe }),
                  100,
                );
              else
                await one.add(
                  't',
                  taken.add.map(({ version, participants: people, ...rest }) =>
                    received({
                      ...rest,
                      ...(version && { version }),
                      ...(people && { participants: people }),
                    }),
                  ),
                );
            }
            outboxes.push((await one.subscriptions.due(url, 1000)).map(toldOf));
          }
          expect(outboxes[1]).toEqual(outboxes[0]);
        }),
        { numRuns: often(6, 60) },
      );
    });
  });
}
