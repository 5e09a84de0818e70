/** Holds a lease of the store for this process: acquires, renews and releases it, and notices its loss. */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { type Clock, systemClock } from '../base/clock.ts';
import type { CallRecordStore } from './store.ts';
import { StoreError } from './store-errors.ts';

interface LeaseTimes {
  /** How long a lease lasts without renewal; then another process can continue the work of one that was killed. */
  readonly forMs: number;
  /** Age at which a lease is renewed. */
  readonly renewMs: number;
}

interface LeaseHolderOptions extends LeaseTimes {
  readonly store: Pick<CallRecordStore, 'leases'>;
  /** Name of the lease. */
  readonly name: string;
  /** The machine's clock by default; tests pass another. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

/** Thrown instead of doing work that another process may be doing. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #holder = `${machine()} ${process.pid} ${randomUUID()}`;
  /** When the lease was acquired or renewed; absent while it is not held. */
  #acquiredMs: number | undefined;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** False as soon as the lease has ended, even if the process was suspended; read before each piece of work. */
  get isHeld(): boolean {
    return this.#ageMs() < this.#options.forMs;
  }

  /**
   * Checks that the lease is held.
   *
   * @throws LeaseLost when it is not
   */
  check(): void {
    if (!this.isHeld) throw new LeaseLost('This process no longer holds the lease.');
  }

  /**
   * Renews the held lease.
   *
   * @returns False when it has ended, even if no process holds it: another may have held it meanwhile.
   * @throws StoreError
   */
  async renew(): Promise<boolean> {
    const leftMs = this.#options.forMs - this.#ageMs();
    const begunMs = this.#clock.now().getTime();
    return leftMs > 0 && (await this.acquire()) && this.#clock.now().getTime() - begunMs < leftMs;
  }

  /**
   * Acquires the lease, unless it was acquired or renewed a moment ago.
   *
   * @returns As `acquire`.
   */
  async ensure(): Promise<boolean> {
    return this.#ageMs() < this.#options.renewMs || (await this.acquire());
  }

  /**
   * Acquires the lease, or renews it.
   *
   * @returns False while another process holds it.
   * @throws StoreError
   */
  async acquire(): Promise<boolean> {
    const { store, name, forMs } = this.#options;
    const nowMs = this.#clock.now().getTime();
    const request = { holder: this.#holder, nowMs, forMs };
    let lease = await store.leases.acquire(name, request);
    if (isDeadHere(lease.holder)) {
      await store.leases.release(name, lease.holder);
      lease = await store.leases.acquire(name, request);
    }
    this.#acquiredMs = lease.holder === this.#holder ? nowMs : undefined;
    return this.isHeld;
  }

  /** Releases the lease. A lease whose release cannot be written ends by itself. */
  async release(): Promise<void> {
    if (this.#acquiredMs === undefined) return;
    this.#acquiredMs = undefined;
    try {
      await this.#options.store.leases.release(this.#options.name, this.#holder);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /**
   * Returns the lease's age: infinite without a lease, and when the clock was set back since, because other processes
   * reject such a lease.
   */
  #ageMs(): number {
    const ageMs = this.#clock.now().getTime() - (this.#acquiredMs ?? -Infinity);
    return ageMs < 0 ? Infinity : ageMs;
  }
}

/** Returns a name for the scope of process numbers: the booted system and, on Linux, the process namespace. */
function machine(): string {
  try {
    const system = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${system} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${randomUUID()} unknown`;
  }
}

/**
 * Returns true when the holder ran on this machine and has ended: a restart after a kill need not wait for its lease.
 */
function isDeadHere(holder: string): boolean {
  const place = machine();
  if (!holder.startsWith(`${place} `)) return false;
  const pid = Number(holder.slice(place.length + 1).split(' ')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
