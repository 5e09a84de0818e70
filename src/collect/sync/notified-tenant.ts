/**
 * Takes the notifications of a tenant: what they say is in the store before their sender gets its answer, for the process
 * that syncs the tenant, which may be another.
 */
import { hash } from 'node:crypto';
import { type Clock, systemClock } from '../../base/clock.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { LifecycleEvent } from '../../store/upstream.ts';
import type { Signal } from './signal.ts';

/** How a notification shows that it is of the subscription, as the keeper of the subscription saves it. */
export interface SavedSecrets {
  /** Absent where it is not known: another application instance made the subscription. */
  readonly clientState?: string;
  /** In the query of the notification URL, where sync has put one there. */
  readonly urlSecret?: string;
}

/** What the secret is called in the query. */
export const urlSecretName = 'rollcall-key';

/** A tenant for whose subscription a listener accepts notifications. */
export interface NotifiedTenant {
  /** Of the client state of its subscription, as it is known in this process; `undefined` while there is none. */
  readonly clientStateDigest: string | undefined;
  /** Of the secret in the query of its notification URL, where there is one. */
  readonly urlSecretDigest?: string | undefined;
  /** Reads again which subscription there is. Asks the store once a second at most. */
  refresh(): Promise<void>;
  /** @throws StoreError when they cannot be written down */
  notified(callIds: readonly string[]): Promise<void>;
  /** @throws StoreError when it cannot be written down */
  lifecycle(event: LifecycleEvent, subscriptionId: string): Promise<void>;
}

interface TenantNotificationsOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  /** The clock of the sync. */
  readonly clock: Clock;
  /** Fired when calls were named, and when a lifecycle event came. */
  readonly wakes: { readonly calls: Signal; readonly events: Signal };
}

/** Anyone can send notifications that make the listener query the store. */
const betweenRefreshesMs = 1000;

export class TenantNotifications implements NotifiedTenant {
  readonly #options: TenantNotificationsOptions;
  #clientStateDigest: string | undefined;
  #urlSecretDigest: string | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshedMs = Number.NEGATIVE_INFINITY;

  constructor(options: TenantNotificationsOptions) {
    this.#options = options;
  }

  get clientStateDigest(): string | undefined {
    return this.#clientStateDigest;
  }

  get urlSecretDigest(): string | undefined {
    return this.#urlSecretDigest;
  }

  /** The subscription may have been made a moment ago. Callers within a second share one query. */
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
    this.#clientStateDigest = clientState === undefined ? undefined : digestOf(clientState);
    this.#urlSecretDigest = urlSecret === undefined ? undefined : digestOf(urlSecret);
  }
}

/** Secrets are looked up by digest: the duration of the look-up reveals nothing about the secret. */
export function digestOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
