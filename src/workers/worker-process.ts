/** One worker as the supervisor sees it: the connections it holds, what it is asked, and its end. */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { doneWithin, stopTimes } from '../stopping.ts';
import type { Said, Told, WorkerReport } from './messages.ts';

/** How long a worker that is asked something may take: what it reported before counts then. */
const answerMs = 5000;

export class WorkerProcess {
  readonly ready = Promise.withResolvers<undefined>();
  readonly ended = Promise.withResolvers<WorkerEnd>();
  /** Connections that it was given and that have not ended. */
  open = 0;
  /** What it reported last. */
  report: WorkerReport | undefined;
  isReady = false;
  /** It was ready once. */
  wasReady = false;
  isDraining = false;
  /** It took no connection for as long as one waits, and was ended for it. */
  isStuck = false;
  readonly #child: ChildProcess;
  /** Given and not taken yet: held here too, so that another can be given them. */
  readonly #given: Socket[] = [];
  readonly #asked = new Map<number, (report: WorkerReport | undefined) => void>();
  readonly #onMet: (said: Extract<Said, { kind: 'met' }>) => void;
  #last = 0;

  constructor(child: ChildProcess, onMet: (said: Extract<Said, { kind: 'met' }>) => void) {
    this.#child = child;
    this.#onMet = onMet;
    // Whoever waits for it to be ready may have gone.
    this.ready.promise.catch(() => undefined);
    child.on('message', (said) => this.#hear(said as Said)); // from our own code in the child
    child.on('error', () => undefined); // of a message to one that has ended: `exit` tells of it
    child.once('exit', (code, signal) => this.#end({ code, signal, untaken: this.#given.splice(0) }));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(told: Told): void {
    this.#child.send(told, () => undefined);
  }

  give(socket: Socket): void {
    this.open++;
    this.#given.push(socket);
    socket.once('timeout', () => {
      if (!this.#given.includes(socket)) return;
      this.isStuck = true;
      this.kill();
    });
    this.#child.send({ kind: 'connection' } satisfies Told, socket, { keepOpen: true }, () => undefined);
  }

  /** Resolves when it has done so, has ended, or does not answer. */
  async ask(ask: (number: number) => Told): Promise<WorkerReport | undefined> {
    const number = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<WorkerReport | undefined>();
    this.#asked.set(number, resolve);
    this.tell(ask(number));
    if (await doneWithin(answerMs, promise)) return promise;
    this.#asked.delete(number);
    return undefined;
  }

  /** Has it answer what it accepted and end; it is ended when it has not by then. */
  drain(): void {
    this.isDraining = true;
    // One that is not ready holds nothing that is to be answered.
    if (!this.isReady) this.kill();
    else {
      this.tell({ kind: 'drain' });
      void doneWithin(stopTimes.workersMs, this.ended.promise).then((hasEnded) => hasEnded || this.kill());
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #hear(said: Said): void {
    switch (said.kind) {
      case 'ready':
        this.isReady = true;
        this.wasReady = true;
        this.ready.resolve(undefined);
        return;
      case 'taken':
        this.#given.shift()?.destroy();
        return;
      case 'closed':
        this.open -= said.count;
        return;
      case 'done':
        if (said.report !== undefined) this.report = said.report;
        this.#asked.get(said.number)?.(said.report);
        this.#asked.delete(said.number);
        return;
      case 'met':
        this.#onMet(said);
        return;
      case 'ended':
        this.report = said.report;
        this.#onMet({ kind: 'met', met: said.report.met });
        return;
    }
  }

  #end(end: WorkerEnd): void {
    this.isReady = false;
    for (const resolve of this.#asked.values()) resolve(undefined);
    this.#asked.clear();
    this.ready.reject(new Error('The worker ended before it was ready.'));
    this.ended.resolve(end);
  }
}

export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Connections that it had not taken. */
  readonly untaken: readonly Socket[];
}
