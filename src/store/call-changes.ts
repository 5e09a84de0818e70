/** Decides which subscriptions a new edition of a call concerns. Pure: every backend asks it. */
import type { KnownEdition } from './next-edition.ts';
import type { CallChangeType } from './subscriptions.ts';

/** What of an edition decides whether it is a change. */
export type EditionState = Pick<KnownEdition, 'edition' | 'version' | 'startTicks'>;

/**
 * True when readers are given a version of the call that they were not given before. An edition that completes a
 * version, or is of an older one, tells them nothing that Graph would notify of; and a call whose record was not
 * received (it has no start) is not there for them yet.
 *
 * @param before Every edition of the call that the store had, in any order.
 */
export function isChange(edition: EditionState, before: readonly EditionState[]): boolean {
  return (
    edition.startTicks !== undefined &&
    before.every(({ version, startTicks }) =>
      startTicks === undefined ? version <= edition.version : version < edition.version,
    )
  );
}

/**
 * What a subscription is told of a change, in order: `created` when the call is first seen by it, and `updated` then
 * and at every later version (reference "Get change notifications for call records").
 *
 * @param changeTypes Those subscribed to.
 * @param since Number of the newest edition in the store when the subscription was made.
 * @param before Every edition of the call that the store had.
 */
export function eventsOf(
  changeTypes: ReadonlySet<string>,
  since: number,
  before: readonly EditionState[],
): readonly CallChangeType[] {
  const seen = before.some(
    (edition) =>
      edition.edition > since &&
      isChange(
        edition,
        before.filter((earlier) => earlier.edition < edition.edition),
      ),
  );
  const events: readonly CallChangeType[] = seen ? ['updated'] : ['created', 'updated'];
  return events.filter((event) => changeTypes.has(event));
}
