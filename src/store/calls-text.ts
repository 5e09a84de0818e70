/** Builds a page of the list of calls as text, call by call, for stores that do not keep the items as text. */
import { organizerContext } from '../query/odata/context-url.ts';
import { listItemOf } from '../wire/text/list-item.ts';
import { entityIds } from '../wire/text/open-block.ts';
import { isOfAnother } from './call-facts.ts';
import { CallDamaged } from './store-errors.ts';
import type { CallsText, ListedCall } from './call-list.ts';

/**
 * Returns the page as text.
 *
 * @param found The calls of the page, and one more when another page follows.
 */
export function callsTextOf(found: readonly ListedCall[], limit: number, root: string): CallsText {
  const items = found.slice(0, limit).map(({ callId, head }) => {
    if (isOfAnother(entityIds(head)[0], callId)) throw new CallDamaged(callId);
    const { before, after } = listItemOf(head, organizerContext(callId));
    return after === undefined ? before.toString() : `${before.toString()}${root}${after.toString()}`;
  });
  return { text: Buffer.from(items.join()), last: found.length > limit ? found[limit - 1] : undefined };
}
