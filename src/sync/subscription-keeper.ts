/**
 * Keeps one subscription at upstream alive: made when there is none, renewed in time, made anew when it is gone. One
 * process does at a time; all that listen take its notifications.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Claimant } from './claimant.ts';
import { UpstreamFailure } from './failure.ts';
import { digestOf, type LifecycleEvent } from './notified-tenant.ts';
import type { Steadily } from './steady-store.ts';
import type { TenantGate } from './tenant-gate.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { Wake } from './wake.ts';

export interface SubscriptionKeeperOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly claimant: Claimant;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly gate: TenantGate;
  readonly steadily: Steadily;
  /** Where upstream reaches the listener. */
  readonly notificationUrl: string;
  /** Told when changes may have gone by unnoticed: what they were is to be listed. */
  readonly onGap: () => void;
  /** Told why there is no subscription, and with `undefined` when there is one. */
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
const afterFailureMs = 30_000;
/** How often to look what another process has made of it. */
const lookAgainMs = 60_000;
/** Anyone can send notifications that make the listener query the store. */
const betweenRefreshesMs = 1000;

const answered = z.object({ id: z.string().min(1), expirationDateTime: z.string() });

export class SubscriptionKeeper {
  readonly #options: SubscriptionKeeperOptions;
  readonly #wake = new Wake();
  #saved: Saved | undefined;
  #isReauthorizationDue = false;
  /** The subscription that upstream has ended. */
  #removedId: string | undefined;
  #isMine = false;
  #refreshing: Promise<void> | undefined;
  #refreshedMs = Number.NEGATIVE_INFINITY;
  readonly #stopped = new AbortController();

  constructor(options: SubscriptionKeeperOptions) {
    this.#options = options;
  }

  /** Of what upstream sends back to show that it is upstream. */
  get clientStateDigest(): string | undefined {
    return this.#saved && digestOf(this.#saved.clientState);
  }

  /** Another process may have made the subscription a moment ago. Callers within a second share one query. */
  refresh(): Promise<void> {
    return (this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = undefined)));
  }

  async #refresh(): Promise<void> {
    const waitMs = this.#refreshedMs + betweenRefreshesMs - this.#nowMs();
    if (waitMs > 0)
      await this.#options.clock.sleep(Math.min(waitMs, betweenRefreshesMs), this.#stopped.signal);
    this.#refreshedMs = this.#nowMs();
    await this.#load();
  }

  /** Takes a lifecycle notification; what follows from it is done in `run`. */
  lifecycle(event: LifecycleEvent, subscriptionId: string): void {
    if (event === 'missed') this.#options.onGap();
    else if (subscriptionId !== this.#saved?.id) return;
    else if (event === 'reauthorizationRequired') this.#isReauthorizationDue = true;
    else this.#removedId = subscriptionId;
    this.#wake.fire();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, gate, steadily, store, tenantId, claimant, onTrouble } = this.#options;
    const claim = () => store.upstream.claimPart(tenantId, 'subscription', claimant.name, claimant.nowMs());
    while (!signal.aborted) {
      const woken = AbortSignal.any([this.#wake.signal, claimant.changed]);
      let waitMs = afterFailureMs;
      try {
        const wasMine = this.#isMine;
        this.#isMine = await steadily(claim);
        if (!wasMine || claimant.others > 0) await steadily(() => this.#load());
        // Whether it is still there nobody can tell after a pause: upstream may have ended it before its time.
        if (this.#isMine && !wasMine) this.#isReauthorizationDue = this.#saved?.id !== undefined;
        // Whoever keeps it sees it there.
        if (this.#saved?.id !== undefined && this.#saved.id === this.#removedId)
          await this.#save({ ...this.#saved, expirationMs: 0 });
        await gate.open(signal);
        if (this.#isMine) await this.#attend(signal);
        else if (this.#isReauthorizationDue && this.#saved?.id !== undefined)
          await this.#renew(this.#saved, signal);
        onTrouble(undefined);
        waitMs = Math.max((this.#saved?.expirationMs ?? 0) - renewBeforeMs - this.#nowMs(), afterFailureMs);
        if (!this.#isMine || claimant.others > 0) waitMs = Math.min(waitMs, lookAgainMs);
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error;
        onTrouble(error);
        waitMs = Math.max(waitMs, error.retryAfterMs ?? 0);
      }
      await clock.sleep(waitMs, AbortSignal.any([woken, signal]));
    }
    this.#stopped.abort();
    await steadily(() => store.upstream.releasePart(tenantId, 'subscription', claimant.name));
  }

  async #load(): Promise<void> {
    const { store, tenantId } = this.#options;
    const text = await store.upstream.state(tenantId, 'subscription');
    this.#saved = text === undefined ? undefined : (JSON.parse(text) as Saved); // written by #save
  }

  async #attend(signal: AbortSignal): Promise<void> {
    const saved = this.#saved;
    const nowMs = this.#nowMs();
    const { notificationUrl } = this.#options;
    if (saved?.id === undefined || saved.notificationUrl !== notificationUrl || saved.expirationMs <= nowMs)
      return this.#create(signal);
    if (this.#isReauthorizationDue || saved.expirationMs - nowMs <= renewBeforeMs)
      return this.#renew(saved, signal);
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
    const { steadily, store, tenantId } = this.#options;
    this.#saved = saved;
    await steadily(() => store.upstream.setState(tenantId, 'subscription', JSON.stringify(saved)));
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

/** Nobody here is notified any more: what is left of a subscription is not waited for, unless another process keeps it. */
export async function forgetSubscription(
  { upstream }: CallRecordStore,
  tenantId: string,
  claimant: Pick<Claimant, 'name' | 'nowMs'>,
): Promise<void> {
  if (!(await upstream.claimPart(tenantId, 'subscription', claimant.name, claimant.nowMs()))) return;
  await upstream.setState(tenantId, 'subscription', undefined);
  await upstream.releasePart(tenantId, 'subscription', claimant.name);
}
