/** Fetches the pending calls of the queue, several at a time, until there are none and none can come. */
import { nowOf } from '../../base/clock.ts';
import { createByteCache } from '../../base/byte-cache.ts';
import { canonicalId } from '../../contract/ids.ts';
import { quarantineId } from '../../store/quarantine.ts';
import type { ReceivedCall } from '../../store/received-call.ts';
import { isHeld } from '../../store/fetch-queue.ts';
import type { PendingCall, FetchOutcome } from '../../store/upstream.ts';
import { WriteBuffer } from './write-buffer.ts';
import { isLasting, UpstreamFailure } from './failure.ts';
import { CallFetch, type ListFailure } from './fetch-call.ts';
import { callProblem, goneProblem, oddProblem, setAsideStep } from './problem.ts';
import { attemptsOfOnce } from './with-retry.ts';
import { afterFailure } from './retry-rules.ts';
import { aborted } from './signal.ts';
import { inSpan } from '../../base/tracing/tracing.ts';
import type { TenantWork } from './tenant-work.ts';

/** The longest time before a fetched call is written. */
const longestHeldMs = 1000;
/** The longest time before the due times in the store are read again. */
const longestNapMs = 60_000;

export class CallFetcher {
  readonly #work: TenantWork;
  readonly #writes: WriteBuffer;
  readonly #active = new Set<Promise<void>>();
  /** Failed attempts of this run by call, for about 100,000 calls; a call whose entry is evicted is retried. */
  readonly #tries = createByteCache<number>({ maxBytes: 32 * 2 ** 20 });
  #queue: PendingCall[] = [];
  /**
   * Outcomes of calls that are left for the next run. They are settled at the end of this run, which would otherwise
   * fetch them again.
   */
  readonly #left: FetchOutcome[] = [];
  #flushMs = Number.POSITIVE_INFINITY;

  constructor(work: TenantWork) {
    this.#work = work;
    this.#writes = new WriteBuffer(work);
  }

  /** The number of calls that failed so often that a run with an end leaves them for the next run. */
  get leftForNextRun(): number {
    const failed = [...this.#tries.values()].filter((tries) => tries >= attemptsOfOnce.call);
    return this.#left.length + failed.length;
  }

  /**
   * Fetches calls until none is left. When the work is stopped, fetched calls are written and leased ones are released.
   *
   * @param isDone Called when nothing is due: returns true when no more calls will come.
   */
  async run(isDone: () => Promise<boolean>): Promise<void> {
    const { wakes, concurrency, signal } = this.#work;
    const wake = wakes.calls;
    const failure = new AbortController();
    const stopped = AbortSignal.any([signal, failure.signal]);
    // One signal wakes the wait: joining two signals for each wait costs more than the wait.
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
    return this.#writes.isFull || this.#active.size === 0 || nowOf(this.#work) >= this.#flushMs;
  }

  async #flush(): Promise<void> {
    this.#flushMs = Number.POSITIVE_INFINITY;
    await this.#writes.flush();
  }

  async #next(): Promise<boolean> {
    const { store, tenantId, concurrency, askStore } = this.#work;
    if (this.#queue.length > 0) return true;
    const taken = await askStore(() => store.upstream.lease(tenantId, nowOf(this.#work), concurrency * 4));
    this.#queue.push(...taken); // besides those that ended fetches have requeued meanwhile
    return this.#queue.length > 0;
  }

  async #waitForWork(changed: AbortSignal): Promise<void> {
    const { store, tenantId, askStore, clock, concurrency } = this.#work;
    if (this.#active.size >= concurrency && this.#writes.held === 0) return aborted(changed);
    let nextDueMs: number | undefined;
    if (this.#active.size < concurrency)
      ({ nextDueMs } = await askStore(() => store.upstream.counts(tenantId)));
    const nowMs = nowOf(this.#work);
    const untilMs = Math.min(nextDueMs ?? Infinity, this.#flushMs, nowMs + longestNapMs);
    await clock.sleep(Math.max(untilMs - nowMs, 1), changed);
  }

  async #fetch(pending: PendingCall, signal: AbortSignal): Promise<void> {
    const { gate, client, clock, report } = this.#work;
    const { callId, observations, version: listedVersion } = pending;
    try {
      const stored = await this.#storedVersion(pending);
      if (stored !== undefined) {
        this.#hold(undefined, { callId, observations, outcome: 'stored', version: stored });
        return;
      }
      await gate.open(signal);
      const fetched = await inSpan({ name: 'fetch call', kind: 'internal' }, async (span) => {
        const onPage = () => report.pagesReceived++;
        const one = await new CallFetch({ client, clock, callId, listedVersion, signal, onPage }).fetch();
        span?.set('rollcall.pages', one.pages);
        for (const { failure } of one.failures) span?.failed(failure.reason);
        return one;
      });
      const { version = 0n, call } = fetched;
      const failures = [...fetched.failures];
      // Without this check, a call whose older version was returned would be listed and fetched again endlessly.
      if (version < (listedVersion ?? 0n))
        failures.push({ unit: 'call', failure: new UpstreamFailure('versionOlder') });
      // The failure that may end first decides when the call is fetched again.
      failures.sort((a, b) => Number(a.failure.isOfContent) - Number(b.failure.isOfContent));
      const [main] = failures;
      if (main === undefined) gate.succeeded();
      else await this.#failed(pending, failures);
      report.fetched(fetched);
      this.#reportOdd(call);
      const outcome =
        main === undefined
          ? ({ callId, observations, outcome: 'stored', version } as const)
          : this.#afterFailure(pending, main.failure);
      // A run with an end does not fetch the call again.
      const isLeft = this.#work.isOnce && failures.some(({ failure }) => isLasting(failure));
      this.#hold(call, outcome, isLeft);
    } catch (error) {
      if (signal.aborted) {
        this.#queue.push(pending); // released later
        return;
      }
      if (!(error instanceof UpstreamFailure)) throw error;
      await this.#failed(pending, [{ unit: 'call', failure: error }]);
      this.#hold(undefined, this.#afterFailure(pending, error));
    }
  }

  /** Returns the stored version when it is the one to fetch: an earlier process stopped right after it wrote it. */
  async #storedVersion(pending: PendingCall): Promise<bigint | undefined> {
    if (pending.version === undefined) return undefined;
    const { store, tenantId, askStore } = this.#work;
    const edition = await askStore(() => store.edition(tenantId, pending.callId));
    return isHeld(pending, edition) ? edition?.version : undefined;
  }

  /** Settles a failed fetch. @param failures Those of its lists, the one that decides first. */
  async #failed(pending: PendingCall, failures: readonly ListFailure[]): Promise<void> {
    const { gate, report, quarantine } = this.#work;
    const { callId } = pending;
    const { unit, failure } = failures[0]!; // the caller has one
    gate.failed(failure);
    if (failure.concernsTenant) return;
    const tries = (this.#tries.get(callId) ?? 0) + 1;
    this.#tries.set(callId, tries);
    if (this.#afterFailure(pending, failure).outcome === 'gone') {
      report.callProblem(callId, goneProblem(callId, failure), true);
      return;
    }
    const mayLast = tries >= attemptsOfOnce.call || failures.some((one) => isLasting(one.failure));
    const hasLasted = mayLast && failure.reason !== 'notFound';
    report.callProblem(callId, callProblem(callId, unit, failure), hasLasted);
    // A temporary response in place of a call is not quarantined.
    if (!hasLasted) return;
    for (const {
      failure: { body, message },
    } of failures)
      if (body !== undefined)
        await quarantine.add({
          unit: unit === 'page' ? 'page' : 'body',
          callId,
          reason: message,
          text: body,
        });
  }

  /**
   * Returns the delay. A run with an end counts its own attempts: earlier runs' attempts would make it wait for
   * minutes.
   */
  #afterFailure(pending: PendingCall, failure: UpstreamFailure): FetchOutcome {
    const attempts = this.#work.isOnce
      ? Math.max((this.#tries.get(pending.callId) ?? 0) - 1, 0)
      : pending.attempts;
    return afterFailure({ ...pending, attempts }, failure, nowOf(this.#work));
  }

  #reportOdd({ callId, odd, setAside }: ReceivedCall): void {
    const { report } = this.#work;
    if (odd.length > 0) report.problem(oddProblem(callId, odd));
    for (const { unit, reason, text } of setAside)
      report.problem({
        ...{ call: callId, unit: 'entry', reason, isLoss: true },
        next: setAsideStep(quarantineId({ unit, callId: canonicalId(callId), text })),
      });
  }

  #hold(call: ReceivedCall | undefined, settlement: FetchOutcome, isLeft = false): void {
    if (settlement.outcome === 'stored' || settlement.outcome === 'gone')
      this.#tries.delete(settlement.callId);
    if (this.#writes.held === 0) this.#flushMs = nowOf(this.#work) + longestHeldMs;
    if (!isLeft || settlement.outcome !== 'later') {
      this.#writes.enqueue({ call, settlement });
      return;
    }
    this.#tries.delete(settlement.callId); // it is among those left for the next run
    this.#left.push({ ...settlement, dueMs: nowOf(this.#work) }); // due at once in the next run
    this.#writes.enqueue({ call, settlement: undefined });
  }

  async #release(): Promise<void> {
    for (const { callId, observations } of this.#queue)
      this.#writes.enqueue({ call: undefined, settlement: { callId, observations, outcome: 'released' } });
    this.#queue = [];
    for (const settlement of this.#left.splice(0)) this.#writes.enqueue({ call: undefined, settlement });
    await this.#writes.flush();
  }
}
