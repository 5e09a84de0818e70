/** What the counts of a tenant lose with a call. */
import type { TallyRow } from './tally.ts';
import type { Edition } from './store.ts';

/** @param editions Of one call, all of them, in the order of their versions. */
export function tallyOfDropped(editions: readonly Edition[]): TallyRow {
  const newest = editions.at(-1);
  if (newest === undefined) return [0, 0, 0, 0, 0, 0];
  return [
    -1,
    -editions.length,
    -(newest.participants?.count ?? 0),
    newest.lacking.length > 0 ? -1 : 0,
    -(newest.found?.count ?? 0),
    -new Set(editions.map(({ version }) => version)).size,
  ];
}

/** Starts the call had in its editions; 0 where one has none. */
export function startsOf(editions: readonly Edition[]): readonly bigint[] {
  return [...new Set(editions.map(({ startTicks }) => startTicks ?? 0n))];
}

/** The lists that came with the editions of a call. */
export function ownLists(editions: readonly Edition[]) {
  const own = (list: 'participants' | 'sessions') =>
    editions.flatMap((one) => (one[list]?.list === one.edition ? one[list] : []));
  const found = editions.flatMap((one) => one.found ?? []);
  return { participants: [...own('participants'), ...found], sessions: own('sessions') };
}
