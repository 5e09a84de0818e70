/**
 * Lends no more connections at a time than there may be, or than the server gives: whoever gets none waits for one of those
 * there are, and is refused where there are none.
 */
import type { PoolClient } from 'pg';
import { AllBusy } from './host-errors.ts';
import { codeOf, tooMany } from './server.ts';

export interface LimiterOptions {
  /** As many as there may be. */
  readonly size: number;
  /** How long to wait for one of them. */
  readonly waitMs: number;
  /** Makes a connection, or gives one that is idle. */
  readonly connect: () => Promise<PoolClient>;
  /** Told when the server gives fewer than there may be, and when there are all. */
  readonly onFew: (isFew: boolean) => void;
  readonly nowMs?: () => number;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (error: Error) => void;
}

/** How often to ask for one more. */
const askAgainMs = 10_000;

export class ConnectionLimiter {
  readonly #options: LimiterOptions;
  readonly #nowMs: () => number;
  readonly #waiting: Waiting[] = [];
  #limit: number;
  /** Lent, and being made. */
  #taken = 0;
  #lent = 0;
  #refusedMs = 0;
  #isTold = false;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#limit = options.size;
  }

  /** @throws AllBusy when none becomes free in time, or what the driver throws. */
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

  /** Told of a connection that was made. @param connections There are with it. */
  made(connections: number): void {
    const { size, onFew } = this.#options;
    // There may be room for one more.
    this.#limit = Math.min(size, Math.max(this.#limit, connections + 1));
    if (this.#isTold && connections >= size) {
      this.#isTold = false;
      onFew(false);
    } else if (!this.#isTold && this.#limit < size) {
      this.#isTold = true;
      onFew(true);
    }
    this.#begin();
  }

  /** Waits for what another has: those who were refused by the server stand first. */
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

  /** After a refusal: whether there is a connection to wait for, lent or being made. */
  #mayWait(error: Error): boolean {
    this.#refusedMs = this.#nowMs();
    const others = this.#taken - 1;
    if (others > 0) {
      this.#limit = Math.min(this.#limit, others);
      if (this.#lent > 0 && !this.#isTold) {
        this.#isTold = true;
        this.#options.onFew(true);
      }
      return true;
    }
    this.#limit = this.#options.size;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(error);
    return false;
  }

  #mayAskAgain(): void {
    if (this.#limit >= this.#options.size || this.#nowMs() - this.#refusedMs <= askAgainMs) return;
    this.#refusedMs = this.#nowMs();
    this.#limit++;
  }
}
