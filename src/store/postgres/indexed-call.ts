/** What the search index is told of a call that is carried here. */
import type { Block } from '../../text/block.ts';
import type { OpenBlocks } from '../../text/open-block.ts';
import { healthy, storedHealth } from '../../text/session-health.ts';
import { newestOf } from '../edition-places.ts';
import { participantsOf } from '../indexed-edition.ts';
import type { TransferredCall } from '../transfer.ts';
import type { IndexedCall } from './search-rows.ts';

/**
 * The edition that readers are given, as it is indexed.
 *
 * @returns `undefined` when it has no start, `in part` when some of what it is made of is not carried.
 */
export function indexedCallOf(
  { callId, editions, contents, health }: TransferredCall,
  open: OpenBlocks,
): IndexedCall | 'in part' | undefined {
  const newest = newestOf(editions);
  if (newest?.startTicks === undefined) return undefined;
  const own = contents.get(newest.edition);
  // A list stands with the first edition that has it.
  const listOf = <T>(list: number | undefined, of: (edition: number) => T | undefined): T | undefined =>
    list === undefined ? undefined : [...contents.keys()].map(of).find((one) => one !== undefined);
  const participants = listOf(newest.participants?.list, (edition) =>
    editions.find((one) => one.edition === edition)?.participants?.list === newest.participants?.list
      ? contents.get(edition)?.participants
      : undefined,
  );
  const sessions = listOf(newest.sessions?.list, () => contents.get(newest.sessions?.list ?? 0)?.sessions);
  const isLacking =
    own === undefined ||
    (newest.participants !== undefined && participants === undefined) ||
    (newest.sessions !== undefined && sessions === undefined);
  if (isLacking) return 'in part';
  const people = [participants, own.found].map((blocks: readonly Block[] = []) => ({
    blocks: blocks.map((block) => open.of(block)),
    known: undefined,
  }));
  return {
    ...{ callId, edition: newest.edition, call: newest.call, version: newest.version },
    ...{ startTicks: newest.startTicks, endTicks: newest.endTicks, head: open.of(own.head), people },
    participants: participantsOf(newest),
    sessions: newest.sessions?.count ?? 0,
    health: health ?? (sessions === undefined ? healthy : storedHealth(sessions.blocks, sessions.segments)),
    incomplete: newest.lacking.length > 0,
  };
}
