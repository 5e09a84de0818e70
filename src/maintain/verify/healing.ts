/** Decides whether a sync can still fetch what is missing. Pure. */
import type { CallRecordStore } from '../../store/store.ts';
import type { Listing, Listings } from './listings.ts';

const ticksPerDay = 864_000_000_000n;
/** How long upstream has calls: 30 days (reference "Get callRecord"). */
const callDays = 30n;
/** What one request for a log may ask for. How long upstream has the rows differs by country. */
const logDays = 90n;

export interface Healing {
  /** True where a sync can still fetch it. */
  readonly healable: boolean;
  /** False where it is not known whether upstream has it; absent where it is known. */
  readonly known?: false;
}

export const lost: Healing = { healable: false };
const heals: Healing = { healable: true };
const unknown: Healing = { healable: false, known: false };

export class Upstream {
  /** True where a sync works, or has worked, for the tenant: what is missing is fetched by it. */
  readonly #isSynced: boolean;
  /** Upstream has calls that began since, in ticks. */
  readonly callsSince: bigint;
  /** A request for a log reaches back to here. */
  readonly logsSince: bigint;

  constructor(nowTicks: bigint, isSynced: boolean) {
    this.#isSynced = isSynced;
    this.callsSince = nowTicks - callDays * ticksPerDay;
    this.logsSince = nowTicks - logDays * ticksPerDay;
  }

  /**
   * @param startTicks When the call began, where that is known.
   * @param seenMs When it was first seen or received: it began before.
   */
  ofCall(startTicks: bigint | undefined, seenMs: number | undefined): Healing {
    const latest = startTicks ?? (seenMs === undefined ? undefined : BigInt(seenMs) * 10_000n);
    if (latest !== undefined && latest < this.callsSince) return lost;
    return this.#isSynced ? heals : unknown;
  }

  /** Of hours of the list of calls that end at a time. */
  ofHours(endTicks: bigint): Healing {
    return endTicks > this.callsSince ? heals : lost;
  }

  /** Of hours of a log that end at a time: it is not known whether upstream has older rows until it is asked for them. */
  ofLogHours(endTicks: bigint): Healing {
    return endTicks > this.logsSince ? heals : unknown;
  }
}

/** True where a sync wrote anything of the tenant. */
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
