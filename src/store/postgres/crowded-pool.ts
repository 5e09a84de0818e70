/**
 * A pool on a server that may give it fewer connections than it would have: whoever gets none waits for one of those there
 * are, as where all are in use, and is refused only where there are none.
 */
import type { Pool, PoolClient } from 'pg';
import { codeOf, connectTimeoutMs } from './server.ts';

/** SQLSTATE of a server, a database or a role that has as many connections as it may. */
const tooMany = '53300';
/** How often to ask for one more. */
const askAgainMs = 10_000;

export class CrowdedPool {
  readonly #pool: Pool;
  readonly #size: number;
  readonly #onFew: (isFew: boolean) => void;
  readonly #nowMs: () => number;
  #connections = 0;
  #refusedMs = 0;
  /** There was none at all. */
  #isShut = false;
  #isTold = false;

  /** @param onFew Told when the server gives fewer than there may be, and when there are all. */
  constructor(pool: Pool, onFew: (isFew: boolean) => void, nowMs = () => performance.now()) {
    this.#pool = pool;
    this.#size = pool.options.max;
    this.#onFew = onFew;
    this.#nowMs = nowMs;
    pool.on('connect', () => this.#connected());
    pool.on('remove', () => this.#connections--);
  }

  async connect(): Promise<PoolClient> {
    const begunMs = this.#nowMs();
    if (begunMs - this.#refusedMs > askAgainMs) this.#mayHaveAnother();
    for (let trial = 1; ; trial++) {
      try {
        return await this.#pool.connect();
      } catch (error) {
        const isOver = this.#nowMs() - begunMs >= connectTimeoutMs;
        if (codeOf(error) !== tooMany || isOver || !this.#mayWait(trial)) throw error;
      }
    }
  }

  #connected(): void {
    this.#connections++;
    this.#isShut = false;
    this.#mayHaveAnother(); // where there was room for one
    if (!this.#isTold || this.#connections < this.#size) return;
    this.#isTold = false;
    this.#onFew(false);
  }

  /** After a refusal: whether there is a connection to wait for. The pool makes no other meanwhile. */
  #mayWait(trial: number): boolean {
    this.#refusedMs = this.#nowMs();
    if (this.#connections > 0) {
      this.#limitTo(this.#connections);
      if (!this.#isTold) this.#onFew(true);
      this.#isTold = true;
      return true;
    }
    // Refusals come sooner than connections: of several that are made at once, one may yet succeed.
    const isHope = trial === 1 && !this.#isShut && this.#pool.totalCount > 0;
    this.#isShut = !isHope;
    this.#limitTo(isHope ? 1 : this.#size);
    return isHope;
  }

  #mayHaveAnother(): void {
    const { max } = this.#pool.options;
    this.#limitTo(Math.max(max, this.#connections + 1));
  }

  /** The pool looks at it each time somebody wants a connection. */
  #limitTo(connections: number): void {
    this.#pool.options.max = Math.min(connections, this.#size);
  }
}
