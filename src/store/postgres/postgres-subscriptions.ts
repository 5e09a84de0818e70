/** Implements subscriptions and the outbox in PostgreSQL. */
import type { Clock } from '../../base/clock.ts';
import { ticksOf } from '../../base/ticks.ts';
import {
  type CallChange,
  type ChangeListeners,
  earlierParticipants,
  KnownListeners,
  type ListedParticipant,
} from '../change-listeners.ts';
import {
  added,
  challenged,
  changed,
  entryOf,
  notified,
  refusalOf,
  settled,
  subscriptionOf,
} from '../subscription-decisions.ts';
import type {
  Endpoint,
  OutboxEntry,
  Settlement,
  Subscription,
  SubscriptionChanges,
  SubscriptionRefusal,
  SubscriptionStore,
} from '../subscriptions.ts';
import type { Connection, Transaction } from './connection.ts';
import { keyName, keyOf } from './keys.ts';
import { challengedRow, dueEntry, listener, shown } from './subscription-statements.ts';
import type { Tenants } from './tenants.ts';

export class PostgresSubscriptions implements SubscriptionStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #clock: Clock;
  readonly #listeners = new KnownListeners();

  constructor(connection: Connection, tenants: Tenants, clock: Clock) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#clock = clock;
  }

  async create(subscription: Subscription, limit: number): Promise<SubscriptionRefusal | undefined> {
    const tenantNo = await this.#tenants.add(subscription.tenantId);
    const { applicationId, notificationUrl, lifecycleNotificationUrl } = subscription;
    return this.#connection.transaction(async (transaction) => {
      // The lock keeps calls from being added meanwhile: the subscription sees later editions and no earlier ones.
      const [since = 0] = (await transaction.get('lockTenant', tenantNo))!; // made before
      const now = this.#nowTicks();
      const [count] = (await transaction.get('countLiveSubscriptions', tenantNo, now))!; // an aggregate has a row
      const live = await transaction.all('subscriptions', tenantNo, now, applicationId);
      const known = live.map((row) => subscriptionOf(shown.read(row)));
      const refusal = refusalOf(subscription, known, Number(count), limit);
      if (refusal !== undefined) return refusal;
      await transaction.write(
        added(subscription, {
          tenantNo,
          since: Number(since),
          endpointNo: await endpointOf(transaction, notificationUrl),
          lifecycleEndpointNo:
            lifecycleNotificationUrl === null
              ? undefined
              : await endpointOf(transaction, lifecycleNotificationUrl),
        }),
      );
      return undefined;
    });
  }

  async get(tenantId: string, applicationId: string, id: string): Promise<Subscription | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    const row = await this.#connection.get('subscription', tenantNo, this.#nowTicks(), applicationId, id);
    return row && subscriptionOf(shown.read(row));
  }

  async list(tenantId: string, applicationId: string | undefined): Promise<readonly Subscription[]> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const live = [tenantNo, this.#nowTicks()] as const;
    const rows =
      applicationId === undefined
        ? await this.#connection.all('tenantSubscriptions', ...live)
        : await this.#connection.all('subscriptions', ...live, applicationId);
    return rows.map((row) => subscriptionOf(shown.read(row)));
  }

  async update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: SubscriptionChanges,
  ): Promise<Subscription | undefined> {
    const { notificationUrl } = changes;
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return this.#connection.transaction(async (transaction) => {
      // Without the lock, notifications added meanwhile would go to the previous endpoint.
      if (notificationUrl !== undefined) await transaction.get('lockTenant', tenantNo);
      const key = [tenantNo, this.#nowTicks(), applicationId, id] as const;
      const found = await transaction.get('lockSubscription', ...key);
      if (found === undefined) return undefined;
      const endpointNo =
        notificationUrl === undefined ? undefined : await endpointOf(transaction, notificationUrl);
      await transaction.write(changed(Number(found[0]), changes, endpointNo));
      return subscriptionOf(shown.read((await transaction.get('subscription', ...key))!)); // the row is locked
    });
  }

  async delete(tenantId: string, applicationId: string, id: string): Promise<boolean> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return false;
    const key = [tenantNo, this.#nowTicks(), applicationId, id] as const;
    return (await this.#connection.get('deleteSubscription', ...key)) !== undefined;
  }

  /**
   * Returns the subscriptions that a change to the tenant's calls may concern; read in the transaction of the change.
   */
  async listenersOf(transaction: Transaction, tenantNo: number): Promise<ChangeListeners> {
    const rows = await transaction.all('listeners', tenantNo, this.#nowTicks());
    return this.#listeners.of(
      tenantNo,
      rows.map((row) => listener.read(row)),
    );
  }

  /** Writes the notifications for a new edition of a call, in the transaction that adds it. */
  async changed(
    transaction: Transaction,
    tenantNo: number,
    listeners: ChangeListeners,
    change: CallChange,
  ): Promise<void> {
    const concerned = listeners.concernedBy(change);
    if (concerned.length === 0) return;
    const { ids, starts } = earlierParticipants(concerned, change.before);
    const listed =
      ids.length === 0 ? [] : await listedOf(transaction, tenantNo, change.edition.call, ids, starts);
    await transaction.write(notified(concerned, change, listed, this.#nowMs()));
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
      const rows = (await transaction.all('challenged', now)).map((row) => challengedRow.read(row));
      await transaction.write(challenged(rows, nextChallenge, now, this.#nowTicks()));
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
    return rows.map((row) => entryOf(dueEntry.read(row)));
  }

  async settle(settlements: readonly Settlement[]): Promise<void> {
    await this.#connection.transaction((transaction) => transaction.write(settled(settlements)));
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

async function listedOf(
  transaction: Transaction,
  tenantNo: number,
  call: number,
  ids: readonly string[],
  starts: readonly bigint[],
): Promise<readonly ListedParticipant[]> {
  const keys = ids.map(keyOf);
  const idOfKey = new Map(ids.map((id, i) => [keyName(keys[i]), id]));
  const rows = await transaction.all('listsWithParticipants', tenantNo, keys, starts, call);
  return rows.map(([key, list]) => ({ id: idOfKey.get(keyName(key))!, list: Number(list) })); // it is one of the requested ids
}

async function endpointOf(transaction: Transaction, url: string): Promise<number> {
  await transaction.run('addEndpoint', url);
  return Number((await transaction.get('lockEndpoint', url))?.[0]);
}
