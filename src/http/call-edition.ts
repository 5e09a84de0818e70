/** The edition of a call that a read is of. */
import { Fault } from '../faults.ts';
import type { Edition } from '../store/store.ts';
import type { Read, ReadParts } from './read.ts';
import { callRecordMissing } from './refusals.ts';
import { refuseInvisible } from './visibility.ts';

/**
 * @param edition The one a skip token walks; the newest when absent.
 * @throws Fault `recordMissing`, or `badSkipToken` when the named edition is gone
 */
export async function callEdition(read: Read, parts: ReadParts, edition?: number): Promise<Edition> {
  const found = await parts.store.edition(read.caller.tenantId, read.target.keys[0] ?? '', edition);
  return visibleEdition(found, edition, parts);
}

export function visibleEdition(
  found: Edition | undefined,
  asked: number | undefined,
  { visibility }: ReadParts,
): Edition {
  if (found === undefined) throw asked === undefined ? callRecordMissing() : staleSkipToken();
  refuseInvisible(found, visibility);
  return found;
}

export function staleSkipToken(): Fault {
  return new Fault(
    'badSkipToken',
    'The skip token names a version that is gone. Begin again at the first page.',
    { target: '$skiptoken' },
  );
}
