/**
 * Keeps one upstream subscription alive: creates it, renews it in time, and recreates it when it is deleted. Graph
 * allows one per application for the same changes, so sync adopts an existing one.
 */
import { nowOf } from '../../base/clock.ts';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { LifecycleEvent } from '../../store/upstream.ts';
import { UpstreamFailure } from './failure.ts';
import { type SavedSecrets, urlSecretName } from './notified-tenant.ts';
import { subscriptionRetry, withRetry } from './with-retry.ts';
import type { Signal } from './signal.ts';
import type { TenantWork } from './tenant-work.ts';

interface Saved extends SavedSecrets {
  /** Absent until upstream has responded. */
  readonly id?: string | undefined;
  /** The configured URL, without the secret. */
  readonly notificationUrl: string;
  readonly expirationMs: number;
  /** The subscription that this one replaces, which may exist until upstream has responded. */
  readonly former?: (SavedSecrets & { readonly id: string }) | undefined;
}

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
  readonly #work: TenantWork;
  readonly #notificationUrl: string;
  readonly #gap: Signal;
  #saved: Saved | undefined;
  #isReauthorizationDue = false;

  /**
   * Creates the keeper.
   *
   * @param notificationUrl The URL at which upstream reaches the listener.
   * @param gap Notified when notifications may have been missed, so that the changes must be listed.
   */
  constructor(work: TenantWork, notificationUrl: string, gap: Signal) {
    this.#work = work;
    this.#notificationUrl = notificationUrl;
    this.#gap = gap;
  }

  async run(): Promise<void> {
    const { clock, askStore, store, tenantId, wakes, signal } = this.#work;
    const onFailure = (failure: UpstreamFailure | undefined) =>
      this.#report(
        failure && `Sync could not create or renew its subscription at upstream. ${failure.message}`,
      );
    const text = await askStore(() => store.upstream.state(tenantId, 'subscription'));
    this.#saved = text === undefined ? undefined : (JSON.parse(text) as Saved); // written by #save
    // After a pause the subscription may be gone: upstream may have ended it early.
    this.#isReauthorizationDue = this.#saved?.id !== undefined;
    while (!signal.aborted) {
      const woken = wakes.events.signal;
      await withRetry(() => this.#renewWhenDue(), this.#work, subscriptionRetry(onFailure));
      onFailure(undefined);
      const renewMs = (this.#saved?.expirationMs ?? 0) - renewBeforeMs;
      const waitMs = Math.min(Math.max(renewMs - nowOf(this.#work), shortestWaitMs), lookAgainMs);
      await clock.sleep(waitMs, AbortSignal.any([woken, signal]));
    }
  }

  async #renewWhenDue(): Promise<void> {
    const { gate, signal } = this.#work;
    for (const event of lifecycleEvents) await this.#hear(event);
    await gate.open(signal);
    const saved = this.#saved;
    const nowMs = nowOf(this.#work);
    if (saved?.id === undefined || saved.expirationMs <= nowMs) return this.#create();
    if (saved.notificationUrl !== this.#notificationUrl) return this.#lead(saved.id, saved);
    if (this.#isReauthorizationDue || saved.expirationMs - nowMs <= renewBeforeMs)
      return this.#renew({ ...saved, id: saved.id });
  }

  /** Handles a lifecycle event that this process or one on standby received. */
  async #hear(event: LifecycleEvent): Promise<void> {
    const { store, tenantId, askStore } = this.#work;
    const subscriptionId = await askStore(() => store.upstream.state(tenantId, event));
    if (subscriptionId === undefined) return;
    await askStore(() => store.upstream.setState(tenantId, event, undefined));
    if (event === 'missed') this.#gap.notify();
    else if (this.#saved === undefined || subscriptionId !== this.#saved.id) return;
    else if (event === 'reauthorizationRequired') this.#isReauthorizationDue = true;
    else await this.#save({ ...this.#saved, expirationMs: 0 });
  }

  async #create(mayAdopt = true): Promise<void> {
    const notificationUrl = this.#notificationUrl;
    const before = this.#saved;
    const expirationMs = nowOf(this.#work) + lifetimeMs;
    // The response to the last request was lost: a subscription that it created is ours.
    const isRepeated = before !== undefined && before.id === undefined;
    const clientState = (isRepeated ? before.clientState : undefined) ?? newSecret();
    // Saved before the request, because the first notification may arrive before the response.
    await this.#save({ clientState, notificationUrl, expirationMs: 0, former: formerOf(before) });
    try {
      const body = await this.#send('POST', 'v1.0/subscriptions', {
        // The first version of a call is an update too (reference "Change notifications for call records").
        changeType: 'updated',
        notificationUrl,
        lifecycleNotificationUrl: notificationUrl,
        resource: '/communications/callRecords',
        expirationDateTime: new Date(expirationMs).toISOString(),
        clientState,
        latestSupportedTlsVersion: 'v1_2',
      });
      const { id, expirationMs: untilMs } = understood(body);
      await this.#save({ id, clientState, notificationUrl, expirationMs: untilMs });
      this.#gap.notify();
    } catch (error) {
      const id = mayAdopt ? existingId(error) : undefined;
      if (id === undefined) throw error;
      await this.#adopt(id, isRepeated ? before : undefined);
    }
  }

  /** Adopts a subscription. @param asked An earlier request whose response was lost. */
  async #adopt(id: string, asked: Saved | undefined): Promise<void> {
    const notificationUrl = this.#notificationUrl;
    const { notificationUrl: address } = parsed(found, await this.#send('GET', pathOf(id)));
    const former = this.#saved?.former;
    const isOwn = former?.id === id || (asked !== undefined && addressOf(asked) === address);
    const known: SavedSecrets = isOwn ? ((former?.id === id ? former : asked) ?? {}) : {};
    if (withoutSecret(address) !== notificationUrl)
      this.#report(
        `Upstream has subscription ${id} for these changes, which notified ${hostOf(address)}. Sync takes it over and sets its address to --notification-url.`,
      );
    // The client state of another instance's subscription is unknown: its URL gets a secret instead.
    const { clientState, urlSecret = clientState === undefined ? newSecret() : undefined } = known;
    await this.#save({ clientState, urlSecret, former, notificationUrl, expirationMs: 0 });
    await this.#lead(id, { clientState, urlSecret });
  }

  /** Points a subscription to the listener. If upstream cannot change it, it is deleted and recreated. */
  async #lead(id: string, { clientState, urlSecret }: SavedSecrets): Promise<void> {
    const notificationUrl = this.#notificationUrl;
    const expirationDateTime = new Date(nowOf(this.#work) + lifetimeMs).toISOString();
    const address = addressOf({ notificationUrl, urlSecret });
    try {
      const change = { expirationDateTime, notificationUrl: address };
      const answer = understood(await this.#send('PATCH', pathOf(id), change));
      await this.#save({
        ...{ id: answer.id, notificationUrl, expirationMs: answer.expirationMs },
        ...{ clientState: answer.clientState ?? clientState, urlSecret },
      });
      this.#isReauthorizationDue = false;
      this.#gap.notify();
    } catch (error) {
      const status = refusedChange(error);
      if (status === undefined) throw error;
      this.#report(
        `Upstream did not change the notificationUrl of subscription ${id} (status ${status}). Sync deletes it and creates another.`,
      );
      await this.#delete(id);
      await this.#create(false);
    }
  }

  async #delete(id: string): Promise<void> {
    try {
      await this.#send('DELETE', pathOf(id));
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || error.reason !== 'notFound') throw error;
    }
  }

  async #renew(saved: Saved & { readonly id: string }): Promise<void> {
    const expirationDateTime = new Date(nowOf(this.#work) + lifetimeMs).toISOString();
    try {
      // A later expiration also answers a reauthorization challenge.
      const body = await this.#send('PATCH', pathOf(saved.id), { expirationDateTime });
      const { expirationMs, address } = understood(body);
      this.#isReauthorizationDue = false;
      await this.#save({ ...saved, expirationMs });
      if (address === undefined || address === addressOf(saved)) return;
      this.#report(
        `Subscription ${saved.id} of this sync notifies ${hostOf(address)}: another program has changed it. Sync sets its address back to --notification-url. Register a separate application for each program.`,
      );
      await this.#lead(saved.id, saved);
    } catch (error) {
      if (!(error instanceof UpstreamFailure) || error.reason !== 'notFound') throw error;
      this.#isReauthorizationDue = false;
      await this.#create();
    }
  }

  async #save(saved: Saved): Promise<void> {
    const { askStore, store, tenantId } = this.#work;
    this.#saved = saved;
    await askStore(() => store.upstream.setState(tenantId, 'subscription', JSON.stringify(saved)));
  }

  #send(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Buffer> {
    return this.#work.client.send(method, path, body, this.#work.signal);
  }

  /** Reports why there is no subscription or what was done to one; nothing when there is one. */
  #report(problem: string | undefined): void {
    this.#work.report.report('subscription', problem);
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

function formerOf(before: Saved | undefined): Saved['former'] {
  if (before?.id === undefined) return before?.former;
  const { id, clientState, urlSecret } = before;
  return { id, clientState, urlSecret };
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
