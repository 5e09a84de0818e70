import { describe, expect, it } from 'vitest';
import { ChangeListeners, type CallChange, earlierParticipants, KnownListeners } from './change-listeners.ts';
import type { KnownEdition } from './next-edition.ts';
import { challenged, entryOf, notified, settled } from './subscription-decisions.ts';

const listener = { subscriptionNo: 3, changeType: 'created,updated', since: 0, endpointNo: 7 };
const lists = { participantsDigest: 'p', sessionsDigest: 's', participants: 1, found: 0 };
const first: KnownEdition = {
  ...{ edition: 1, version: 1n, startTicks: 5n, headDigest: 'h', participantsList: 1 },
  ...{ ...lists, isLacking: false, isOdd: false },
};
const second = { ...first, edition: 2, version: 2n, participantsList: 2 };
const call = { callId: 'call', endTicks: 9n, call: 1 };
const written = { endpoint_no: 7, subscription_no: 3, call_id: 'call', end_ticks: 9n };
const at = { caused_ms: 1000, due_ms: 1000 };
const row = {
  ...{ tenantId: 't', id: 's', applicationId: 'a', resource: '/r', changeType: 'created' },
  participantIds: undefined,
  ...{ notificationUrl: 'https://n', lifecycleNotificationUrl: 'https://l', clientState: undefined },
  ...{ latestSupportedTlsVersion: 'v1_2', expirationTicks: 50n, challengeMs: 900 },
};

/**
 * Returns the notifications for an edition.
 *
 * @param found Index rows of earlier editions: an id, and its list.
 */
function notices(
  edition: KnownEdition,
  before: readonly KnownEdition[],
  ids: readonly string[] = [],
  { filter, found = [] }: { filter?: readonly string[]; found?: readonly (readonly [string, number])[] } = {},
) {
  const listeners = new ChangeListeners([{ ...listener, participantIds: filter && JSON.stringify(filter) }]);
  const change: CallChange = { edition: { ...edition, ...call }, before, participantIds: () => ids };
  const listed = found.map(([id, list]) => ({ id, list }));
  return notified(listeners.concernedBy(change), change, listed, 1000);
}
const created = { insert: 'outbox', row: { ...written, ...at, event: 'created' } };
const updated = { insert: 'outbox', row: { ...written, ...at, event: 'updated' } };

describe('a new edition of a call', () => {
  it('notifies the subscriptions whose change types include it', () => {
    expect(notices(first, [])).toEqual([created, updated]);
    expect(notices(second, [first])).toEqual([updated]);
  });

  it('notifies no subscription where it changes nothing for readers', () => {
    expect(notices({ ...first, edition: 2 }, [first])).toEqual([]);
    expect(notices({ ...first, startTicks: undefined }, [])).toEqual([]);
  });
});

describe('a new edition of a call, to a subscription with a filter', () => {
  const upper = 'ABCDEF01-89AB-4DEF-8123-456789ABCDEF';
  const filter = ['x', upper.toLowerCase()];

  it('is notified of a call with a participant whom the filter names', () => {
    expect(notices(first, [], ['y', upper], { filter })).toEqual([created, updated]);
    expect(notices(first, [], ['y', 'X'], { filter })).toEqual([]);
  });

  it('is created when no earlier version passed, and updated when any did', () => {
    expect(notices(second, [first], ['x'], { filter })).toEqual([created, updated]);
    expect(notices(second, [first], ['x'], { filter, found: [[upper, 1]] })).toEqual([updated]);
    expect(notices(second, [first], ['x'], { filter, found: [['x', -1]] })).toEqual([updated]);
    expect(notices(second, [first], ['x'], { filter, found: [['z', 1]] })).toEqual([created, updated]);
  });

  it('is notified when it completes a version that did not pass, but not one that passed', () => {
    const completed = { ...first, edition: 2, sessionsDigest: 't' };
    expect(notices(completed, [first], ['x'], { filter })).toEqual([created, updated]);
    expect(notices(completed, [first], ['x'], { filter, found: [['x', 1]] })).toEqual([]);
    expect(notices(completed, [first, { ...second, edition: 3 }], ['x'], { filter })).toEqual([]);
  });

  it('does not count editions inferred in the background, which were not notified, as seen', () => {
    const inferred = { ...first, edition: 2, participantsList: undefined, found: 1 };
    expect(
      notices({ ...second, edition: 3 }, [first, inferred], ['x'], { filter, found: [['x', -2]] }),
    ).toEqual([created, updated]);
  });

  it('looks up the earlier participants in its filter under every key they may have', () => {
    const rows = [filter, ['nobody']].map((ids) => ({ ...listener, participantIds: JSON.stringify(ids) }));
    const change = { edition: { ...second, ...call }, before: [first, first], participantIds: () => ['x'] };
    const concerned = new ChangeListeners(rows).concernedBy(change);
    expect(earlierParticipants(concerned, [first, first])).toEqual({ ids: [...filter, upper], starts: [5n] });
    expect(earlierParticipants(concerned, []).ids).toEqual([]);
    expect(earlierParticipants(concerned, [{ ...first, startTicks: undefined }]).ids).toEqual([]);
  });
});

it('builds listeners once for the same rows, and again when a row changes', () => {
  const row = { ...listener, participantIds: '["x"]' };
  const change = { edition: { ...first, ...call }, before: [], participantIds: () => ['x'] };
  const known = new KnownListeners();
  const made = known.of(1, [row]);
  expect(known.of(1, [{ ...row }])).toBe(made);
  const changes = [
    ...[{ endpointNo: 8 }, { subscriptionNo: 4 }, { since: 9 }, { changeType: 'updated' }],
    ...[{ participantIds: undefined }, { participantIds: '["x","y"]' }],
  ];
  for (const rows of [...changes.map((one) => [{ ...row, ...one }]), [row, row], []]) {
    expect(known.of(1, [row]).concernedBy(change)).toEqual(made.concernedBy(change));
    expect(known.of(1, rows).concernedBy(change)).toEqual(new ChangeListeners(rows).concernedBy(change));
  }
  expect(known.of(2, []).concernedBy(change)).toEqual([]);
});

describe('a challenge that is due', () => {
  const due = { ...row, subscriptionNo: 3, lifecycleEndpointNo: 8 };
  const next = { update: 'subscription', where: { subscription_no: 3 }, set: { challenge_ms: 1900 } };

  it('is written to the outbox with the time of the next one', () => {
    const outbox = { endpoint_no: 8, subscription_no: 3, event: 'reauthorizationRequired', ...at };
    expect(challenged([due], () => 1900, 1000, 49n)).toEqual([
      next,
      { insert: 'outbox', row: { ...outbox, call_id: undefined, end_ticks: undefined } },
    ]);
  });

  it('is not sent for a subscription that has expired', () => {
    expect(challenged([due], () => 1900, 1000, 50n)).toEqual([next]);
  });
});

it('what became of deliveries removes, repeats or postpones entries', () => {
  expect(
    settled([
      { number: 1, outcome: 'done' },
      { number: 2, outcome: 'retry', dueMs: 5.5 },
      { number: 3, outcome: 'postpone', dueMs: 7 },
    ]),
  ).toEqual([
    { delete: 'outbox', where: { outbox_no: 1 } },
    { update: 'outbox', where: { outbox_no: 2 }, set: { due_ms: 6 }, add: { attempts: 1 } },
    { update: 'outbox', where: { outbox_no: 3 }, set: { due_ms: 7 } },
  ]);
});

it('an entry is read with its subscription, where absent texts are null', () => {
  const entry = { number: 1, event: 'created', callId: 'c', endTicks: 9n, causedMs: 1000, attempts: 2 };
  expect(entryOf({ ...entry, ...row, participantIds: '["x"]', lifecycleNotificationUrl: undefined })).toEqual(
    {
      ...entry,
      subscription: { ...row, participantIds: ['x'], clientState: null, lifecycleNotificationUrl: null },
    },
  );
});
