/** Manages the workers of a server: replaces workers that end, and all of them on a reload. */
import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../../base/clock.ts';
import { addDeparted, type ObservedRequests } from '../observe/metrics.ts';
import { NoWorkerError } from './no-worker-error.ts';
import { ReplacementBackOff } from './back-off.ts';
import { type Acceptor, openAcceptor } from './acceptor.ts';
import type { WorkerStart } from './messages.ts';
import { type WorkerListener, WorkerProcess } from './worker-process.ts';

interface PoolOptions {
  readonly count: number;
  readonly fork: () => ChildProcess;
  readonly clock: Clock;
  /** Called with a line for the operator at each unexpected end of a worker. */
  readonly log: (line: string) => void;
}

/** How long replacement workers may take to become ready; otherwise the old ones stay. */
const startMs = 60_000;

export class WorkerPool implements AsyncDisposable {
  /** Rejects with a `NoWorkerError` when no worker can start. */
  readonly failed: Promise<never>;
  listener: WorkerListener = { failure: () => undefined, authorityFailure: () => undefined };
  readonly #options: PoolOptions;
  readonly #backOff = new ReplacementBackOff();
  readonly #fail: (error: Error) => void;
  readonly #stopping = new AbortController();
  /** Resolves when all workers are ready for the first time. */
  readonly #complete = Promise.withResolvers<undefined>();
  /** Workers that serve or start. */
  #current = new Set<WorkerProcess>();
  readonly #all = new Set<WorkerProcess>();
  /** The counters of ended workers: totals must not decrease when a worker ends. */
  #departed: Promise<ObservedRequests> = Promise.resolve([]);
  #acceptor: Acceptor | undefined;
  #start: WorkerStart | undefined;
  #count: number;

  /** Forks the processes, which wait for `start`. */
  constructor(options: PoolOptions) {
    this.#options = options;
    this.#count = options.count;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.failed = promise;
    this.#fail = reject;
    for (let i = 0; i < options.count; i++) this.#current.add(this.#fork());
    // Kills the workers however this process ends: a stopped or looping worker would not notice.
    process.once('exit', this.#killAll);
  }

  readonly #killAll = () => {
    for (const worker of this.#all) worker.kill();
  };

  /** The configured number of workers. */
  get count(): number {
    return this.#count;
  }

  async start(start: WorkerStart): Promise<void> {
    this.#start = start;
    for (const worker of this.#all) this.#begin(worker);
    await Promise.race([this.failed, this.#complete.promise]);
  }

  async listen(host: string, port: number): Promise<number> {
    this.#acceptor = await openAcceptor(host, port, () => this.#takers());
    return this.#acceptor.port;
  }

  /** Returns the metrics of all workers, including those that have ended. */
  async observed(): Promise<readonly ObservedRequests[]> {
    // A worker that is starting has no metrics.
    await Promise.all([...this.#all].filter(({ isReady }) => isReady).map((worker) => worker.report()));
    return [...[...this.#all].map(({ observed }) => observed), await this.#departed];
  }

  /** Replaces all workers. @returns false when a new one did not become ready: the old ones stay. */
  async replaceAll(start: WorkerStart, count: number): Promise<boolean> {
    const fresh = new Set(Array.from({ length: count }, () => this.#fork()));
    for (const worker of fresh) worker.send({ kind: 'start', ...start });
    const ready = Promise.all([...fresh].map((worker) => worker.ready.promise));
    const isReady = await Promise.race([
      ready.then(
        () => true,
        () => false,
      ),
      this.#options.clock.sleep(startMs, this.#stopping.signal).then(() => false),
    ]);
    if (!isReady) {
      for (const worker of fresh) worker.drain();
      return false;
    }
    this.#start = start;
    this.#count = count;
    const old = this.#current;
    this.#current = fresh;
    for (const worker of old) worker.drain();
    return true;
  }

  /** Closes the port; resolves when every worker has answered its requests and ended, or was killed. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#acceptor?.close();
    for (const worker of this.#all) worker.drain();
    await Promise.all([...this.#all].map(({ ended }) => ended.promise));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#acceptor?.close();
    this.#killAll();
    process.off('exit', this.#killAll);
    await Promise.all([...this.#all].map(({ ended }) => ended.promise));
  }

  /** Workers that accept connections. */
  #takers(): readonly WorkerProcess[] {
    return [...this.#current].filter(({ isReady }) => isReady);
  }

  #fork(): WorkerProcess {
    const worker = new WorkerProcess(this.#options.fork(), {
      failure: (failure) => this.listener.failure(failure),
      authorityFailure: () => this.listener.authorityFailure(),
    });
    const begunMs = performance.now();
    this.#all.add(worker);
    worker.ready.promise.then(
      () => {
        this.#backOff.started();
        this.#acceptor?.handOver();
        if (this.#takers().length >= this.#count) this.#complete.resolve(undefined);
      },
      () => undefined,
    );
    void worker.ended.promise.then(({ code, signal, untaken }) => {
      this.#all.delete(worker);
      this.#departed = this.#departed.then((sum) => addDeparted(sum, worker.observed));
      const wasCurrent = this.#current.delete(worker);
      this.#acceptor?.again(untaken);
      if (worker.isDraining || this.#stopping.signal.aborted) return;
      const how =
        signal === null
          ? `with code ${code}`
          : `by ${signal}${worker.isStuck ? ': it no longer accepted connections' : ''}`;
      this.#options.log(`Worker ${worker.pid} ended ${how}${wasCurrent ? '' : ' before it served'}.`);
      if (wasCurrent) void this.#replace(performance.now() - begunMs, worker);
    });
    return worker;
  }

  #begin(worker: WorkerProcess): void {
    if (this.#start !== undefined) worker.send({ kind: 'start', ...this.#start });
  }

  async #replace(livedMs: number, { wasReady }: WorkerProcess): Promise<void> {
    const waitMs = this.#backOff.died(livedMs, wasReady);
    if (waitMs === undefined) {
      // The other workers continue. Without any, the server cannot answer.
      if (this.#takers().length === 0) this.#fail(new NoWorkerError('No worker can start.'));
      return;
    }
    const { clock } = this.#options;
    if (waitMs > 0) await clock.sleep(waitMs, this.#stopping.signal);
    if (this.#stopping.signal.aborted) return;
    const worker = this.#fork();
    this.#current.add(worker);
    this.#begin(worker);
  }
}
