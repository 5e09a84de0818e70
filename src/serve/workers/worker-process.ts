/** One worker as the supervisor sees it: the connections it holds, its report, and its end. */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { ObservedRequests } from '../observe/metrics.ts';
import { doneWithin, stopTimes } from '../../base/stopping.ts';
import type { SupervisorMessage, WorkerFailure, WorkerMessage } from './messages.ts';

/** How long a report may take: what the worker reported before counts then. */
const reportMs = 5000;

/** Called with what workers report. */
export interface WorkerListener {
  readonly failure: (failure: WorkerFailure) => void;
  /** An authority does not answer a worker. */
  readonly authorityFailure: () => void;
}

export class WorkerProcess {
  readonly ready = Promise.withResolvers<undefined>();
  readonly ended = Promise.withResolvers<WorkerEnd>();
  /** Connections that it was given and that have not ended. */
  open = 0;
  /** What it observed by its last report. */
  observed: ObservedRequests = [];
  isReady = false;
  /** It was ready once. */
  wasReady = false;
  isDraining = false;
  /** It took no connection for as long as one waits, and was ended for it. */
  isStuck = false;
  readonly #child: ChildProcess;
  readonly #on: WorkerListener;
  /** Given and not taken yet: held here too, so that another can be given them. */
  readonly #given: Socket[] = [];
  #report: PromiseWithResolvers<undefined> | undefined;

  constructor(child: ChildProcess, on: WorkerListener) {
    this.#child = child;
    this.#on = on;
    // Its end rejects the promise, for which nothing may wait by then.
    this.ready.promise.catch(() => undefined);
    child.on('message', (message) => this.#receive(message as WorkerMessage)); // from our own code in the child
    child.on('error', () => undefined); // of a message to one that has ended, which `exit` reports
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

  /** Resolves when it has reported, has ended, or does not answer. */
  async report(): Promise<void> {
    if (this.#report === undefined) {
      this.#report = Promise.withResolvers();
      this.send({ kind: 'report' });
    }
    const asked = this.#report;
    const isDone = await doneWithin(reportMs, asked.promise);
    if (!isDone && this.#report === asked) this.#report = undefined;
  }

  /** Has it answer what it accepted and end; it is ended when it has not by then. */
  drain(): void {
    this.isDraining = true;
    // One that is not ready holds nothing that is to be answered.
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
    this.ready.reject(new Error('The worker ended before it was ready.'));
    this.ended.resolve(end);
  }
}

interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Connections that it had not taken. */
  readonly untaken: readonly Socket[];
}
