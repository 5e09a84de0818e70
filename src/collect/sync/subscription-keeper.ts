/**
 * Keeps one upstream subscription alive: creates it, renews it in time, and recreates it when it is deleted. Graph
 * allows one per application for the same changes, so sync adopts an existing one.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { LifecycleEvent } from '../../store/upstream.ts';
import { UpstreamFailure } from './failure.ts';
import { type SavedSecrets, urlSecretName } from './notified-tenant.ts';
import { type AskStore, subscriptionRetry, withRetry } from './with-retry.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { UpstreamClient } from './upstream-client.ts';
import type { Signal } from './signal.ts';

interface SubscriptionKeeperOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly gate: CircuitBreaker;
  readonly askStore: AskStore;
  /** Notified when a lifecycle event was written. */
  readonly wake: Signal;
  /** The URL at which upstream reaches the listener. */
  readonly notificationUrl: string;
  /** Called when notifications may have been missed, so that the changes must be listed. */
  readonly onGap: () => void;
  /** Called with the reason when there is no subscription, and with `undefined` when there is one. */
  readonly onFailure: (failure: UpstreamFailure | undefined) => void;
  /** Called with a warning about a change to a subscription that another instance created. */
  readonly onWarning: (warning: string) => void;
}

interface Saved extends SavedSecrets {
  /** Absent until upstream has responded. */
  readonly id?: string;
  /** The configured URL, without the secret. */
  readonly notificationUrl: string;
  readonly expirationMs: number;
  /** The subscription that this one replaces, which may exist until upstream has responded. */
  readonly former?: SavedSecrets & { readonly id: string };
}

type Known = Pick<Saved, 'clientState' | 'urlSecret'>;

/** Graph allows 4,230 minutes; the difference allows for clock differences. */
const lifetimeMs = 4200 * 60_000;
/** The remaining lifetime at which it is renewed: a day for retries. */
const renewBeforeMs = 24 * 3600_000;
const shortestWaitMs = 30_000;
/** The interval at which to check for lifecycle events that another process received. */
const lookAgainMs = 300_000;
const lifecycleEvents: readonly LifecycleEvent[] = [
  'missed',
  'subscriptionRemoved',
  'reauthorizationRequired',
];

const answered = z.object({
  id: z.string().min(1),
  expirationDateTime: z.string(),
  clientState: z.string().min(1).max(128).nullish().catch(undefined),
  notificationUrl: z.string().nullish().catch(undefined),
});
const found = z.object({ notificationUrl: z.string() });
const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

export class SubscriptionKeeper {
  readonly #options: SubscriptionKeeperOptions;
  #saved: Saved | undefined;
  #isReauthorizationDue = false;

  constructor(options: SubscriptionKeeperOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, askStore, store, tenantId, wake, onFailure } = this.#options;
    const text = await askStore(() => store.upstream.state(tenantId, 'subscription'));
    this.#saved = text === undefined ? undefined : (JSON.parse(text) as Saved); // written by #save
    // After a pause the subscription may be gone: upstream may have ended it early.
    this.#isReauthorizationDue = this.#saved?.id !== undefined;
    while (!signal.aborted) {
      const woken = wake.signal;
      await withRetry(() => this.#renewWhenDue(signal), { clock, signal, ...subscriptionRetry(onFailure) });
      onFailure(undefined);
      const renewMs = (this.#saved?.expirationMs ?? 0) - renewBeforeMs;
      const waitMs = Math.min(Math.max(renewMs - this.#nowMs(), shortestWaitMs), lookAgainMs);
      await clock.sleep(waitMs, AbortSignal.any([woken, signal]));
    }
  }

  async #renewWhenDue(signal: AbortSignal): Promise<void> {
    const { notificationUrl, gate } = this.#options;
    for (const event of lifecycleEvents) await this.#hear(event);
    await gate.open(signal);
    const saved = this.#saved;
    const nowMs = this.#nowMs();
    if (saved?.id === undefined || saved.expirationMs <= nowMs) return this.#create(signal);
    if (saved.notificationUrl !== notificationUrl) return this.#lead(saved.id, saved, signal);
    if (this.#isReauthorizationDue || saved.expirationMs - nowMs <= renewBeforeMs)
      return this.#renew({ ...saved, id: saved.id }, signal);
  }

  /** Handles a lifecycle event that this process or one on standby received. */
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

  async #create(signal: AbortSignal, mayAdopt = true): Promise<void> {
    const { client, notificationUrl, onGap } = this.#options;
    const before = this.#saved;
    const expirationMs = this.#nowMs() + lifetimeMs;
    // The response to the last request was lost: a subscription that it created is ours.
    const isRepeated = before !== undefined && before.id === undefined;
    const clientState = (isRepeated ? before.clientState : undefined) ?? newSecret();
    // Saved before the request, because the first notification may arrive before the response.
    await this.#save({ clientState, notificationUrl, expirationMs: 0, ...formerOf(before) });
    try {
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
      const { id, expirationMs: untilMs } = understood(body);
      await this.#save({ id, clientState, notificationUrl, expirationMs: untilMs });
      onGap();
    } catch (error) {
      const id = mayAdopt ? existingId(error) : undefined;
      if (id === undefined) throw error;
      await this.#adopt(id, isRepeated ? before : undefined, signal);
    }
  }

  /** Adopts a subscription. @param asked An earlier request whose response was lost. */
  async #adopt(id: string, asked: Saved | undefined, signal: AbortSignal): Promise<void> {
    const { client, notificationUrl, onWarning } = this.#options;
    const { notificationUrl: address } = parsed(
      found,
      await client.send('GET', pathOf(id), undefined, signal),
    );
    const former = this.#saved?.former;
    const isOwn = former?.id === id || (asked !== undefined && addressOf(asked) === address);
    const { clientState, urlSecret } = (former?.id === id ? former : asked) ?? {};
    const known: Known = {
      ...(isOwn && clientState !== undefined && { clientState }),
      ...(isOwn && urlSecret !== undefined && { urlSecret }),
    };
    if (withoutSecret(address) !== notificationUrl)
      onWarning(
        `Upstream has subscription ${id} for these changes, which notified ${hostOf(address)}. Sync takes it over and sets its address to --notification-url.`,
      );
    // The client state of another instance's subscription is unknown: its URL gets a secret instead.
    const isKnown = known.clientState !== undefined || known.urlSecret !== undefined;
    const saved = {
      ...(isKnown ? known : { urlSecret: newSecret() }),
      ...(former !== undefined && { former }),
    };
    await this.#save({ ...saved, notificationUrl, expirationMs: 0 });
    await this.#lead(id, saved, signal);
  }

  /** Points a subscription to the listener. If upstream cannot change it, it is deleted and recreated. */
  async #lead(id: string, { clientState, urlSecret }: Known, signal: AbortSignal): Promise<void> {
    const { client, notificationUrl, onGap, onWarning } = this.#options;
    const expirationDateTime = new Date(this.#nowMs() + lifetimeMs).toISOString();
    const address = addressOf({ notificationUrl, ...(urlSecret !== undefined && { urlSecret }) });
    try {
      const change = { expirationDateTime, notificationUrl: address };
      const answer = understood(await client.send('PATCH', pathOf(id), change, signal));
      const shown = answer.clientState ?? clientState;
      await this.#save({
        ...{ id: answer.id, notificationUrl, expirationMs: answer.expirationMs },
        ...(shown !== undefined && { clientState: shown }),
        ...(urlSecret !== undefined && { urlSecret }),
      });
      this.#isReauthorizationDue = false;
      onGap();
    } catch (error) {
      const status = refusedChange(error);
      if (status === undefined) throw error;
      onWarning(
        `Upstream did not change the notificationUrl of subscription ${id} (status ${status}). Sync deletes it and creates another.`,
      );
      await this.#delete(id, signal);
      await this.#create(signal, false);
    }
  }

  async #delete(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#options.client.send('DELETE', pathOf(id), undefined, signal);
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || error.reason !== 'notFound') throw error;
    }
  }

  async #renew(saved: Saved & { readonly id: string }, signal: AbortSignal): Promise<void> {
    const { client, onWarning } = this.#options;
    const expirationDateTime = new Date(this.#nowMs() + lifetimeMs).toISOString();
    try {
      // A later expiration also answers a reauthorization challenge.
      const body = await client.send('PATCH', pathOf(saved.id), { expirationDateTime }, signal);
      const { expirationMs, address } = understood(body);
      this.#isReauthorizationDue = false;
      await this.#save({ ...saved, expirationMs });
      if (address === undefined || address === addressOf(saved)) return;
      onWarning(
        `Subscription ${saved.id} of this sync notifies ${hostOf(address)}: another program has changed it. Sync sets its address back to --notification-url. Register a separate application for each program.`,
      );
      await this.#lead(saved.id, saved, signal);
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

interface Understood extends Pick<Saved, 'expirationMs'> {
  readonly id: string;
  readonly clientState: string | undefined;
  readonly address: string | undefined;
}

function understood(body: Buffer): Understood {
  const { id, expirationDateTime, clientState, notificationUrl } = parsed(answered, body);
  const expirationMs = Date.parse(expirationDateTime);
  if (Number.isNaN(expirationMs)) throw notASubscription();
  return { id, expirationMs, clientState: clientState ?? undefined, address: notificationUrl ?? undefined };
}

function parsed<T>(schema: z.ZodType<T>, body: Buffer): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch (error) {
    throw notASubscription(error);
  }
}

function notASubscription(cause?: unknown): UpstreamFailure {
  return new UpstreamFailure('notUnderstood', { detail: 'the response to a subscription', cause });
}

/** Returns the id that a 409 names. */
function existingId(error: unknown): string | undefined {
  const refusal = error instanceof UpstreamFailure ? error.refusal : undefined;
  return refusal?.status === 409 ? guid.exec(refusal.message)?.[0] : undefined;
}

/** Returns the status when upstream rejects the new URL; a failed validation of the URL does not count. */
function refusedChange(error: unknown): number | undefined {
  const { status = 0, message = '' } = (error instanceof UpstreamFailure && error.refusal) || {};
  const isRefused = [400, 404, 405].includes(status) && !/validation request/i.test(message);
  return isRefused ? status : undefined;
}

function formerOf(before: Saved | undefined): Pick<Saved, 'former'> {
  if (before?.id === undefined) return before?.former === undefined ? {} : { former: before.former };
  const { id, clientState, urlSecret } = before;
  return {
    former: {
      id,
      ...(clientState !== undefined && { clientState }),
      ...(urlSecret !== undefined && { urlSecret }),
    },
  };
}

/** Returns the URL to which a subscription notifies. */
function addressOf({ notificationUrl, urlSecret }: Pick<Saved, 'notificationUrl' | 'urlSecret'>): string {
  if (urlSecret === undefined) return notificationUrl;
  return `${notificationUrl}${notificationUrl.includes('?') ? '&' : '?'}${urlSecretName}=${urlSecret}`;
}

function withoutSecret(address: string): string {
  const at = address.search(new RegExp(`[?&]${urlSecretName}=`));
  return at < 0 ? address : address.slice(0, at);
}

/** Returns the host only, because the path and the query may contain a secret. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'another address';
}

function pathOf(id: string): string {
  return `v1.0/subscriptions/${encodeURIComponent(id)}`;
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
