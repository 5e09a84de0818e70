/** Decides which rows are deleted with a dropped call, from its editions. Pure: both engines call it. */
import { participantsOf } from './indexed-edition.ts';
import type { Edition, StoredList } from './edition.ts';
import type { TallyRow } from './tally.ts';

export interface DroppedCall {
  /** Number of the call. */
  readonly call: number;
  /** Numbers of its editions. */
  readonly editions: readonly number[];
  /** Starts of the call in its editions; `undefined` where an edition has none. */
  readonly starts: readonly (bigint | undefined)[];
  /** Lists of participants that its editions brought, inferred lists included. */
  readonly participants: readonly StoredList[];
  readonly sessions: readonly StoredList[];
  readonly tally: TallyRow;
  /** The entry of the call in the search index; absent when its newest edition has no start. */
  readonly found:
    | {
        readonly edition: number;
        readonly call: number;
        readonly startTicks: bigint;
        readonly participants: number;
      }
    | undefined;
}

/**
 * Returns the rows to delete with a call.
 *
 * @param editions All editions of one call, ordered by version.
 * @returns `undefined` when there are none.
 */
export function droppedCall(editions: readonly Edition[]): DroppedCall | undefined {
  const newest = editions.at(-1);
  if (newest === undefined) return undefined;
  const { call, edition, startTicks } = newest;
  const own = (list: 'participants' | 'sessions') =>
    editions.flatMap((one) => (one[list]?.list === one.edition ? one[list] : []));
  return {
    call,
    editions: editions.map((one) => one.edition),
    starts: [...new Set(editions.map((one) => one.startTicks))],
    participants: [...own('participants'), ...editions.flatMap((one) => one.found ?? [])],
    sessions: own('sessions'),
    tally: [
      -1,
      -editions.length,
      0 - (newest.participants?.count ?? 0),
      newest.lacking.length > 0 ? -1 : 0,
      0 - (newest.found?.count ?? 0),
      -new Set(editions.map(({ version }) => version)).size,
      newest.odd.length > 0 ? -1 : 0,
    ],
    found:
      startTicks === undefined
        ? undefined
        : { edition, call, startTicks, participants: participantsOf(newest) },
  };
}
