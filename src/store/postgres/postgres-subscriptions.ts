/** Subscriptions and the outbox in PostgreSQL. */
import type { Clock } from '../../clock.ts';
import { ticksOf } from '../../text/ticks.ts';
import { changeTypesOf, type EditionState, eventsOf, isChange } from '../call-changes.ts';
import type { Row } from '../rows.ts';
import type {
  Endpoint,
  NotificationEvent,
  OutboxEntry,
  Settlement,
  Subscription,
  SubscriptionStore,
} from '../subscriptions.ts';
import type { Connection, Transaction } from './connection.ts';
import type { Tenants } from './tenants.ts';

const delivery = 'delivery';

export class PostgresSubscriptions implements SubscriptionStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #clock: Clock;

  constructor(connection: Connection, tenants: Tenants, clock: Clock) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#clock = clock;
  }

  async create(subscription: Subscription, limit: number): Promise<boolean> {
    const tenantNo = await this.#tenants.add(subscription.tenantId);
    const { notificationUrl, lifecycleNotificationUrl, clientState } = subscription;
    return this.#connection.transaction(async (transaction) => {
      // Nothing is added meanwhile: what comes after is seen, and what came before is not.
      const [since = 0] = (await transaction.get('lockTenant', tenantNo))!; // made before
      const [count] = (await transaction.get('countLiveSubscriptions', tenantNo, this.#nowTicks()))!; // an aggregate has a row
      if (Number(count) >= limit) return false;
      const endpointNo = await endpointOf(transaction, notificationUrl);
      await transaction.run(
        'addSubscription',
        tenantNo,
        subscription.id,
        subscription.applicationId,
        subscription.resource,
        subscription.changeType,
        clientState === null ? null : Buffer.from(clientState),
        subscription.latestSupportedTlsVersion,
        subscription.expirationTicks,
        subscription.challengeMs ?? null,
        since,
        endpointNo,
        lifecycleNotificationUrl === null ? null : await endpointOf(transaction, lifecycleNotificationUrl),
      );
      return true;
    });
  }

  async get(tenantId: string, applicationId: string, id: string): Promise<Subscription | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    const row = await this.#connection.get('subscription', tenantNo, this.#nowTicks(), applicationId, id);
    return row && subscriptionOf(row);
  }

  async list(tenantId: string, applicationId: string | undefined): Promise<readonly Subscription[]> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const live = [tenantNo, this.#nowTicks()] as const;
    const rows =
      applicationId === undefined
        ? await this.#connection.all('tenantSubscriptions', ...live)
        : await this.#connection.all('subscriptions', ...live, applicationId);
    return rows.map((row) => subscriptionOf(row));
  }

  async update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: Pick<Subscription, 'challengeMs'> & Partial<Pick<Subscription, 'expirationTicks'>>,
  ): Promise<Subscription | undefined> {
    const { challengeMs = null, expirationTicks = null } = changes;
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return this.#connection.transaction(async (transaction) => {
      const key = [tenantNo, this.#nowTicks(), applicationId, id] as const;
      await transaction.run('updateSubscription', ...key, challengeMs, expirationTicks);
      const row = await transaction.get('subscription', ...key);
      return row && subscriptionOf(row);
    });
  }

  async delete(tenantId: string, applicationId: string, id: string): Promise<boolean> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return false;
    const key = [tenantNo, this.#nowTicks(), applicationId, id] as const;
    return (await this.#connection.get('deleteSubscription', ...key)) !== undefined;
  }

  /** Who hears of changes to the calls of a tenant; asked inside the transaction that changes them. */
  async listenersOf(transaction: Transaction, tenantNo: number): Promise<readonly Listener[]> {
    const rows = await transaction.all('listeners', tenantNo, this.#nowTicks());
    return rows.map((row) => ({
      subscriptionNo: Number(row[0]),
      changeTypes: changeTypesOf(row[1] as string),
      since: Number(row[2]),
      endpointNo: Number(row[3]),
    }));
  }

  /** Writes what a new edition of a call leads to; inside the transaction that adds it. */
  async changed(
    transaction: Transaction,
    listeners: readonly Listener[],
    { callId, endTicks = null }: { readonly callId: string; readonly endTicks?: bigint | null | undefined },
    edition: EditionState,
    before: readonly EditionState[],
  ): Promise<void> {
    if (listeners.length === 0 || !isChange(edition, before)) return;
    for (const { subscriptionNo, changeTypes, since, endpointNo } of listeners) {
      for (const event of eventsOf(changeTypes, since, before)) {
        const what = [event, Buffer.from(callId), endTicks] as const;
        await transaction.run('addOutbox', endpointNo, subscriptionNo, ...what, this.#nowMs());
      }
    }
  }

  async attend(
    forgetAfterMs: number,
    nextChallenge: (subscription: Subscription) => number | undefined,
  ): Promise<void> {
    const now = this.#nowMs();
    const expired = this.#nowTicks() - BigInt(forgetAfterMs) * 10_000n;
    const next = await this.nextChallengeMs();
    const isChallenged = next !== undefined && next <= now;
    const isForgettable = (await this.#connection.get('forgettable', expired)) !== undefined;
    if (!isChallenged && !isForgettable) return;
    await this.#connection.transaction(async (transaction) => {
      for (const [subscriptionNo, endpointNo, ...columns] of await transaction.all('challenged', now)) {
        const number = Number(subscriptionNo);
        const subscription = subscriptionOf(columns);
        await transaction.run('setChallenge', nextChallenge(subscription) ?? null, number);
        if (subscription.expirationTicks <= this.#nowTicks()) continue;
        const what = ['reauthorizationRequired', null, null] as const;
        await transaction.run('addOutbox', Number(endpointNo), number, ...what, now);
      }
      await transaction.run('forgetSubscriptions', expired);
      await transaction.run('forgetEndpoints');
    });
  }

  async nextChallengeMs(): Promise<number | undefined> {
    const next = (await this.#connection.get('nextChallenge'))?.[0] ?? null;
    return next === null ? undefined : Number(next);
  }

  async endpoints(): Promise<readonly Endpoint[]> {
    const rows = await this.#connection.all('endpoints');
    return rows.map((row) => ({ url: row[0] as string, dueMs: Number(row[1]) }));
  }

  async due(url: string, limit: number): Promise<readonly OutboxEntry[]> {
    const endpointNo = (await this.#connection.get('endpointNo', url))?.[0] as number | undefined;
    if (endpointNo === undefined) return [];
    const rows = await this.#connection.all('dueEntries', endpointNo, this.#nowMs(), limit);
    return rows.map(([number, event, callId = null, endTicks, causedMs, attempts, ...subscription]) => ({
      number: Number(number),
      event: event as NotificationEvent, // written by this class
      callId: callId === null ? undefined : (callId as Buffer).toString(),
      endTicks: (endTicks as bigint | null) ?? undefined,
      causedMs: Number(causedMs),
      attempts: Number(attempts),
      subscription: subscriptionOf(subscription),
    }));
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.#connection.transaction(async (transaction) => {
      for (const settlement of settlements) {
        const { number } = settlement;
        switch (settlement.outcome) {
          case 'done':
            await transaction.run('settleDone', number);
            break;
          case 'retry':
            await transaction.run('settleRetry', number, Math.ceil(settlement.dueMs));
            break;
          case 'postpone':
            await transaction.run('settlePostpone', number, Math.ceil(settlement.dueMs));
        }
      }
    });
  }

  async claimDelivery(owner: string, forMs: number): Promise<boolean> {
    const now = this.#nowMs();
    return (await this.#connection.get('claim', delivery, owner, now + forMs, now)) !== undefined;
  }

  async releaseDelivery(owner: string): Promise<void> {
    await this.#connection.run('releaseClaim', delivery, owner);
  }

  async outboxSize(): Promise<number> {
    return Number((await this.#connection.get('outboxSize'))?.[0]); // an aggregate has a row
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

async function endpointOf(transaction: Transaction, url: string): Promise<number> {
  await transaction.run('addEndpoint', url);
  return Number((await transaction.get('lockEndpoint', url))?.[0]);
}

function subscriptionOf(row: Row): Subscription {
  const clientState = (row[7] as Buffer | null) ?? null;
  return {
    tenantId: row[0] as string,
    id: row[1] as string,
    applicationId: row[2] as string,
    resource: row[3] as string,
    changeType: row[4] as string,
    notificationUrl: row[5] as string,
    lifecycleNotificationUrl: row[6] as string | null,
    clientState: clientState === null ? null : clientState.toString(),
    latestSupportedTlsVersion: row[8] as string,
    expirationTicks: row[9] as bigint,
    challengeMs: row[10] === null ? undefined : Number(row[10]),
  };
}
