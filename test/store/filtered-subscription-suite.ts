/** Tests the notifications of subscriptions that are filtered by participants, for every store. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createMovableClock } from '../../src/base/clock.ts';
import { walkCall } from '../../src/collect/ingest/read-call.ts';
import type { Awaitable } from '../../src/base/awaitable.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { ReceivedCall } from '../../src/store/received-call.ts';
import { storedRules } from '../../src/wire/text/entity.ts';
import { Scanner } from '../../src/wire/text/scanner.ts';
import { ticksOf } from '../../src/base/ticks.ts';
import { often } from '../support/often.ts';
import { createOracle } from '../support/oracle/oracle-store.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';

const start = new Date('2026-03-02T12:00:00Z');
const url = 'https://receiver.example/hook';
/** The same GUID in the case that Graph writes and in upper case. */
const guid = 'abcdef01-89ab-4def-8123-456789abcdef';
const upperGuid = guid.toUpperCase();

interface Parts {
  readonly id?: string;
  /** Absent for pages of lists that have no version. */
  readonly version?: number | undefined;
  readonly start?: string;
  readonly listed?: readonly string[] | undefined;
  /** Ids of the callers in the sessions. */
  readonly callers?: readonly string[] | undefined;
}

function received({
  id = 'call',
  version,
  start: startDateTime = '2026-03-02T10:00:00Z',
  listed,
  callers,
}: Parts): ReceivedCall {
  const record = {
    ...(version === undefined ? { id } : aRecord(id, { version, startDateTime })),
    ...(listed && { participants_v2: listed.map((one) => aParticipant(one)) }),
    ...(callers && { sessions: callers.map((one, i) => aSession(`${one}-${i}`, one)) }),
  };
  const scanner = new Scanner(Buffer.from(JSON.stringify(record)), 0, undefined, storedRules);
  return walkCall(scanner).call().call;
}

/**
 * Defines the tests.
 *
 * @param backend Name of the engine in test names.
 */
export function filteredSubscriptionSuite(
  backend: string,
  open: (clock: Clock) => Awaitable<CallRecordStore>,
): void {
  describe(`filtered subscriptions of a store in ${backend}`, () => {
    const clock = createMovableClock(start);
    let store: CallRecordStore;
    beforeEach(async () => {
      store = await open(clock);
    });
    afterEach(() => store[Symbol.asyncDispose]());

    const create = (
      id: string,
      participantIds: readonly string[] | undefined,
      changeType = 'created,updated',
      target = store,
    ) =>
      target.subscriptions.create(
        {
          ...{ tenantId: 't', id, applicationId: 'app', changeType, notificationUrl: url, participantIds },
          resource: `communications/callRecords?$filter=of ${id}`,
          ...{ lifecycleNotificationUrl: null, clientState: null, latestSupportedTlsVersion: 'v1_2' },
          ...{ expirationTicks: ticksOf(start) + 1n, challengeMs: undefined },
        },
        100,
      );
    const notified = async (from = store) =>
      (await from.subscriptions.due(url, 1000)).map(
        ({ event, callId, subscription }) => `${subscription.id} ${event} ${callId}`,
      );
    const add = (...calls: readonly Parts[]) => store.add('t', calls.map(received));

    it('are returned with their filter', async () => {
      await create('s', [guid, "o'neil"]);
      const [found] = await store.subscriptions.list('t', 'app');
      expect(found).toMatchObject({
        participantIds: [guid, "o'neil"],
        resource: 'communications/callRecords?$filter=of s',
      });
      expect(await store.subscriptions.get('t', 'app', 's')).toEqual(found);
    });

    it('are notified of calls that a participant of the filter is in, received or inferred', async () => {
      await create('listed', ['a', guid], 'created');
      await create('inferred', ['c'], 'created');
      await create('other', ['A', 'd'], 'created');
      await create('all', undefined, 'created');
      await add(
        { id: '1', version: 1, listed: ['x', upperGuid] },
        { id: '2', version: 1, listed: ['x', 'y'] },
        { id: '3', version: 1, listed: ['x'], callers: ['x', 'c'] },
        { id: '4', version: 1, callers: ['c'] },
      );
      expect(await notified()).toEqual([
        ...['listed created 1', 'all created 1', 'all created 2'],
        ...['inferred created 3', 'all created 3', 'inferred created 4', 'all created 4'],
      ]);
    });

    it('see a call first in the first version that passes, and are not notified of a call that does not pass', async () => {
      await create('both', ['a']);
      await create('first', ['a'], 'created');
      await create('every', ['a'], 'updated');
      await add({ version: 1, listed: ['x'] });
      expect(await notified()).toEqual([]);
      await add({ version: 2, listed: ['x', 'a'] });
      const seen = ['both created call', 'both updated call', 'first created call', 'every updated call'];
      expect(await notified()).toEqual(seen);
      await add({ version: 3, listed: ['x'] });
      expect(await notified()).toEqual(seen);
      // The participant is a caller in a session this time, and the start is another.
      await add({ version: 4, start: '2026-03-02T10:01:00Z', listed: ['x'], callers: ['a'] });
      expect(await notified()).toEqual([...seen, 'both updated call', 'every updated call']);
    });

    it('are notified of a version once, when a completing list first makes it pass', async () => {
      await create('s', ['a', 'b']);
      await add({ version: 1, callers: ['x'] });
      expect(await notified()).toEqual([]);
      await add({ version: 1, listed: ['x', 'a'] });
      expect(await notified()).toEqual(['s created call', 's updated call']);
      await add({ version: 1, callers: ['x', 'b'] }, { version: 1, listed: ['x', 'a', 'b'] });
      expect(await notified()).toEqual(['s created call', 's updated call']);
    });

    it('are notified neither of an older version nor of a list that completes one', async () => {
      await create('s', ['a']);
      await add({ version: 3, listed: ['x'] }, { version: 2, listed: ['a'] }, { version: 1, callers: ['a'] });
      expect(await notified()).toEqual([]);
      await add({ version: 4, listed: ['a'] }, { version: 3, listed: ['x', 'a'] });
      expect(await notified()).toEqual(['s created call', 's updated call']);
      await add({ version: 5, listed: ['a'] });
      expect((await notified()).slice(2)).toEqual(['s updated call']);
    });

    it('are notified of pages received before the record when the record is received', async () => {
      await create('s', ['a'], 'created');
      await add({ listed: ['a'] });
      expect(await notified()).toEqual([]);
      await add({ version: 1 });
      expect(await notified()).toEqual(['s created call']);
    });

    it('report a call that is older than the subscription as created at its next version that passes', async () => {
      await add({ version: 1, listed: ['a'] });
      await create('s', ['a', 'b']);
      await add({ version: 1, listed: ['a', 'b'] }, { version: 2, listed: ['x'] });
      expect(await notified()).toEqual([]);
      await add({ version: 3, listed: ['a'] });
      expect(await notified()).toEqual(['s created call', 's updated call']);
    });

    it('stay when calls are dropped, and report a call as created when it is received again', async () => {
      await create('s', ['a']);
      await add({ version: 1, listed: ['a'] });
      expect(await store.retention.dropCalls('t', 2n ** 62n, 10)).toMatchObject({ calls: 1 });
      await add({ version: 2, listed: ['x'] }, { version: 3, listed: ['a'] });
      expect((await notified()).slice(2)).toEqual(['s created call', 's updated call']);
      expect(await store.subscriptions.get('t', 'app', 's')).toMatchObject({ participantIds: ['a'] });
    });

    it('support the maximum number of ids, and ids of every form', async () => {
      const ids = ['+49 30 1', '8:acs:1_2', "o'neil", 'ä'.repeat(128), guid];
      for (const [i, id] of ids.entries()) await create(`s${i}`, ['nobody', id], 'updated');
      await add({ version: 1, listed: ids }, { version: 2, listed: ids.slice(3) });
      expect(await notified()).toEqual([0, 1, 2, 3, 4, 3, 4].map((i) => `s${i} updated call`));
    });

    it('get the same notifications as from the oracle, for any additions in any order', async () => {
      const person = fc.constantFrom('a', 'b', guid, upperGuid);
      const people = fc.option(fc.uniqueArray(person, { maxLength: 2 }), { nil: undefined });
      const call = fc.record({
        id: fc.constantFrom('c', 'd'),
        version: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
        start: fc.constantFrom('2026-03-02T10:00:00Z', '2026-03-02T10:01:00Z'),
        ...{ listed: people, callers: people },
      });
      const subscription = fc.record({
        filter: fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', guid), { minLength: 1 }), {
          freq: 5,
          nil: undefined,
        }),
        changeType: fc.constantFrom('created', 'updated', 'updated,created'),
      });
      const step = fc.oneof(
        { weight: 3, arbitrary: fc.record({ add: fc.array(call, { minLength: 1, maxLength: 3 }) }) },
        { weight: 2, arbitrary: fc.record({ subscribe: subscription }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 16 }), async (steps) => {
          await using naive = createOracle({ clock });
          await using tried = await open(clock);
          const outboxes: (readonly string[])[] = [];
          for (const one of [naive, tried]) {
            for (const [i, taken] of steps.entries()) {
              if ('add' in taken) await one.add('t', taken.add.map(received));
              else await create(String(i), taken.subscribe.filter, taken.subscribe.changeType, one);
            }
            outboxes.push(await notified(one));
          }
          expect(outboxes[1]).toEqual(outboxes[0]);
        }),
        { numRuns: often(10, 300) },
      );
    });
  });
}
