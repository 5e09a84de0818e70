/** Keeps one subscription at upstream alive: creates it, renews it in time, and creates another when it is gone. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { LifecycleEvent } from '../store/upstream.ts';
import { UpstreamFailure } from './failure.ts';
import { type AskStore, subscriptionRetry, withRetry } from './retry.ts';
import type { TenantGate } from './tenant-gate.ts';
import type { UpstreamClient } from './upstream-client.ts';
import type { Wake } from './wake.ts';

interface SubscriptionKeeperOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly gate: TenantGate;
  readonly askStore: AskStore;
  /** Fired when a lifecycle event was written down. */
  readonly wake: Wake;
  /** Where upstream reaches the listener. */
  readonly notificationUrl: string;
  /** Called when changes may have gone by unnoticed: what they were is to be listed. */
  readonly onGap: () => void;
  /** Called with the reason why there is no subscription, and with `undefined` when there is one. */
  readonly onTrouble: (failure: UpstreamFailure | undefined) => void;
}

interface Saved {
  /** Absent until upstream has answered. */
  readonly id?: string;
  readonly clientState: string;
  readonly notificationUrl: string;
  readonly expirationMs: number;
}

/** Graph takes 4,230 minutes at most; the rest is for clocks that differ. */
const lifetimeMs = 4200 * 60_000;
/** Renewed when so much is left: a day in which it may fail. */
const renewBeforeMs = 24 * 3600_000;
const shortestWaitMs = 30_000;
/** How often to look for lifecycle events that another process has received. */
const lookAgainMs = 300_000;
const lifecycleEvents: readonly LifecycleEvent[] = [
  'missed',
  'subscriptionRemoved',
  'reauthorizationRequired',
];

const answered = z.object({ id: z.string().min(1), expirationDateTime: z.string() });

export class SubscriptionKeeper {
  readonly #options: SubscriptionKeeperOptions;
  #saved: Saved | undefined;
  #isReauthorizationDue = false;

  constructor(options: SubscriptionKeeperOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, askStore, store, tenantId, wake, onTrouble } = this.#options;
    const text = await askStore(() => store.upstream.state(tenantId, 'subscription'));
    this.#saved = text === undefined ? undefined : (JSON.parse(text) as Saved); // written by #save
    // Whether it is still there nobody can tell after a pause: upstream may have ended it before its time.
    this.#isReauthorizationDue = this.#saved?.id !== undefined;
    while (!signal.aborted) {
      const woken = wake.signal;
      await withRetry(() => this.#attend(signal), { clock, signal, ...subscriptionRetry(onTrouble) });
      onTrouble(undefined);
      const renewMs = (this.#saved?.expirationMs ?? 0) - renewBeforeMs;
      const waitMs = Math.min(Math.max(renewMs - this.#nowMs(), shortestWaitMs), lookAgainMs);
      await clock.sleep(waitMs, AbortSignal.any([woken, signal]));
    }
  }

  async #attend(signal: AbortSignal): Promise<void> {
    const { notificationUrl, gate } = this.#options;
    for (const event of lifecycleEvents) await this.#hear(event);
    await gate.open(signal);
    const saved = this.#saved;
    const nowMs = this.#nowMs();
    if (saved?.id === undefined || saved.notificationUrl !== notificationUrl || saved.expirationMs <= nowMs)
      return this.#create(signal);
    if (this.#isReauthorizationDue || saved.expirationMs - nowMs <= renewBeforeMs)
      return this.#renew(saved, signal);
  }

  /** Acts on a lifecycle event that was received since, here or by a process on standby. */
  async #hear(event: LifecycleEvent): Promise<void> {
    const { store, tenantId, askStore, onGap } = this.#options;
    const subscriptionId = await askStore(() => store.upstream.state(tenantId, event));
    if (subscriptionId === undefined) return;
    await askStore(() => store.upstream.setState(tenantId, event, undefined));
    if (event === 'missed') onGap();
    else if (this.#saved === undefined || subscriptionId !== this.#saved.id) return;
    else if (event === 'reauthorizationRequired') this.#isReauthorizationDue = true;
    else await this.#save({ ...this.#saved, expirationMs: 0 });
  }

  async #create(signal: AbortSignal): Promise<void> {
    const { client, notificationUrl, onGap } = this.#options;
    const expirationMs = this.#nowMs() + lifetimeMs;
    // Before upstream is asked: its first notification may come before its answer does.
    const clientState = randomBytes(32).toString('base64url');
    await this.#save({ clientState, notificationUrl, expirationMs: 0 });
    const body = await client.send(
      'POST',
      'v1.0/subscriptions',
      {
        // The first version of a call is an update too (reference "Change notifications for call records").
        changeType: 'updated',
        notificationUrl,
        lifecycleNotificationUrl: notificationUrl,
        resource: '/communications/callRecords',
        expirationDateTime: new Date(expirationMs).toISOString(),
        clientState,
        latestSupportedTlsVersion: 'v1_2',
      },
      signal,
    );
    await this.#save({ clientState, notificationUrl, ...understood(body) });
    onGap();
  }

  async #renew(saved: Saved, signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    const path = `v1.0/subscriptions/${encodeURIComponent(saved.id!)}`; // #attend asked
    const expirationDateTime = new Date(this.#nowMs() + lifetimeMs).toISOString();
    try {
      // A later expiration is also what a challenge is answered with.
      const body = await client.send('PATCH', path, { expirationDateTime }, signal);
      this.#isReauthorizationDue = false;
      await this.#save({ ...saved, ...understood(body) });
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || error.reason !== 'notFound') throw error;
      this.#isReauthorizationDue = false;
      await this.#create(signal);
    }
  }

  async #save(saved: Saved): Promise<void> {
    const { askStore, store, tenantId } = this.#options;
    this.#saved = saved;
    await askStore(() => store.upstream.setState(tenantId, 'subscription', JSON.stringify(saved)));
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}

function understood(body: Buffer): { id: string; expirationMs: number } {
  try {
    const { id, expirationDateTime } = answered.parse(JSON.parse(body.toString()));
    const expirationMs = Date.parse(expirationDateTime);
    if (Number.isNaN(expirationMs)) throw new TypeError('no date');
    return { id, expirationMs };
  } catch (error) {
    throw new UpstreamFailure('notUnderstood', { detail: 'the answer to a subscription', cause: error });
  }
}
