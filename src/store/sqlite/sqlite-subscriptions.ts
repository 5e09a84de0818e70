/** Subscriptions and the outbox in SQLite. */
import type { Clock } from '../../clock.ts';
import { ticksOf } from '../../text/ticks.ts';
import { changeTypesOf, type EditionState, eventsOf, isChange } from '../call-changes.ts';
import type {
  Endpoint,
  NotificationEvent,
  OutboxEntry,
  Settlement,
  Subscription,
  SubscriptionStore,
} from '../subscriptions.ts';
import { StoreReadOnly } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Row } from '../rows.ts';
import type { Tenants } from './tenants.ts';

const delivery = 'delivery';

export class SqliteSubscriptions implements SubscriptionStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #clock: Clock;

  constructor(connection: Connection, tenants: Tenants, clock: Clock) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#clock = clock;
  }

  create(subscription: Subscription, limit: number): boolean {
    return this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(subscription.tenantId);
      const [count] = this.#connection.get('countLiveSubscriptions', tenantNo, this.#nowTicks())!; // an aggregate has a row
      if (Number(count) >= limit) return false;
      const { notificationUrl, lifecycleNotificationUrl } = subscription;
      this.#connection.run(
        'addSubscription',
        tenantNo,
        subscription.id,
        subscription.applicationId,
        subscription.resource,
        subscription.changeType,
        subscription.clientState,
        subscription.latestSupportedTlsVersion,
        subscription.expirationTicks,
        subscription.challengeMs ?? null,
        Number(this.#connection.get('lastEditionNo')?.[0] ?? 0),
        this.#endpointNo(notificationUrl),
        lifecycleNotificationUrl === null ? null : this.#endpointNo(lifecycleNotificationUrl),
      );
      return true;
    });
  }

  get(tenantId: string, applicationId: string, id: string): Subscription | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    const row = this.#connection.get('subscription', tenantNo, this.#nowTicks(), applicationId, id);
    return row && subscriptionOf(row);
  }

  list(tenantId: string, applicationId: string | undefined): readonly Subscription[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const live = [tenantNo, this.#nowTicks()] as const;
    const rows =
      applicationId === undefined
        ? this.#connection.all('tenantSubscriptions', ...live)
        : this.#connection.all('subscriptions', ...live, applicationId);
    return rows.map((row) => subscriptionOf(row));
  }

  update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: Pick<Subscription, 'challengeMs'> & Partial<Pick<Subscription, 'expirationTicks'>>,
  ): Subscription | undefined {
    const { challengeMs = null, expirationTicks = null } = changes;
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return this.#connection.transaction(() => {
      const key = [tenantNo, this.#nowTicks(), applicationId, id] as const;
      this.#connection.run('updateSubscription', challengeMs, expirationTicks, ...key);
      const row = this.#connection.get('subscription', ...key);
      return row && subscriptionOf(row);
    });
  }

  delete(tenantId: string, applicationId: string, id: string): boolean {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return false;
    return this.#connection.transaction(
      () =>
        this.#connection.get('deleteSubscription', tenantNo, this.#nowTicks(), applicationId, id) !==
        undefined,
    );
  }

  /** Who hears of changes to the calls of a tenant; asked inside the transaction that changes them. */
  listenersOf(tenantNo: number): readonly Listener[] {
    return this.#connection.all('listeners', tenantNo, this.#nowTicks()).map((row) => ({
      subscriptionNo: Number(row[0]),
      changeTypes: changeTypesOf(row[1] as string),
      since: Number(row[2]),
      endpointNo: Number(row[3]),
    }));
  }

  /** Writes what a new edition of a call leads to; inside the transaction that adds it. */
  changed(
    listeners: readonly Listener[],
    call: { readonly callId: string; readonly endTicks: bigint | undefined },
    edition: EditionState,
    before: readonly EditionState[],
  ): void {
    if (listeners.length === 0 || !isChange(edition, before)) return;
    const now = this.#nowMs();
    for (const { subscriptionNo, changeTypes, since, endpointNo } of listeners) {
      for (const event of eventsOf(changeTypes, since, before)) {
        const { callId, endTicks = null } = call;
        this.#connection.run('addOutbox', endpointNo, subscriptionNo, event, callId, endTicks, now, now);
      }
    }
  }

  attend(forgetAfterMs: number, nextChallenge: (subscription: Subscription) => number | undefined): void {
    const now = this.#nowMs();
    const expired = this.#nowTicks() - BigInt(forgetAfterMs) * 10_000n;
    const next = this.nextChallengeMs();
    const isChallenged = next !== undefined && next <= now;
    const isForgettable = this.#connection.get('forgettable', expired) !== undefined;
    if (!isChallenged && !isForgettable) return;
    this.#connection.transaction(() => {
      for (const [subscriptionNo, endpointNo, ...columns] of this.#connection.all('challenged', now)) {
        const number = Number(subscriptionNo);
        const subscription = subscriptionOf(columns);
        const again = nextChallenge(subscription) ?? null;
        this.#connection.run('setChallenge', again, number);
        if (subscription.expirationTicks <= this.#nowTicks()) continue;
        const what = ['reauthorizationRequired', null, null] as const;
        this.#connection.run('addOutbox', Number(endpointNo), number, ...what, now, now);
      }
      this.#connection.run('forgetSubscriptions', expired);
      this.#connection.run('forgetEndpoints');
    });
  }

  nextChallengeMs(): number | undefined {
    return (this.#connection.get('nextChallenge')?.[0] as number | null) ?? undefined;
  }

  endpoints(): readonly Endpoint[] {
    return this.#connection
      .all('endpoints')
      .map((row) => ({ url: row[0] as string, dueMs: row[1] as number }));
  }

  due(url: string, limit: number): readonly OutboxEntry[] {
    const endpointNo = this.#connection.get('endpointNo', url)?.[0] as number | undefined;
    if (endpointNo === undefined) return [];
    return this.#connection
      .all('dueEntries', endpointNo, this.#nowMs(), limit)
      .map(([number, event, callId, endTicks, causedMs, attempts, ...subscription]) => ({
        number: Number(number),
        event: event as NotificationEvent, // written by this class
        callId: (callId as string | null) ?? undefined,
        endTicks: (endTicks as bigint | null) ?? undefined,
        causedMs: Number(causedMs),
        attempts: Number(attempts),
        subscription: subscriptionOf(subscription),
      }));
  }

  settle(settlements: readonly Settlement[]): void {
    this.#connection.transaction(() => {
      for (const settlement of settlements) {
        const { number } = settlement;
        switch (settlement.outcome) {
          case 'done':
            this.#connection.run('settleDone', number);
            break;
          case 'retry':
            this.#connection.run('settleRetry', Math.ceil(settlement.dueMs), number);
            break;
          case 'postpone':
            this.#connection.run('settlePostpone', Math.ceil(settlement.dueMs), number);
        }
      }
    });
  }

  claimDelivery(owner: string, forMs: number): boolean {
    try {
      return this.#claimDelivery(owner, forMs);
    } catch (error) {
      // A store that cannot be written delivers nothing, because it could not record the delivery.
      if (error instanceof StoreReadOnly) return false;
      throw error;
    }
  }

  #claimDelivery(owner: string, forMs: number): boolean {
    return this.#connection.transaction(() => {
      const now = this.#nowMs();
      const [holder, untilMs] = this.#connection.get('claim', delivery) ?? [owner, 0];
      const isHeld = holder !== owner && Number(untilMs) > now && Number(untilMs) <= now + 2 * forMs;
      if (!isHeld) this.#connection.run('setClaim', delivery, owner, now + forMs);
      return !isHeld;
    });
  }

  releaseDelivery(owner: string): void {
    try {
      this.#connection.transaction(() => this.#connection.run('releaseClaim', delivery, owner));
    } catch (error) {
      if (!(error instanceof StoreReadOnly)) throw error;
    }
  }

  outboxSize(): number {
    return Number(this.#connection.get('outboxSize')?.[0]); // an aggregate has a row
  }

  #endpointNo(url: string): number {
    this.#connection.run('addEndpoint', url);
    return Number(this.#connection.get('endpointNo', url)?.[0]);
  }

  #nowMs(): number {
    return this.#clock.now().getTime();
  }

  #nowTicks(): bigint {
    return ticksOf(this.#clock.now());
  }
}

/** A subscription as far as it decides what it is told. */
export interface Listener {
  readonly subscriptionNo: number;
  readonly changeTypes: ReadonlySet<string>;
  readonly since: number;
  readonly endpointNo: number;
}

function subscriptionOf(row: Row): Subscription {
  return {
    tenantId: row[0] as string,
    id: row[1] as string,
    applicationId: row[2] as string,
    resource: row[3] as string,
    changeType: row[4] as string,
    notificationUrl: row[5] as string,
    lifecycleNotificationUrl: row[6] as string | null,
    clientState: row[7] as string | null,
    latestSupportedTlsVersion: row[8] as string,
    expirationTicks: row[9] as bigint,
    challengeMs: row[10] === null ? undefined : Number(row[10]),
  };
}
