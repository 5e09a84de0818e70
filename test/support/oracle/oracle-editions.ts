/** Stores the oracle's editions, and answers queries about them. */
import type { AsOf } from '../../../src/query/odata/as-of.ts';
import type { InferredList } from '../../../src/store/inferred-participants.ts';
import type { KnownEdition } from '../../../src/store/next-edition.ts';
import type { CallPosition } from '../../../src/store/call-list.ts';
import type { Edition } from '../../../src/store/edition.ts';
import type { ParticipantList, SessionList } from '../../../src/store/received-call.ts';
import type { EditionContent, TransferredCall } from '../../../src/store/transfer.ts';
import type { Block } from '../../../src/wire/text/block.ts';

export interface StoredEdition {
  readonly edition: Edition;
  readonly headDigest: string;
  readonly head: Block;
  readonly participants: { readonly digest: string; readonly value: ParticipantList } | undefined;
  readonly sessions: { readonly digest: string; readonly value: SessionList } | undefined;
  readonly found: InferredList | undefined;
}

export function wholeCall(callId: string, stored: readonly StoredEdition[]): TransferredCall {
  const contents = stored.map(({ edition, headDigest, head, participants, sessions, found }) => {
    const content: EditionContent = {
      ...{ headDigest, head },
      participantsDigest: participants?.digest,
      sessionsDigest: sessions?.digest,
      participants: participants?.value.blocks,
      sessions: sessions?.value,
      found: found?.blocks,
    };
    return [edition.edition, content] as const;
  });
  const editions = stored.map(({ edition }) => edition);
  return { callId, editions, contents: new Map(contents), health: undefined };
}

export function knownEdition({ edition, headDigest, participants, sessions }: StoredEdition): KnownEdition {
  return {
    edition: edition.edition,
    version: edition.version,
    startTicks: edition.startTicks,
    headDigest,
    participantsDigest: participants?.digest,
    sessionsDigest: sessions?.digest,
    participants: edition.participants?.count ?? 0,
    found: edition.found?.count ?? 0,
    isLacking: edition.lacking.length > 0,
    isOdd: edition.odd.length > 0,
    participantsList: edition.participants?.list,
  };
}

export function asOfEdition(editions: readonly Edition[], asOf: AsOf): Edition | undefined {
  if ('version' in asOf) return newestOf(editions.filter(({ version }) => version === asOf.version));
  const { ticks } = asOf;
  return (
    newestOf(
      editions.filter(({ receivedMs }) => receivedMs !== undefined && BigInt(receivedMs) * 10_000n <= ticks),
    ) ??
    newestOf(editions.filter(({ modifiedTicks }) => modifiedTicks !== undefined && modifiedTicks <= ticks))
  );
}

export function inVersions(editions: readonly Edition[]): Edition[] {
  return [...editions].sort((a, b) => compare(a.version, b.version) || a.edition - b.edition);
}

export function newestOf(editions: readonly Edition[]): Edition | undefined {
  return inVersions(editions).at(-1);
}

/** Sorts ids by their UTF-8 bytes, as a database compares them. */
export function firstIds(
  editions: readonly Edition[],
  after: string | undefined,
  limit: number,
): readonly string[] {
  const inOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return editions
    .map(({ callId }) => callId)
    .filter((id) => after === undefined || inOrder(id, after) > 0)
    .sort(inOrder)
    .slice(0, limit);
}

export function inOrder(a: CallPosition, b: CallPosition): number {
  return compare(a.startTicks, b.startTicks) || a.call - b.call;
}

export function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
