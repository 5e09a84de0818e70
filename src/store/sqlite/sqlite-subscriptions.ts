/** Implements subscriptions and the outbox in SQLite. */
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
import type { Connection } from './connection.ts';
import { challengedRow, dueEntry, listener, shown } from './subscription-statements.ts';
import type { Tenants } from './tenants.ts';

export class SqliteSubscriptions implements SubscriptionStore {
  readonly #connection: Connection;
  readonly #tenants: Tenants;
  readonly #clock: Clock;
  readonly #listeners = new KnownListeners();

  constructor(connection: Connection, tenants: Tenants, clock: Clock) {
    this.#connection = connection;
    this.#tenants = tenants;
    this.#clock = clock;
  }

  create(subscription: Subscription, limit: number): SubscriptionRefusal | undefined {
    return this.#connection.transaction(() => {
      const tenantNo = this.#tenants.add(subscription.tenantId);
      const [count] = this.#connection.get('countLiveSubscriptions', tenantNo, this.#nowTicks())!; // an aggregate has a row
      const live = this.list(subscription.tenantId, subscription.applicationId);
      const refusal = refusalOf(subscription, live, Number(count), limit);
      if (refusal !== undefined) return refusal;
      const { notificationUrl, lifecycleNotificationUrl } = subscription;
      this.#connection.write(
        added(subscription, {
          tenantNo,
          since: Number(this.#connection.get('lastEditionNo')?.[0] ?? 0),
          endpointNo: this.#endpointNo(notificationUrl),
          lifecycleEndpointNo:
            lifecycleNotificationUrl === null ? undefined : this.#endpointNo(lifecycleNotificationUrl),
        }),
      );
      return undefined;
    });
  }

  get(tenantId: string, applicationId: string, id: string): Subscription | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    const row = this.#connection.get('subscription', tenantNo, this.#nowTicks(), applicationId, id);
    return row && subscriptionOf(shown.read(row));
  }

  list(tenantId: string, applicationId: string | undefined): readonly Subscription[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const live = [tenantNo, this.#nowTicks()] as const;
    const rows =
      applicationId === undefined
        ? this.#connection.all('tenantSubscriptions', ...live)
        : this.#connection.all('subscriptions', ...live, applicationId);
    return rows.map((row) => subscriptionOf(shown.read(row)));
  }

  update(
    tenantId: string,
    applicationId: string,
    id: string,
    changes: SubscriptionChanges,
  ): Subscription | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return this.#connection.transaction(() => {
      const key = [tenantNo, this.#nowTicks(), applicationId, id] as const;
      const found = this.#connection.get('subscriptionNo', ...key);
      if (found === undefined) return undefined;
      const { notificationUrl } = changes;
      const endpointNo = notificationUrl === undefined ? undefined : this.#endpointNo(notificationUrl);
      this.#connection.write(changed(Number(found[0]), changes, endpointNo));
      return subscriptionOf(shown.read(this.#connection.get('subscription', ...key)!)); // the subscription exists
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

  /**
   * Returns the subscriptions that a change to the tenant's calls may concern; call it in the transaction of the
   * change.
   */
  listenersOf(tenantNo: number): ChangeListeners {
    const rows = this.#connection.all('listeners', tenantNo, this.#nowTicks());
    return this.#listeners.of(
      tenantNo,
      rows.map((row) => listener.read(row)),
    );
  }

  /** Writes the notifications for a new edition of a call; call it in the transaction that adds it. */
  changed(tenantNo: number, listeners: ChangeListeners, change: CallChange): void {
    const concerned = listeners.concernedBy(change);
    if (concerned.length === 0) return;
    const { ids, starts } = earlierParticipants(concerned, change.before);
    const listed = ids.length === 0 ? [] : this.#listed(tenantNo, change.edition.call, ids, starts);
    this.#connection.write(notified(concerned, change, listed, this.#nowMs()));
  }

  #listed(
    tenantNo: number,
    call: number,
    ids: readonly string[],
    starts: readonly bigint[],
  ): readonly ListedParticipant[] {
    const texts = [JSON.stringify(ids), `[${starts.join()}]`] as const;
    return this.#connection
      .all('listsWithParticipants', ...texts, tenantNo, call)
      .map(([id, list]) => ({ id: id as string, list: Number(list) }));
  }

  attend(forgetAfterMs: number, nextChallenge: (subscription: Subscription) => number | undefined): void {
    const now = this.#nowMs();
    const expired = this.#nowTicks() - BigInt(forgetAfterMs) * 10_000n;
    const next = this.nextChallengeMs();
    const isChallenged = next !== undefined && next <= now;
    const isForgettable = this.#connection.get('forgettable', expired) !== undefined;
    if (!isChallenged && !isForgettable) return;
    this.#connection.transaction(() => {
      const rows = this.#connection.all('challenged', now).map((row) => challengedRow.read(row));
      this.#connection.write(challenged(rows, nextChallenge, now, this.#nowTicks()));
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
      .map((row) => entryOf(dueEntry.read(row)));
  }

  settle(settlements: readonly Settlement[]): void {
    this.#connection.transaction(() => this.#connection.write(settled(settlements)));
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
