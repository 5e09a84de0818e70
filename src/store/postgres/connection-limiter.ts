/**
 * Lends at most as many connections as configured, or as the server allows. Other callers wait for a returned
 * connection, and get an error when the server allows none.
 */
import type { PoolClient } from 'pg';
import { codeOf, AllBusy } from './host-errors.ts';
import { tooMany } from './server.ts';

interface LimiterOptions {
  /** Maximum number of connections. */
  readonly size: number;
  /** How long to wait for a free connection, in milliseconds. */
  readonly waitMs: number;
  /** Opens a connection, or returns an idle one. */
  readonly connect: () => Promise<PoolClient>;
  /** Returns the number of open connections, lent and idle, and of those being opened. */
  readonly connections: () => number;
  /** Called with true when the server allows fewer connections than configured, with false when it allows all. */
  readonly onPoolExhausted: (isExhausted: boolean) => void;
  readonly nowMs?: () => number;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (error: Error) => void;
}

/** Interval at which one more connection is requested. */
const retryMs = 10_000;
/** A server counts connections that it is about to refuse. */
const [maxSoloRetries, soloRetryMs] = [4, 100];

export class ConnectionLimiter {
  readonly #options: LimiterOptions;
  readonly #nowMs: () => number;
  readonly #waiting: Waiting[] = [];
  #limit: number;
  /** Connections that are lent or being opened. */
  #taken = 0;
  #lent = 0;
  #refusedMs = 0;
  #isReported = false;
  /** True when a connection was opened: a refusal is then of one too many, even when none is lent at the moment. */
  #isOpen = false;
  /** True when the server allowed no connection at the last attempt: then one attempt runs at a time. */
  #isExhausted = false;
  /** Single attempts since several attempts were refused. */
  #soloRetries = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#limit = options.size;
  }

  /**
   * Returns a connection.
   *
   * @throws AllBusy when none becomes free in time, or what the driver throws.
   */
  async lend(): Promise<PoolClient> {
    this.#mayAskAgain();
    const untilMs = performance.now() + this.#options.waitMs;
    for (let isFirst = true; ; isFirst = false) {
      if (this.#taken >= this.#limit) await this.#turn(untilMs, isFirst);
      else this.#taken++;
      try {
        const client = await this.#options.connect();
        this.#lent++;
        return client;
      } catch (error) {
        const mayWait = error instanceof Error && codeOf(error) === tooMany && this.#mayWait(error);
        if (mayWait && this.#soloRetries > 0)
          await new Promise((resolve) => setTimeout(resolve, soloRetryMs));
        this.#free();
        if (!mayWait) throw error;
      }
    }
  }

  giveBack(client: PoolClient, isBroken: boolean): void {
    client.release(isBroken);
    this.#lent--;
    this.#free();
  }

  /**
   * Called when a connection was opened.
   *
   * @param connections Number of open connections, including it.
   */
  made(connections: number): void {
    const { size, onPoolExhausted } = this.#options;
    this.#isOpen = true;
    // The server may allow one more.
    this.#limit =
      this.#isExhausted || this.#soloRetries > 0
        ? size
        : Math.min(size, Math.max(this.#limit, connections + 1));
    this.#isExhausted = false;
    this.#soloRetries = 0;
    if (this.#isReported && connections >= size) {
      this.#isReported = false;
      onPoolExhausted(false);
    } else if (!this.#isReported && this.#limit < size) {
      this.#isReported = true;
      onPoolExhausted(true);
    }
    this.#begin();
  }

  /** Waits for a connection to be returned; callers that the server refused are served first. */
  #turn(untilMs: number, isFirst: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      const waiting: Waiting = {
        begin: () => end(resolve),
        refuse: (error) => end(() => reject(error)),
      };
      const timer = setTimeout(
        () => {
          this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
          reject(new AllBusy());
        },
        Math.max(untilMs - performance.now(), 0),
      );
      if (isFirst) this.#waiting.push(waiting);
      else this.#waiting.unshift(waiting);
    });
  }

  #free(): void {
    this.#taken--;
    this.#begin();
  }

  #begin(): void {
    while (this.#taken < this.#limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken++;
      next.begin();
    }
  }

  /** Returns, after a refusal, whether a connection can still become available. */
  #mayWait(error: Error): boolean {
    this.#refusedMs = this.#nowMs();
    const others = Math.max(this.#taken - 1, this.#options.connections());
    if (others > 0) {
      this.#limit = Math.min(this.#limit, others);
      if ((this.#lent > 0 || this.#isOpen) && !this.#isReported) {
        this.#isReported = true;
        this.#options.onPoolExhausted(true);
      }
      return true;
    }
    this.#limit = 1;
    // Concurrent attempts may each have been refused because of the others.
    if (!this.#isExhausted && ++this.#soloRetries <= maxSoloRetries) return true;
    this.#soloRetries = 0;
    this.#isExhausted = true;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(error);
    return false;
  }

  #mayAskAgain(): void {
    if (this.#limit >= this.#options.size || this.#nowMs() - this.#refusedMs <= retryMs) return;
    this.#refusedMs = this.#nowMs();
    this.#limit++;
  }
}
