/** Sums up the results of a verification for all calls. */
import type { CompletenessState } from '../../contract/completeness-state.ts';
import { oddCount, type Oddity } from '../../contract/oddities.ts';
import { newestOf } from '../../store/edition-places.ts';
import type { Tally } from '../../store/evidence.ts';
import type { CheckedCall } from './look.ts';
import { type CallEvidence, type Checked, callStanding } from './standing.ts';

/** Maximum calls with marks, and quarantined pieces, that are listed; the others are counted. */
export const mostNamed = 1000;

export interface OddCall {
  readonly callId: string;
  readonly odd: readonly Oddity[];
}

export class SeenCalls {
  /** Compared with the stored counts. */
  readonly counted = {
    calls: 0,
    editions: 0,
    versions: 0,
    participants: 0,
    incomplete: 0,
    found: 0,
    odd: 0,
  } satisfies Tally;
  readonly callStates: Record<CompletenessState, number> = { verified: 0, unverified: 0, missing: 0 };
  readonly damagedCalls: string[] = [];
  /** The sum of all marks. */
  odd = 0;
  readonly oddCalls: OddCall[] = [];
  damaged = 0;
  /** False when a call was not read, because the store detects damage. */
  isAllRead = true;
  /** Calls that never received a list, without evidence that it has entries. */
  withoutList = 0;
  /** The current verification, as the state of an undamaged call depends on it. */
  readonly #checked: Checked;

  constructor(throughEdition: number, beganMs: number) {
    this.#checked = {
      ...{ endedMs: beganMs, throughEdition, logChanges: 0, damaged: 0, damagedCalls: new Set() },
      ...{ isLocated: true, withoutList: 0 },
    };
  }

  /** Adds a call. @param evidence What is known about the call besides its editions. */
  add({ callId, editions, damaged, isRead }: CheckedCall, evidence: Omit<CallEvidence, 'edition'>): void {
    this.damaged += damaged;
    this.isAllRead &&= isRead;
    if (damaged > 0) this.damagedCalls.push(callId);
    const newest = newestOf(editions);
    // An unreadable call counts as missing; one without editions was deleted meanwhile.
    if (damaged > 0) this.callStates.missing++;
    if (newest === undefined) return;
    this.counted.calls++;
    this.counted.editions += editions.length;
    this.counted.versions += new Set(editions.map(({ version }) => version)).size;
    this.counted.participants += newest.participants?.count ?? 0;
    this.counted.incomplete += Number(newest.lacking.length > 0);
    this.counted.found += newest.found?.count ?? 0;
    this.counted.odd += Number(newest.odd.length > 0);
    this.odd += oddCount(newest.odd);
    if (newest.odd.length > 0 && this.oddCalls.length < mostNamed)
      this.oddCalls.push({ callId, odd: newest.odd });
    if (damaged > 0) return;
    const { state, reason } = callStanding({ edition: newest, ...evidence }, this.#checked);
    this.callStates[state]++;
    this.withoutList += Number(reason === 'listNotReceived');
  }
}
