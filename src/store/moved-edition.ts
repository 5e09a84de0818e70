/** An edition that is carried over, as what adds it takes it: as received, but that everything is decided already. */
import { entityIds } from '../text/block.ts';
import type { FoundList } from './found-participants.ts';
import type { KnownEdition, NextEdition } from './next-edition.ts';
import type { Lack, ReceivedCall } from './store.ts';
import type { TransferredEdition } from './transfer.ts';

/** What a store says of an edition beyond what was received, when it is carried over and not found out anew. */
export interface Decided {
  readonly found: FoundList | undefined;
  readonly lacking: readonly Lack[];
  readonly receivedMs: number | null;
}

export interface MovedEdition {
  readonly received: ReceivedCall;
  readonly next: NextEdition;
  readonly decided: Decided;
}

/** @param known Editions of the call that are there already. */
export function movedEdition(moved: TransferredEdition, known: readonly KnownEdition[]): MovedEdition {
  const { edition, recorded, head, participants, sessions, found } = moved;
  const newest = known.reduce<KnownEdition | undefined>(
    (last, one) => (last === undefined || isAfter(one, last) ? one : last),
    undefined,
  );
  const owner = (list: number | undefined) => known.find((one) => one.edition === list);
  return {
    received: {
      callId: edition.callId,
      version: edition.version,
      startTicks: edition.startTicks,
      endTicks: edition.endTicks,
      modifiedTicks: edition.modifiedTicks,
      head: { digest: recorded.headDigest, value: head },
      participants: participants && {
        digest: recorded.participantsDigest ?? '',
        value: { blocks: participants, ids: idsOf(participants), ...evidenceOf(edition.participants) },
      },
      sessions: sessions && {
        digest: recorded.sessionsDigest ?? '',
        value: {
          ...sessions,
          ids: idsOf(sessions.blocks),
          // Whom they show was found out when they were received.
          parties: [],
          ...evidenceOf(edition.sessions),
        },
      },
    },
    next: {
      version: edition.version,
      head: 'received',
      participants: participants === undefined ? owner(edition.participants?.list) : 'received',
      sessions: sessions === undefined ? owner(edition.sessions?.list) : 'received',
      call: known.length === 0 ? undefined : edition.call,
      newest,
      isNewest: newest === undefined || edition.version >= newest.version,
    },
    decided: {
      found: found && { blocks: found, ids: idsOf(found) },
      lacking: edition.lacking,
      receivedMs: edition.receivedMs ?? null,
    },
  };
}

/** The same as a known edition of its call, for those that follow. */
export function knownAs({ edition, recorded }: TransferredEdition): KnownEdition {
  return {
    edition: edition.edition,
    version: edition.version,
    headDigest: recorded.headDigest,
    participantsDigest: recorded.participantsDigest,
    sessionsDigest: recorded.sessionsDigest,
    startTicks: edition.startTicks,
    participants: edition.participants?.count ?? 0,
    found: edition.found?.count ?? 0,
    isLacking: edition.lacking.length > 0,
  };
}

function isAfter(a: KnownEdition, b: KnownEdition): boolean {
  return a.version > b.version || (a.version === b.version && a.edition > b.edition);
}

function idsOf(blocks: TransferredEdition['participants']): readonly string[] {
  return (blocks ?? []).flatMap((block) => entityIds(block));
}

function evidenceOf(list: TransferredEdition['edition']['participants']) {
  return { complete: list?.complete ?? true, pages: list?.pages };
}
