/**
 * Delivers due notifications from the outbox at least once. Notifications for one endpoint share a body, and no
 * endpoint delays another. Among processes that share a store, one delivers at a time.
 */
import { once } from 'node:events';
import { runRepeatedly } from '../base/background.ts';
import type { Clock } from '../base/clock.ts';
import { type HttpClient, HttpFailure, type HttpFailureReason } from '../base/http-client.ts';
import { LeaseHolder } from '../store/lease-holder.ts';
import type { CallRecordStore } from '../store/store.ts';
import { StoreReadOnly } from '../store/store-errors.ts';
import type { OutboxEntry, Settlement } from '../store/subscriptions.ts';
import { type FailedDelivery, nextAttemptMs, retryForMs } from './back-off.ts';
import { nextChallengeMs } from './challenge.ts';
import { DeliveryEndpoint } from './delivery-endpoint.ts';
import type { DeliveryTimes } from './delivery-times.ts';
import type { DeliveryHook } from './delivery-hook.ts';
import { formatNotifications } from './payload.ts';
import { createSettling } from './settlements.ts';
import { triage } from './triage.ts';

export interface DispatcherOptions {
  readonly store: Pick<CallRecordStore, 'subscriptions' | 'leases' | 'revision'>;
  readonly client: HttpClient;
  /** The clock that the store was opened with. */
  readonly clock: Clock;
  readonly times: DeliveryTimes;
  readonly deliveryHook?: DeliveryHook | undefined;
  /** Called with each error: a store that does not respond, or a defect. */
  readonly onError: (error: unknown) => void;
}

/** Notifications by outcome since the process started. */
interface DeliveryCounts {
  delivered: number;
  failed: number;
  /** Failed deliveries that are retried. */
  retried: number;
  /** Dropped notifications: after four hours, or because the endpoint is too slow. */
  dropped: number;
}

export interface Dispatcher {
  readonly counts: Readonly<DeliveryCounts>;
  /** Starts the next round at once. Without it, polling notices what another process wrote. */
  wake(): void;
  /**
   * Resolves when no delivery is in flight or due, for tests that then move the clock.
   *
   * @param withinMs Real time after which it resolves in any case: an endpoint may itself wait for the clock.
   */
  idle(withinMs: number): Promise<void>;
  /** Stops within a few seconds: deliveries that are not settled by then are sent again by the next dispatcher. */
  stop(): Promise<void>;
}

/** Notifications in the body of a probe: Graph sends "a small number". */
const probeSize = 10;
/** Notifications per body: about 50 kB, half of Express's default body limit. */
const batchSize = 100;
/** Maximum concurrent requests to all endpoints; above the lower limit, failing endpoints get none. */
const concurrency = 64;
const failingConcurrency = 32;
/** The polling interval for writes by other processes, in real time: other processes do not follow a moved clock. */
const pollMs = 250;
/** The lease after which another process takes over from a killed one; longer than a delivery may take. */
const leaseTimes = { forMs: 12_000, renewMs: 1000 };
/** How long to wait while another process delivers, or while the store does not respond. */
const standByMs = 2000;
const failureMs = 1000;
/** How long deliveries in flight may take after `stop`. */
const stopMs = 3000;

export function startDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, client, clock, times, deliveryHook, onError } = options;
  const { subscriptions } = store;
  const nowMs = () => clock.now().getTime();
  const counts: DeliveryCounts = { delivered: 0, failed: 0, retried: 0, dropped: 0 };
  const settling = createSettling(subscriptions, clock, onError);
  const endpoints = new Map<string, DeliveryEndpoint>();
  const underWay = new Set<Promise<void>>();
  const lease = new LeaseHolder({ store, name: 'delivery', ...leaseTimes });
  const stopping = new AbortController();
  const aborting = new AbortController();
  let woken = new AbortController();
  /** True when the last round ended with an error. */
  let isFailing = false;

  /** The current round. */
  let looking: Promise<unknown> | undefined;

  const wake = () => woken.abort();

  /** Starts all deliveries that may start. @returns When the next is due, unless `wake` is called earlier. */
  async function round(): Promise<number | undefined> {
    await subscriptions.attend(retryForMs, (subscription) => nextChallengeMs(subscription, nowMs()));
    const found = await subscriptions.endpoints();
    const now = nowMs();
    const wanted = new Set(found.map(({ url }) => url));
    for (const [url, endpoint] of endpoints)
      if (endpoint.isForgettable(now, wanted.has(url))) endpoints.delete(url);
    const ready = found.filter(({ url, dueMs }) => dueMs <= now && endpointOf(url).free(now) > 0);
    if (ready.length > 0 && !(await isHolder())) return now + standByMs;
    for (const { url } of ready) await begin(url);
    const later = found.filter(({ dueMs }) => dueMs > now).map(({ dueMs }) => dueMs);
    const challengeMs = await subscriptions.nextChallengeMs();
    const times = [...later, ...(challengeMs === undefined ? [] : [challengeMs])];
    return times.length === 0 ? undefined : Math.min(...times);
  }

  async function isHolder(): Promise<boolean> {
    try {
      return await lease.ensure();
    } catch (error) {
      // Nothing is delivered while the store is read-only, because the delivery could not be recorded.
      if (error instanceof StoreReadOnly) return false;
      throw error;
    }
  }

  function endpointOf(url: string): DeliveryEndpoint {
    let endpoint = endpoints.get(url);
    if (endpoint === undefined) endpoints.set(url, (endpoint = new DeliveryEndpoint(times)));
    return endpoint;
  }

  /** Takes the due notifications of an endpoint, up to its free capacity. */
  async function begin(url: string): Promise<void> {
    const endpoint = endpointOf(url);
    const overall = endpoint.isFailing ? failingConcurrency : concurrency;
    const places = Math.min(endpoint.free(nowMs()), overall - underWay.size);
    if (places <= 0) return;
    const state = endpoint.health.state(nowMs());
    const size = state === 'probe' ? probeSize : batchSize;
    // Copied before the query: entries settled meanwhile may still be in its result.
    const taken = new Set(endpoint.taken);
    const due = await subscriptions.due(url, taken.size + places * size);
    const untaken = due.filter(({ number }) => !taken.has(number)).slice(0, places * size);
    const chosen = inBodies(untaken, size).slice(0, places).flat();
    const { send, twice, settlements, dropped } = triage(chosen, {
      nowMs: nowMs(),
      state,
      deliveryHook,
    });
    for (const { number } of chosen) endpoint.taken.add(number);
    counts.dropped += dropped;
    if (settlements.length > 0) follow(settle(endpoint, settlements));
    for (const body of inBodies(send, size)) {
      endpoint.begin();
      follow(deliver(url, endpoint, body, twice));
    }
  }

  function follow(work: Promise<void>): void {
    const followed = work.catch(onError).finally(() => {
      underWay.delete(followed);
      wake();
    });
    underWay.add(followed);
  }

  async function deliver(
    url: string,
    endpoint: DeliveryEndpoint,
    batch: readonly OutboxEntry[],
    twice: readonly OutboxEntry[],
  ): Promise<void> {
    const startedMs = nowMs();
    const isRetry = batch.some(({ attempts }) => attempts > 0);
    const timeoutMs = isRetry || endpoint.health.isProbedForDrop(startedMs) ? times.retryMs : times.firstMs;
    const outcome = await send(url, batch, timeoutMs);
    const isDelivered = typeof outcome === 'number' && outcome >= 200 && outcome < 300;
    endpoint.end(!isDelivered);
    if (outcome === 'stopped') {
      // The notifications may have arrived; the next dispatcher sends them again.
      for (const { number } of batch) endpoint.taken.delete(number);
      return;
    }
    if (outcome === 'timedOut') endpoint.health.record(nowMs(), batch.length, timeoutMs);
    else if (typeof outcome === 'number') endpoint.health.record(nowMs(), batch.length, nowMs() - startedMs);
    const again = isDelivered ? twice.filter((entry) => batch.includes(entry)) : [];
    if (again.length > 0) await send(url, again, times.retryMs);
    // Notifications that failed together are retried together.
    const failed = { nowMs: nowMs(), random: Math.random() };
    await settle(
      endpoint,
      batch.map((entry) => settlementOf(entry, isDelivered, failed)),
    );
  }

  /** Sends a body. @returns The status of the response, or why there is none. */
  async function send(
    url: string,
    batch: readonly OutboxEntry[],
    timeoutMs: number,
  ): Promise<number | HttpFailureReason | 'stopped'> {
    try {
      const { status } = await client.send(
        {
          method: 'POST',
          url: new URL(url),
          headers: { 'Content-Type': 'application/json; charset=utf-8' },
          body: formatNotifications(batch),
          awaits: 'head',
          timeoutMs,
        },
        aborting.signal,
      );
      return status;
    } catch (error) {
      if (error instanceof HttpFailure) return error.reason;
      if (aborting.signal.aborted) return 'stopped';
      throw error;
    }
  }

  function settlementOf(entry: OutboxEntry, isDelivered: boolean, failed: FailedDelivery): Settlement {
    const { number, attempts } = entry;
    if (isDelivered) {
      counts.delivered++;
      return { number, outcome: 'done' };
    }
    counts.failed++;
    const dueMs = nextAttemptMs(attempts + 1, entry.causedMs, failed);
    if (dueMs === undefined) counts.dropped++;
    else counts.retried++;
    return dueMs === undefined ? { number, outcome: 'done' } : { number, outcome: 'retry', dueMs };
  }

  async function settle(endpoint: DeliveryEndpoint, settlements: readonly Settlement[]): Promise<void> {
    await settling.settle(settlements);
    for (const { number } of settlements) endpoint.taken.delete(number);
  }

  let revision: number | undefined;
  let asking: Promise<void> | undefined;
  const ask = async () => {
    try {
      const found = await store.revision();
      if (found === undefined || found !== revision) wake();
      revision = found;
    } catch {
      if (!isFailing) wake(); // the turn reports the error
      revision = undefined; // due again as soon as the store responds
    }
  };
  const poll = setInterval(() => {
    asking ??= ask().finally(() => (asking = undefined));
  }, pollMs);
  poll.unref();

  async function turn(): Promise<number> {
    const begun = round();
    looking = begun.catch(() => undefined);
    try {
      const dueMs = await begun;
      isFailing = false;
      return dueMs === undefined ? Infinity : Math.max(dueMs - nowMs(), 0);
    } catch (error) {
      isFailing = true;
      throw error;
    } finally {
      looking = undefined;
    }
  }

  const running = runRepeatedly({
    task: 'notifications',
    clock,
    signal: stopping.signal,
    work: turn,
    woken: () => (woken = new AbortController()).signal,
    longestMs: failureMs,
    onError,
  });
  return {
    counts,
    wake,
    async idle(withinMs) {
      const over = new AbortController();
      const timer = setTimeout(() => over.abort(), withinMs);
      const passed = once(over.signal, 'abort');
      while (!over.signal.aborted && (looking !== undefined || woken.signal.aborted || underWay.size > 0)) {
        await Promise.race([passed, Promise.all([looking, ...underWay])]);
        await new Promise((resolve) => setImmediate(resolve));
      }
      clearTimeout(timer);
    },
    async stop() {
      clearInterval(poll);
      stopping.abort();
      wake();
      await Promise.all([running, asking]);
      settling.stop();
      const timer = setTimeout(() => aborting.abort(), stopMs);
      await Promise.all(underWay);
      clearTimeout(timer);
      await lease.release();
    },
  };
}

/**
 * Groups notifications into bodies, ordered by their first ones. First attempts and retries have different timeouts, so
 * no body mixes them.
 */
function inBodies(entries: readonly OutboxEntry[], size: number): readonly OutboxEntry[][] {
  const bodies: OutboxEntry[][] = [];
  const open = new Map<boolean, OutboxEntry[]>();
  for (const entry of entries) {
    const isFirst = entry.attempts === 0;
    let body = open.get(isFirst);
    if (body === undefined || body.length === size) {
      bodies.push((body = []));
      open.set(isFirst, body);
    }
    body.push(entry);
  }
  return bodies;
}
