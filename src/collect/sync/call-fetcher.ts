/** Fetches the calls that are pending, several at a time, for as long as there are or may be any. */
import { createByteCache } from '../../base/byte-cache.ts';
import type { Clock } from '../../base/clock.ts';
import { canonicalId } from '../../contract/ids.ts';
import { quarantineId } from '../../store/quarantine.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { ReceivedCall } from '../../store/received-call.ts';
import { isHeld } from '../../store/fetch-queue.ts';
import type { PendingCall, FetchOutcome } from '../../store/upstream.ts';
import { WriteBuffer } from './write-buffer.ts';
import { isLasting, UpstreamFailure } from './failure.ts';
import { CallFetch, type FetchedCall } from './fetch-call.ts';
import { callProblem, goneProblem, oddProblem, type SyncProblem, setAsideStep } from './problem.ts';
import type { QuarantineWriter } from './quarantine-writer.ts';
import { type AskStore, attemptsOfOnce } from './with-retry.ts';
import { afterFailure } from './retry-rules.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { UpstreamClient } from './upstream-client.ts';
import { aborted, type Signal } from './signal.ts';
import { inSpan } from '../../base/tracing/tracing.ts';

interface CallFetcherOptions {
  readonly tenantId: string;
  readonly store: CallRecordStore;
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly gate: CircuitBreaker;
  readonly askStore: AskStore;
  /** Calls fetched at a time. */
  readonly concurrency: number;
  /** Fetches of one call in one run after which it is left for the next; infinite for a sync that follows. */
  readonly tries: number;
  /** Fired when calls may be pending that were not before. */
  readonly wake: Signal;
  readonly quarantine: QuarantineWriter;
  readonly onPage: () => void;
  readonly onFetched: (fetched: FetchedCall) => void;
  /** Called with what is odd in a call that was stored, and with what was set aside of it. */
  readonly onOdd: (problem: SyncProblem) => void;
  /** Called with why a call is not stored whole. @param hasLasted False of what may pass by itself. */
  readonly onUnstored: (callId: string, problem: SyncProblem, hasLasted: boolean) => void;
  readonly onStored: (newVersions: number, settled: readonly FetchOutcome[]) => void;
}

/** What was fetched is written after so long at the latest. */
const longestHeldMs = 1000;
/** The due times in the store are looked at again after so long at the latest. */
const longestNapMs = 60_000;

export class CallFetcher {
  readonly #options: CallFetcherOptions;
  readonly #writes: WriteBuffer;
  readonly #active = new Set<Promise<void>>();
  /** Failed fetches of this run, by call: of about 100,000 calls; a call whose entry is evicted is retried. */
  readonly #tries = createByteCache<number>({ maxBytes: 32 * 2 ** 20 });
  #queue: PendingCall[] = [];
  /** Calls that the next run fetches again, settled at the end of this one, which would fetch them again otherwise. */
  readonly #left: FetchOutcome[] = [];
  #flushMs = Number.POSITIVE_INFINITY;

  constructor(options: CallFetcherOptions) {
    const { tenantId, store, askStore, clock, onStored, quarantine } = options;
    this.#options = options;
    const onWhole = (callId: string) => quarantine.callStored(callId);
    this.#writes = new WriteBuffer({ tenantId, store, askStore, clock, onStored, onWhole });
  }

  /** Calls that were fetched so often in vain that they are left for the next run. */
  get leftForNextRun(): number {
    const failed = [...this.#tries.values()].filter((tries) => tries >= this.#options.tries);
    return this.#left.length + failed.length;
  }

  /**
   * @param isDone Asked when nothing is due: whether nothing more is to come.
   * @param signal Ends it: what was fetched is written, what was taken is given back.
   */
  async run(isDone: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    const { wake, concurrency } = this.#options;
    const failure = new AbortController();
    const stopped = AbortSignal.any([signal, failure.signal]);
    // Whoever naps is woken by one signal alone: joining two for every nap costs more than a nap.
    stopped.addEventListener('abort', () => wake.notify(), { once: true });
    let defect: unknown;
    const fail = (error: unknown) => {
      defect ??= error;
      failure.abort();
    };
    try {
      while (!stopped.aborted) {
        const changed = wake.signal;
        if (this.#isFlushDue()) {
          await this.#flush();
          continue;
        }
        if (this.#active.size < concurrency && (await this.#next())) {
          const work = this.#fetch(this.#queue.shift()!, stopped).catch(fail);
          this.#active.add(work);
          void work.finally(() => {
            this.#active.delete(work);
            wake.notify();
          });
          continue;
        }
        if (this.#active.size === 0 && this.#writes.held === 0 && (await isDone())) break;
        if (!changed.aborted) await this.#waitForWork(changed);
      }
    } catch (error) {
      if (!stopped.aborted) throw error;
    } finally {
      failure.abort();
      await Promise.all(this.#active);
    }
    if (defect !== undefined) throw defect as Error;
    await this.#release();
  }

  #isFlushDue(): boolean {
    if (this.#writes.held === 0) return false;
    return this.#writes.isFull || this.#active.size === 0 || this.#nowMs() >= this.#flushMs;
  }

  async #flush(): Promise<void> {
    this.#flushMs = Number.POSITIVE_INFINITY;
    await this.#writes.flush();
  }

  async #next(): Promise<boolean> {
    const { store, tenantId, concurrency, askStore } = this.#options;
    if (this.#queue.length > 0) return true;
    const taken = await askStore(() => store.upstream.lease(tenantId, this.#nowMs(), concurrency * 4));
    this.#queue.push(...taken); // beside those that an ended fetch has put back meanwhile
    return this.#queue.length > 0;
  }

  async #waitForWork(changed: AbortSignal): Promise<void> {
    const { store, tenantId, askStore, clock, concurrency } = this.#options;
    if (this.#active.size >= concurrency && this.#writes.held === 0) return aborted(changed);
    let nextDueMs: number | undefined;
    if (this.#active.size < concurrency)
      ({ nextDueMs } = await askStore(() => store.upstream.counts(tenantId)));
    const nowMs = this.#nowMs();
    const untilMs = Math.min(nextDueMs ?? Infinity, this.#flushMs, nowMs + longestNapMs);
    await clock.sleep(Math.max(untilMs - nowMs, 1), changed);
  }

  async #fetch(pending: PendingCall, signal: AbortSignal): Promise<void> {
    const { gate, client, clock, onPage, onFetched } = this.#options;
    const { callId, observations, version: listedVersion } = pending;
    try {
      const stored = await this.#storedVersion(pending);
      if (stored !== undefined) {
        this.#hold(undefined, { callId, observations, outcome: 'stored', version: stored });
        return;
      }
      await gate.open(signal);
      const fetched = await inSpan({ name: 'fetch call', kind: 'internal' }, async (span) => {
        const one = await new CallFetch({ client, clock, callId, listedVersion, signal, onPage }).fetch();
        span?.set('rollcall.pages', one.pages);
        for (const { failure } of one.failures) span?.failed(failure.reason);
        return one;
      });
      const { version = 0n, call } = fetched;
      const failures = [...fetched.failures];
      // What is listed again at once when an older version is stored is asked for without end.
      if (version < (listedVersion ?? 0n))
        failures.push({ unit: 'call', failure: new UpstreamFailure('versionOlder') });
      // What upstream may do better at any moment decides when it is asked again.
      const [main] = failures.sort((a, b) => Number(a.failure.isOfContent) - Number(b.failure.isOfContent));
      if (main === undefined) gate.succeeded();
      else
        await this.#failed(
          pending,
          main.unit,
          main.failure,
          failures.map(({ failure }) => failure),
        );
      onFetched(fetched);
      this.#reportOdd(call);
      this.#hold(
        call,
        main === undefined
          ? { callId, observations, outcome: 'stored', version }
          : this.#afterFailure(pending, main.failure),
        this.#isLeft(failures.map(({ failure }) => failure)),
      );
    } catch (error) {
      if (signal.aborted) {
        this.#queue.push(pending); // to be given back
        return;
      }
      if (!(error instanceof UpstreamFailure)) throw error;
      await this.#failed(pending, 'call', error, [error]);
      this.#hold(undefined, this.#afterFailure(pending, error));
    }
  }

  /** The version in the store, when that is all there is to fetch: a sync before this one was ended after it wrote it. */
  async #storedVersion(pending: PendingCall): Promise<bigint | undefined> {
    if (pending.version === undefined) return undefined;
    const { store, tenantId, askStore } = this.#options;
    const edition = await askStore(() => store.edition(tenantId, pending.callId));
    return isHeld(pending, edition) ? edition?.version : undefined;
  }

  /** @param unit What of the call is missing. @param all Why, of each list. */
  async #failed(
    pending: PendingCall,
    unit: 'call' | 'list' | 'page',
    failure: UpstreamFailure,
    all: readonly UpstreamFailure[],
  ): Promise<void> {
    const { gate, onUnstored, quarantine } = this.#options;
    const { callId } = pending;
    gate.failed(failure);
    if (failure.concernsTenant) return;
    const tries = (this.#tries.get(callId) ?? 0) + 1;
    this.#tries.set(callId, tries);
    if (this.#afterFailure(pending, failure).outcome === 'gone') {
      onUnstored(callId, goneProblem(callId, failure), true);
      return;
    }
    const hasLasted = (tries >= attemptsOfOnce.call || all.some(isLasting)) && failure.reason !== 'notFound';
    onUnstored(callId, callProblem(callId, unit, failure), hasLasted);
    // What upstream sends once in a while in place of a call is not worth keeping.
    if (!hasLasted) return;
    for (const { body, message } of all)
      if (body !== undefined)
        await quarantine.add({
          unit: unit === 'page' ? 'page' : 'body',
          callId,
          reason: message,
          text: body,
        });
  }

  /** True of a call that a sync that ends does not fetch again. */
  #isLeft(failures: readonly UpstreamFailure[]): boolean {
    return Number.isFinite(this.#options.tries) && failures.some(isLasting);
  }

  /** A sync that ends waits by its own attempts: those of the runs before it would have it wait for minutes. */
  #afterFailure(pending: PendingCall, failure: UpstreamFailure): FetchOutcome {
    const { tries } = this.#options;
    const attempts = Number.isFinite(tries)
      ? Math.max((this.#tries.get(pending.callId) ?? 0) - 1, 0)
      : pending.attempts;
    return afterFailure({ ...pending, attempts }, failure, this.#nowMs());
  }

  #reportOdd({ callId, odd, setAside }: ReceivedCall): void {
    const { onOdd } = this.#options;
    if (odd.length > 0) onOdd(oddProblem(callId, odd));
    for (const { unit, reason, text } of setAside)
      onOdd({
        ...{ call: callId, unit: 'entry', reason, isLoss: true },
        next: setAsideStep(quarantineId({ unit, callId: canonicalId(callId), text })),
      });
  }

  #hold(call: FetchedCall['call'] | undefined, settlement: FetchOutcome, isLeft = false): void {
    if (settlement.outcome === 'stored' || settlement.outcome === 'gone')
      this.#tries.delete(settlement.callId);
    if (this.#writes.held === 0) this.#flushMs = this.#nowMs() + longestHeldMs;
    if (!isLeft || settlement.outcome !== 'later') {
      this.#writes.enqueue({ call, settlement });
      return;
    }
    this.#tries.delete(settlement.callId); // it is among those that are left
    this.#left.push({ ...settlement, dueMs: this.#nowMs() }); // at once in the next run
    this.#writes.enqueue({ call, settlement: undefined });
  }

  async #release(): Promise<void> {
    for (const { callId, observations } of this.#queue)
      this.#writes.enqueue({ call: undefined, settlement: { callId, observations, outcome: 'released' } });
    this.#queue = [];
    for (const settlement of this.#left.splice(0)) this.#writes.enqueue({ call: undefined, settlement });
    await this.#writes.flush();
  }

  #nowMs(): number {
    return this.#options.clock.now().getTime();
  }
}
