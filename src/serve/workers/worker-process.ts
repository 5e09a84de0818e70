/** Represents a worker in the supervisor: its connections, its report, and its end. */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ObservedRequests } from '../observe/metrics.ts';
import { doneWithin, stopTimes } from '../../base/stopping.ts';
import type { SupervisorMessage, WorkerFailure, WorkerMessage } from './messages.ts';

/** The timeout of a report, after which the previous one counts. */
const reportMs = 5000;

export interface WorkerListener {
  readonly failure: (failure: WorkerFailure) => void;
  /** Called when an authority does not respond to a worker. */
  readonly authorityFailure: () => void;
}

export class WorkerProcess {
  readonly ready = Promise.withResolvers<undefined>();
  readonly ended = Promise.withResolvers<WorkerEnd>();
  /** The number of its open connections. */
  open = 0;
  /** The metrics of its last report. */
  observed: ObservedRequests = [];
  isReady = false;
  wasReady = false;
  isDraining = false;
  /** True when it was killed because it accepted no connection in time. */
  isStuck = false;
  readonly #child: ChildProcess;
  readonly #on: WorkerListener;
  /** Connections sent but not yet acknowledged: kept so that another worker can get them. */
  readonly #given: Socket[] = [];
  #report: PromiseWithResolvers<undefined> | undefined;

  constructor(child: ChildProcess, on: WorkerListener) {
    this.#child = child;
    this.#on = on;
    // The end of the process rejects the promise, perhaps when nothing awaits it any more.
    this.ready.promise.catch(() => undefined);
    child.on('message', (message) => this.#receive(message as WorkerMessage)); // from our own code in the child
    child.on('error', () => undefined); // sent to a process that has ended, which `exit` reports
    child.once('exit', (code, signal) => this.#end({ code, signal, untaken: this.#given.splice(0) }));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: SupervisorMessage): void {
    this.#child.send(message, () => undefined);
  }

  give(socket: Socket): void {
    this.open++;
    this.#given.push(socket);
    socket.once('timeout', () => {
      if (!this.#given.includes(socket)) return;
      this.isStuck = true;
      this.kill();
    });
    const message: SupervisorMessage = { kind: 'connection' };
    this.#child.send(message, socket, { keepOpen: true }, () => undefined);
  }

  /** Requests a report; resolves when it arrives, the worker ends, or the timeout passes. */
  async report(): Promise<void> {
    if (this.#report === undefined) {
      this.#report = Promise.withResolvers();
      this.send({ kind: 'report' });
    }
    const asked = this.#report;
    const isDone = await doneWithin(reportMs, asked.promise);
    if (!isDone && this.#report === asked) this.#report = undefined;
  }

  /** Tells the worker to answer accepted requests and end. It is killed if that takes too long. */
  drain(): void {
    this.isDraining = true;
    // A worker that is not ready has no requests to answer.
    if (!this.isReady) this.kill();
    else {
      this.send({ kind: 'drain' });
      void doneWithin(stopTimes.workersMs, this.ended.promise).then((hasEnded) => hasEnded || this.kill());
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #receive(message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        this.isReady = true;
        this.wasReady = true;
        this.ready.resolve(undefined);
        return;
      case 'taken':
        this.#given.shift()?.destroy();
        return;
      case 'closed':
        this.open -= message.count;
        return;
      case 'report':
        this.observed = message.observed;
        this.#reported();
        return;
      case 'failure':
        this.#on.failure(message.failure);
        return;
      case 'authority':
        this.#on.authorityFailure();
        return;
    }
  }

  #reported(): void {
    this.#report?.resolve(undefined);
    this.#report = undefined;
  }

  #end(end: WorkerEnd): void {
    this.isReady = false;
    this.#reported();
    this.ready.reject(new Error('The worker process ended before it was ready.'));
    this.ended.resolve(end);
  }
}

interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Connections that the worker had not accepted. */
  readonly untaken: readonly Socket[];
}
