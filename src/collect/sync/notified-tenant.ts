/**
 * Accepts the notifications of a tenant: it writes them to the store before the sender gets a response, for the process
 * that syncs the tenant, which may be another.
 */
import { hash } from 'node:crypto';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { LifecycleEvent } from '../../store/upstream.ts';
import type { Signal } from './signal.ts';

/** The secrets that authenticate a subscription's notifications, as the subscription keeper saves them. */
export interface SavedSecrets {
  /** Absent when it is unknown: another application instance created the subscription. */
  readonly clientState?: string | undefined;
  /** The secret in the query of the notification URL, when sync added one. */
  readonly urlSecret?: string | undefined;
}

/** The name of the secret in the query. */
export const urlSecretName = 'rollcall-key';

/** A tenant for whose subscription a listener accepts notifications. */
export interface NotifiedTenant {
  /** The digest of the subscription's client state, if this process knows one. */
  readonly clientStateDigest: string | undefined;
  /** The digest of the secret in its notification URL, if there is one. */
  readonly urlSecretDigest?: string | undefined;
  /** Reads the subscription again, at most once per second. */
  refresh(): Promise<void>;
  /** Queues the named calls. @throws StoreError when they cannot be written */
  notified(callIds: readonly string[]): Promise<void>;
  /** Records a lifecycle event. @throws StoreError when it cannot be written */
  lifecycle(event: LifecycleEvent, subscriptionId: string): Promise<void>;
}

interface TenantNotificationsOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly clock: Clock;
  /** Notified when calls were named, and when a lifecycle event arrived. */
  readonly wakes: { readonly calls: Signal; readonly events: Signal };
}

/** The minimum interval between queries, because anyone can send notifications that cause one. */
const betweenRefreshesMs = 1000;

export class TenantNotifications implements NotifiedTenant {
  readonly #options: TenantNotificationsOptions;
  clientStateDigest: string | undefined;
  urlSecretDigest: string | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(options: TenantNotificationsOptions) {
    this.#options = options;
  }

  /** Reads the subscription, which may be new. Callers within a second share one query. */
  refresh(): Promise<void> {
    return (this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined)));
  }

  async notified(callIds: readonly string[]): Promise<void> {
    const { store, tenantId, clock, wakes } = this.#options;
    const observations = callIds.map((callId) => ({ callId, version: undefined, startTicks: undefined }));
    await store.upstream.observe(tenantId, observations, clock.now().getTime());
    wakes.calls.notify();
  }

  async lifecycle(event: LifecycleEvent, subscriptionId: string): Promise<void> {
    const { store, tenantId, wakes } = this.#options;
    await store.upstream.setState(tenantId, event, subscriptionId);
    wakes.events.notify();
  }

  async #refresh(): Promise<void> {
    const { store, tenantId } = this.#options;
    const waitMs = this.#refreshedMs + betweenRefreshesMs - performance.now();
    if (waitMs > 0) await systemClock.sleep(waitMs);
    this.#refreshedMs = performance.now();
    const text = await store.upstream.state(tenantId, 'subscription');
    const { clientState, urlSecret } = text === undefined ? {} : (JSON.parse(text) as SavedSecrets);
    this.clientStateDigest = clientState === undefined ? undefined : digestOf(clientState);
    this.urlSecretDigest = urlSecret === undefined ? undefined : digestOf(urlSecret);
  }
}

/** Returns the digest by which secrets are looked up: the duration of the lookup reveals nothing about a secret. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
