/** Decides which subscriptions a new edition of a call concerns. Pure: every backend asks it. */
import type { KnownEdition } from './next-edition.ts';
import type { CallChangeType } from './subscriptions.ts';

/** What of an edition decides whether it is a change. */
export type EditionState = Pick<KnownEdition, 'edition' | 'version' | 'startTicks'>;
/** The same of one that the store has. */
type StoredState = EditionState & Pick<KnownEdition, 'headDigest' | 'participantsDigest' | 'sessionsDigest'>;

/** Whether an edition passes the filter of a subscription. */
export type Passes = (edition: EditionState) => boolean;

/**
 * True when readers who see the editions that pass a filter are given a version that they were not given before. An edition
 * that completes a version they see, or is of an older one, tells them nothing that Graph would notify of; and a call whose
 * record was not received (it has no start) is not there for them yet.
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

/** True when readers may be given the edition: it has a start, and no edition is of a higher version. */
export function isOfNewest(edition: EditionState, before: readonly EditionState[]): boolean {
  return edition.startTicks !== undefined && before.every(({ version }) => version <= edition.version);
}

function isSeen(edition: EditionState, passes: Passes): boolean {
  return edition.startTicks !== undefined && passes(edition);
}

/**
 * Decides what a subscription is notified of by a change, in order: `created` when it first sees the call, and `updated`
 * then and at every later version (reference "Get change notifications for call records").
 *
 * @param changeTypes Those subscribed to.
 * @param since Number of the newest edition in the store when the subscription was made.
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

/** False for an edition that was made in the background of parts that are stored already: nobody was notified of it. */
function isReceived(edition: StoredState, earlier: readonly StoredState[]): boolean {
  return !earlier.some(
    (one) =>
      one.version === edition.version &&
      one.headDigest === edition.headDigest &&
      one.participantsDigest === edition.participantsDigest &&
      one.sessionsDigest === edition.sessionsDigest,
  );
}
