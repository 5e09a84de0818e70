/** Decides which subscriptions a new edition of a call is reported to. Pure: every backend calls it. */
import type { KnownEdition } from './next-edition.ts';
import type { CallChangeType } from './subscriptions.ts';

/** The columns of an edition that decide whether it is a change. */
export type EditionState = Pick<KnownEdition, 'edition' | 'version' | 'startTicks'>;
/** The same columns of an edition that is already stored. */
type StoredState = EditionState & Pick<KnownEdition, 'headDigest' | 'participantsDigest' | 'sessionsDigest'>;

/** Returns whether an edition passes the filter of a subscription. */
export type Passes = (edition: EditionState) => boolean;

/**
 * Returns true when the edition gives readers who see only the editions that pass a filter a version they did not have.
 *
 * An edition that completes a version they already see, or that has an older version, is no change that Graph would
 * notify of. A call without a start (its record was not received) is not visible to readers yet.
 *
 * @param before Every edition of the call that the store had, in any order.
 */
export function isChange(edition: EditionState, before: readonly EditionState[], passes: Passes): boolean {
  return (
    isOfNewest(edition, before) &&
    passes(edition) &&
    before.every((earlier) => earlier.version < edition.version || !isSeen(earlier, passes))
  );
}

/** Returns true when readers may see the edition: it has a start, and no stored edition has a higher version. */
export function isOfNewest(edition: EditionState, before: readonly EditionState[]): boolean {
  return edition.startTicks !== undefined && before.every(({ version }) => version <= edition.version);
}

function isSeen(edition: EditionState, passes: Passes): boolean {
  return edition.startTicks !== undefined && passes(edition);
}

/**
 * Returns the events that a change sends to a subscription, in order: `created` when the subscription first sees the
 * call, and `updated` then and at every later version (reference "Get change notifications for call records").
 *
 * @param changeTypes The change types of the subscription.
 * @param since Number of the newest edition in the store when the subscription was created.
 * @param before Every edition of the call that the store had.
 */
export function eventsOf(
  changeTypes: ReadonlySet<string>,
  since: number,
  before: readonly StoredState[],
  passes: Passes,
): readonly CallChangeType[] {
  const seen = before.some((edition) => {
    const earlier = before.filter((one) => one.edition < edition.edition);
    return edition.edition > since && isReceived(edition, earlier) && isChange(edition, earlier, passes);
  });
  const events: readonly CallChangeType[] = seen ? ['updated'] : ['created', 'updated'];
  return events.filter((event) => changeTypes.has(event));
}

/** Returns false for an edition that a background task made from stored parts: no subscription was notified of it. */
function isReceived(edition: StoredState, earlier: readonly StoredState[]): boolean {
  return !earlier.some(
    (one) =>
      one.version === edition.version &&
      one.headDigest === edition.headDigest &&
      one.participantsDigest === edition.participantsDigest &&
      one.sessionsDigest === edition.sessionsDigest,
  );
}
