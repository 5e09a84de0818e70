/** Implements the oracle's subscriptions and outbox. */
import type { Clock } from '../../../src/base/clock.ts';
import { ticksOf } from '../../../src/base/ticks.ts';
import { canonicalId, isSameId } from '../../../src/contract/ids.ts';
import { changeTypesOf } from '../../../src/query/plan/same-subscription.ts';
import type {
  Endpoint,
  OutboxEntry,
  Settlement,
  Subscription,
  SubscriptionChanges,
  SubscriptionRefusal,
  SubscriptionStore,
} from '../../../src/store/subscriptions.ts';

interface Stored {
  subscription: Subscription;
  /** Calls it was notified of, or would have been with other change types. */
  readonly seen: Set<string>;
}

/** The parts of an edition that notifications depend on. */
interface EditionOfCall {
  readonly callId: string;
  readonly version: bigint;
  readonly startTicks: bigint | undefined;
  readonly endTicks: bigint | undefined;
  readonly participantIds: readonly (string | undefined)[];
}

interface Waiting {
  readonly stored: Stored;
  url: string;
  readonly entry: Omit<OutboxEntry, 'subscription' | 'attempts'>;
  attempts: number;
  dueMs: number;
}

export class OracleSubscriptions implements SubscriptionStore {
  readonly #clock: Clock;
  #stored: Stored[] = [];
  #outbox: Waiting[] = [];
  #entries = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(subscription: Subscription, limit: number): SubscriptionRefusal | undefined {
    const live = this.#live(subscription.tenantId);
    const same = live.find((one) => wishOf(one.subscription) === wishOf(subscription));
    if (same !== undefined) return { reason: 'exists', id: same.subscription.id };
    if (live.length >= limit) return { reason: 'limit' };
    this.#stored.push({ subscription, seen: new Set() });
    return undefined;
  }

  get(tenantId: string, applicationId: string, id: string): Subscription | undefined {
    return this.#find(tenantId, applicationId, id)?.subscription;
  }

  list(tenantId: string, applicationId: string | undefined): readonly Subscription[] {
    return this.#live(tenantId)
      .map(({ subscription }) => subscription)
      .filter((one) => applicationId === undefined || one.applicationId === applicationId);
  }

  update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: SubscriptionChanges,
  ): Subscription | undefined {
    const found = this.#find(tenantId, applicationId, id);
    if (found === undefined) return undefined;
    found.subscription = { ...found.subscription, ...changes };
    for (const waiting of this.#outbox)
      if (waiting.stored === found && waiting.entry.callId !== undefined)
        waiting.url = found.subscription.notificationUrl;
    return found.subscription;
  }

  delete(tenantId: string, applicationId: string, id: string): boolean {
    const found = this.#find(tenantId, applicationId, id);
    if (found === undefined) return false;
    this.#forget((stored) => stored === found);
    return true;
  }

  /** Adds the notifications of a new edition. */
  changed(tenantId: string, edition: EditionOfCall, before: readonly EditionOfCall[]): void {
    const { callId, version, startTicks, endTicks } = edition;
    for (const stored of this.#live(tenantId)) {
      const { changeType, notificationUrl, participantIds } = stored.subscription;
      const passes = ({ participantIds: ids }: EditionOfCall) =>
        participantIds === undefined ||
        ids.some((id) => participantIds.some((wanted) => id !== undefined && isSameId(id, wanted)));
      const call = canonicalId(callId);
      if (before.length === 0) stored.seen.delete(call);
      if (startTicks === undefined || before.some((one) => one.version > version)) continue;
      const isGiven = before.some(
        (one) => one.version === version && one.startTicks !== undefined && passes(one),
      );
      if (isGiven || !passes(edition)) continue;
      const events = stored.seen.has(call) ? (['updated'] as const) : (['created', 'updated'] as const);
      stored.seen.add(call);
      for (const event of events)
        if (changeTypesOf(changeType).has(event))
          this.#add(stored, notificationUrl, { event, callId, endTicks });
    }
  }

  attend(forgetAfterMs: number, nextChallenge: (subscription: Subscription) => number | undefined): void {
    for (const stored of this.#stored) {
      const { challengeMs, lifecycleNotificationUrl, expirationTicks } = stored.subscription;
      if (challengeMs === undefined || challengeMs > this.#nowMs() || lifecycleNotificationUrl === null)
        continue;
      stored.subscription = { ...stored.subscription, challengeMs: nextChallenge(stored.subscription) };
      if (expirationTicks <= ticksOf(this.#clock.now())) continue;
      const event = { event: 'reauthorizationRequired', callId: undefined, endTicks: undefined } as const;
      this.#add(stored, lifecycleNotificationUrl, event);
    }
    const expired = ticksOf(this.#clock.now()) - BigInt(forgetAfterMs) * 10_000n;
    this.#forget(({ subscription }) => subscription.expirationTicks <= expired);
  }

  nextChallengeMs(): number | undefined {
    const due = this.#stored.flatMap(({ subscription: { challengeMs } }) => challengeMs ?? []);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  endpoints(): readonly Endpoint[] {
    return [...new Set(this.#outbox.map(({ url }) => url))]
      .map((url) => ({
        url,
        dueMs: Math.min(...this.#outbox.filter((one) => one.url === url).map(({ dueMs }) => dueMs)),
      }))
      .sort((a, b) => a.dueMs - b.dueMs);
  }

  due(url: string, limit: number): readonly OutboxEntry[] {
    return this.#outbox
      .filter((one) => one.url === url && one.dueMs <= this.#nowMs())
      .sort((a, b) => a.dueMs - b.dueMs || a.entry.number - b.entry.number)
      .slice(0, limit)
      .map(({ entry, attempts, stored }) => ({ ...entry, attempts, subscription: stored.subscription }));
  }

  settle(settlements: readonly Settlement[]): void {
    for (const settlement of settlements) {
      const found = this.#outbox.find(({ entry }) => entry.number === settlement.number);
      if (found === undefined) continue;
      if (settlement.outcome === 'done') this.#outbox = this.#outbox.filter((one) => one !== found);
      else {
        found.dueMs = Math.ceil(settlement.dueMs);
        if (settlement.outcome === 'retry') found.attempts++;
      }
    }
  }

  outboxSize(): number {
    return this.#outbox.length;
  }

  #add(stored: Stored, url: string, what: Pick<OutboxEntry, 'event' | 'callId' | 'endTicks'>): void {
    const now = this.#nowMs();
    const entry = { ...what, number: ++this.#entries, causedMs: now };
    this.#outbox.push({ stored, url, entry, attempts: 0, dueMs: now });
  }

  #forget(isForgotten: (stored: Stored) => boolean): void {
    this.#outbox = this.#outbox.filter(({ stored }) => !isForgotten(stored));
    this.#stored = this.#stored.filter((stored) => !isForgotten(stored));
  }

  #find(tenantId: string, applicationId: string, id: string): Stored | undefined {
    return this.#live(tenantId).find(
      ({ subscription }) => subscription.applicationId === applicationId && subscription.id === id,
    );
  }

  #live(tenantId: string): readonly Stored[] {
    const now = ticksOf(this.#clock.now());
    return this.#stored.filter(
      ({ subscription }) => subscription.tenantId === tenantId && subscription.expirationTicks > now,
    );
  }

  #nowMs(): number {
    return this.#clock.now().getTime();
  }
}

/** Returns the key by which an application may have only one subscription. */
function wishOf({ applicationId, changeType, resource }: Subscription): string {
  const [path = '', ...filter] = resource.split('?');
  const types = [...changeTypesOf(changeType)].sort().join();
  return [applicationId, types, path.replace(/^\//, '').toLowerCase(), ...filter].join('?');
}
