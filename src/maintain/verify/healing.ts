/** Decides whether a sync can still fetch missing data. Pure. */
import type { CallRecordStore } from '../../store/store.ts';
import type { Listing, Listings } from './listings.ts';

const ticksPerDay = 864_000_000_000n;
/** How long upstream retains calls: 30 days (reference "Get callRecord"). */
const callDays = 30n;
/** The maximum days per request for a log. How long upstream retains rows differs by country. */
const logDays = 90n;

export interface Healing {
  /** True when a sync can still fetch it. */
  readonly healable: boolean;
  /** False when it is unknown whether upstream has it; absent when it is known. */
  readonly known?: false;
}

export const lost: Healing = { healable: false };
const heals: Healing = { healable: true };
const unknown: Healing = { healable: false, known: false };

export class Upstream {
  /** True when a sync works, or has worked, for the tenant: it fetches missing data. */
  readonly #isSynced: boolean;
  /** Upstream has calls that began since then, in ticks. */
  readonly callsSince: bigint;
  /** The earliest time of a log request. */
  readonly logsSince: bigint;

  constructor(nowTicks: bigint, isSynced: boolean) {
    this.#isSynced = isSynced;
    this.callsSince = nowTicks - callDays * ticksPerDay;
    this.logsSince = nowTicks - logDays * ticksPerDay;
  }

  /**
   * Returns whether a call can be fetched.
   *
   * @param startTicks When the call began, if known.
   * @param seenMs When it was first seen or received: it began earlier.
   */
  ofCall(startTicks: bigint | undefined, seenMs: number | undefined): Healing {
    const latest = startTicks ?? (seenMs === undefined ? undefined : BigInt(seenMs) * 10_000n);
    if (latest !== undefined && latest < this.callsSince) return lost;
    return this.#isSynced ? heals : unknown;
  }

  /** Returns whether hours of the list of calls, which end at a time, can be listed. */
  ofHours(endTicks: bigint): Healing {
    return endTicks > this.callsSince ? heals : lost;
  }

  /**
   * Returns whether hours of a log, which end at a time, can be read: older rows are unknown until they are requested.
   */
  ofLogHours(endTicks: bigint): Healing {
    return endTicks > this.logsSince ? heals : unknown;
  }
}

/** Returns true when a sync has written any data of the tenant. */
export async function isSynced(
  { upstream }: CallRecordStore,
  tenantId: string,
  { calls, logs }: Listings,
): Promise<boolean> {
  if (isListed(calls) || logs.some(isListed)) return true;
  for (const name of ['budget', 'round', 'subscription'] as const)
    if ((await upstream.state(tenantId, name)) !== undefined) return true;
  const { pending: wanted, expiredUpstream: gone } = await upstream.counts(tenantId);
  return wanted + gone > 0;
}

function isListed({ spans, unlisted }: Listing): boolean {
  return spans.length + unlisted.length > 0;
}
