/**
 * Leases: named locks with a time limit that let one process at a time do a task. A holder keeps its lease by acquiring
 * it again before it ends (docs/decisions/0024-one-lease-per-tenant.md). Times are those of the machines' clocks, even
 * where a process uses a simulated clock.
 */
import type { Awaitable } from '../base/awaitable.ts';

export interface Lease {
  /** Unique to the process. */
  readonly holder: string;
  readonly untilMs: number;
}

interface LeaseRequest {
  readonly holder: string;
  readonly nowMs: number;
  readonly forMs: number;
}

export interface LeaseStore {
  /**
   * Acquires a lease, or renews it.
   *
   * @returns The valid lease: this holder's or another's.
   */
  acquire(name: string, request: LeaseRequest): Awaitable<Lease>;

  /** Ends a lease if this holder has it. */
  release(name: string, holder: string): Awaitable<void>;
}

/**
 * Decides who holds a lease. Pure: both engines call it.
 *
 * A lease that would last longer than twice `forMs` is rejected: a clock that was set back since made it. One that
 * lasts a little longer than `forMs` was made by a clock that is slightly ahead.
 *
 * @param known The row of the lease, if there is one.
 * @returns `known` while it is another holder's and valid; else the row to write in its place.
 */
export function decideLease(known: Lease | undefined, { holder, nowMs, forMs }: LeaseRequest): Lease {
  const isValid = known !== undefined && known.untilMs > nowMs && known.untilMs <= nowMs + 2 * forMs;
  return isValid && known.holder !== holder ? known : { holder, untilMs: nowMs + forMs };
}
