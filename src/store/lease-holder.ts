/** Holds a lease of the store for this process: acquires, renews, loses and releases it. */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { type Clock, systemClock } from '../base/clock.ts';
import type { CallRecordStore } from './store.ts';
import { StoreError } from './store-errors.ts';

interface LeaseTimes {
  /** How long a lease lasts that is not renewed: after so long another process follows one that was killed. */
  readonly forMs: number;
  /** How old a lease may be before it is renewed. */
  readonly renewMs: number;
}

interface LeaseHolderOptions extends LeaseTimes {
  readonly store: Pick<CallRecordStore, 'leases'>;
  /** What is leased. */
  readonly name: string;
  /** Of the machine; another one in tests. */
  readonly clock?: Pick<Clock, 'now'> | undefined;
}

/** Thrown instead of work that another process may be doing. */
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

  /** False as soon as the lease has ended, also while the process could not look: asked before each piece of work. */
  get isHeld(): boolean {
    return this.#ageMs() < this.#options.forMs;
  }

  /** @throws LeaseLost unless the lease is held */
  check(): void {
    if (!this.isHeld) throw new LeaseLost('This process no longer holds the lease.');
  }

  /**
   * Renews the lease that is held.
   *
   * @returns False when it has ended, although no other process holds it: one may have, meanwhile.
   * @throws StoreError
   */
  async renew(): Promise<boolean> {
    const leftMs = this.#options.forMs - this.#ageMs();
    const begunMs = this.#clock.now().getTime();
    return leftMs > 0 && (await this.acquire()) && this.#clock.now().getTime() - begunMs < leftMs;
  }

  /** Acquires the lease, unless it was acquired or renewed a moment ago. @returns As `acquire` does. */
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

  /** A lease whose release cannot be written ends by itself. */
  async release(): Promise<void> {
    if (this.#acquiredMs === undefined) return;
    this.#acquiredMs = undefined;
    try {
      await this.#options.store.leases.release(this.#options.name, this.#holder);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** Infinite without a lease, and for one that a clock which was set back since has made: others do not believe it. */
  #ageMs(): number {
    const ageMs = this.#clock.now().getTime() - (this.#acquiredMs ?? -Infinity);
    return ageMs < 0 ? Infinity : ageMs;
  }
}

/** Identifies where the number of a process is unique: the running system and, on Linux, its namespace. */
function machine(): string {
  try {
    const system = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${system} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return `${randomUUID()} unknown`;
  }
}

/** True of a process that would be on this machine and is not: a restart after a kill does not wait for its lease to end. */
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
