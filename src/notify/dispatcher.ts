/**
 * Takes what is due from the outbox and delivers it: at least once, several notifications of one endpoint in one body,
 * no endpoint held up by another. Of the processes that share a store, one delivers at a time.
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
  /** Called with what keeps it from working: a store that does not answer, or a defect. */
  readonly onError: (error: unknown) => void;
}

/** Notifications by outcome since the start. */
interface DeliveryCounts {
  delivered: number;
  /** Deliveries that failed. */
  failed: number;
  /** Those of the failed that are retried. */
  retried: number;
  /** Dropped: four hours have passed, or the endpoint is too slow. */
  dropped: number;
}

export interface Dispatcher {
  readonly counts: Readonly<DeliveryCounts>;
  /** Starts the next turn at once; otherwise what another process writes is noticed a little later. */
  wake(): void;
  /**
   * Resolves when nothing is under way and nothing is due, for who moves the clock only then.
   *
   * @param withinMs Real time after which it resolves in any case: an endpoint may be waiting for the clock itself.
   */
  idle(withinMs: number): Promise<void>;
  /** Ends deliveries under way within a few seconds: what is not settled then is delivered again by the next. */
  stop(): Promise<void>;
}

/** Notifications in the body of a probe: Graph sends "a small number". */
const probeSize = 10;
/** Notifications in one body: about 50 kB, half of what a receiver built on Express takes by default. */
const batchSize = 100;
/** Bodies under way at once, to all endpoints; beyond the lower number, none to an endpoint that fails. */
const concurrency = 64;
const failingConcurrency = 32;
/** How often to ask whether another process has written. Real time: other processes do not go by a clock that is moved. */
const pollMs = 250;
/** A process that was killed is followed by another after so long; longer than a delivery may take. */
const leaseTimes = { forMs: 12_000, renewMs: 1000 };
/** How long to wait while another process delivers, or while the store does not answer. */
const standByMs = 2000;
const failureMs = 1000;
/** How long deliveries under way may take after `stop`. */
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
  /** The last turn ended with an error. */
  let isFailing = false;

  /** The turn that runs. */
  let looking: Promise<unknown> | undefined;

  const wake = () => woken.abort();

  /** Begins what can be begun. @returns When there is more to do, if nothing else happens. */
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
      // A store that cannot be written delivers nothing, because it could not record the delivery.
      if (error instanceof StoreReadOnly) return false;
      throw error;
    }
  }

  function endpointOf(url: string): DeliveryEndpoint {
    let endpoint = endpoints.get(url);
    if (endpoint === undefined) endpoints.set(url, (endpoint = new DeliveryEndpoint(times)));
    return endpoint;
  }

  /** Takes what is due at an endpoint, as much as may be under way. */
  async function begin(url: string): Promise<void> {
    const endpoint = endpointOf(url);
    const overall = endpoint.isFailing ? failingConcurrency : concurrency;
    const places = Math.min(endpoint.free(nowMs()), overall - underWay.size);
    if (places <= 0) return;
    const state = endpoint.health.state(nowMs());
    const size = state === 'probe' ? probeSize : batchSize;
    // As they are before the store is asked: what is settled meanwhile may still be in its answer.
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
      // It may have arrived: the next dispatcher sends it again.
      for (const { number } of batch) endpoint.taken.delete(number);
      return;
    }
    if (outcome === 'timedOut') endpoint.health.record(nowMs(), batch.length, timeoutMs);
    else if (typeof outcome === 'number') endpoint.health.record(nowMs(), batch.length, nowMs() - startedMs);
    const again = isDelivered ? twice.filter((entry) => batch.includes(entry)) : [];
    if (again.length > 0) await send(url, again, times.retryMs);
    // What failed together is retried together.
    const failed = { nowMs: nowMs(), random: Math.random() };
    await settle(
      endpoint,
      batch.map((entry) => settlementOf(entry, isDelivered, failed)),
    );
  }

  /** @returns The status of the answer, or why there is none. */
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
      revision = undefined; // and is due as soon as the store answers
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
 * Divides notifications by bodies, in the order of their first ones: no body holds both first attempts and retries, which
 * have different times to answer.
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
