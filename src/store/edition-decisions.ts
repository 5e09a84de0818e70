/**
 * Decides which rows an edition adds to a store, whether it was received or copied from another store. Pure: both
 * engines call it and write the rows that it returns.
 */
import { joinedOddities, noOddities, type Oddity, type OddPart } from '../contract/oddities.ts';
import type { Block } from '../wire/text/block.ts';
import { entityIds, OpenBlock, opened, OpenBlocks } from '../wire/text/open-block.ts';
import { noSessions, storedHealth } from '../wire/text/session-health.ts';
import type { CallChange } from './change-listeners.ts';
import { countsOf, newestOf, placesOf } from './edition-places.ts';
import { type InferredList, inferParticipants, storedParties } from './inferred-participants.ts';
import { hasWholeRoll, type IndexedEdition, participantsOf } from './indexed-edition.ts';
import { lackingOf } from './incompleteness.ts';
import type { KnownEdition, NextEdition } from './next-edition.ts';
import { soundParts } from './sound-parts.ts';
import { type Edition, editionDigest, type StoredList } from './edition.ts';
import type { ReceivedCall } from './received-call.ts';
import { addTally, type TallyRow, tallyOf } from './tally.ts';
import type { TransferredCall } from './transfer.ts';
import type { EditionRow } from './edition-row.ts';

/** An edition with the values of its rows. */
export interface WrittenEdition extends EditionRow {
  /** Lists to index by the edition's start: its own list and the inferred one. */
  readonly participants: readonly WrittenList[];
  readonly sessions: (WrittenList & { readonly segments: readonly Block[] }) | undefined;
  /** False for an edition of an older version: readers still see the newest. */
  readonly isNewest: boolean;
  /** Number of the edition that replaced it; its own number when readers never saw it. */
  readonly until: number | undefined;
  /** The stored edition that this one replaces for readers. */
  readonly ended: EndedEdition | undefined;
  /** The change of the tenant's counts. */
  readonly tally: TallyRow;
}

interface WrittenList {
  readonly list: number;
  /** Empty when the list is stored already. */
  readonly blocks: readonly Block[];
  readonly ids: readonly (string | undefined)[];
}

export interface EndedEdition {
  readonly edition: number;
  /** Number of the call. */
  readonly call: number;
  readonly startTicks: bigint | undefined;
  /** Includes the participants inferred from its sessions. */
  readonly participants: number;
}

/** A stored edition with the blocks of the lists that the next edition shares. */
export interface SharedEdition extends EditionRow {
  readonly participants: readonly Block[];
  readonly sessions: readonly Block[];
  readonly segments: readonly Block[];
}

/** Returns the stored edition whose parts the next one shares; all shared parts belong to the same edition. */
export function sharedBy({ head, participants, sessions }: NextEdition): KnownEdition | undefined {
  return [head, participants, sessions].find(isShared);
}

export function isShared(part: NextEdition['participants']): part is KnownEdition {
  return part !== undefined && part !== 'received';
}

export interface EditionInput {
  readonly tenantId: string;
  /** The number to assign to the edition. */
  readonly edition: number;
  readonly receivedMs: number | undefined;
  readonly call: ReceivedCall;
  /** Every edition that the store has of the call. */
  readonly known: readonly KnownEdition[];
  readonly next: NextEdition;
  /** The edition that `sharedBy` returned. */
  readonly shared: SharedEdition | undefined;
}

export interface ReceivedEdition {
  readonly written: WrittenEdition;
  readonly indexed: IndexedEdition | undefined;
  /** The change that subscriptions are checked against. */
  readonly change: CallChange;
}

/** Collects the changes of a transaction for the search index. */
interface SearchChanges {
  put(edition: IndexedEdition): void;
  remove(ended: EndedEdition): void;
}

/** Passes what an edition changes to the search index, and to the counts of its tenant. */
export function indexAndCount(
  { written: { ended, tally }, indexed }: Pick<ReceivedEdition, 'written' | 'indexed'>,
  search: SearchChanges,
  sums: number[],
): void {
  if (ended !== undefined) search.remove(ended);
  if (indexed !== undefined) search.put(indexed);
  addTally(sums, tally);
}

/**
 * Decides which rows a received edition adds.
 *
 * @returns The rows to write, and the search entry when the edition is the newest and has a start.
 */
export function receivedEdition(input: EditionInput): ReceivedEdition {
  const { call, known, next } = input;
  const received = { ...input, shared: input.shared && soundParts(call.callId, input.shared) };
  const head = headOf(received);
  const participants = participantsAtHand(received);
  const sessions = sessionsAtHand(received);
  const found = inferParticipants(
    participants && { ...participants, complete: participants.stored.complete },
    sessions?.parties ?? [],
    head.head,
  );
  const edition = editionOf(received, head, { participants, sessions, found });
  const { startTicks, lacking } = edition;
  const isFindable = known.some(
    (one) => one.participantsList === participants?.stored.list && one.startTicks === startTicks,
  );
  const written: WrittenEdition = {
    ...{ edition, headDigest: head.digest, head: head.head },
    ...{ participantsDigest: participants?.digest, sessionsDigest: sessions?.digest },
    participants: [
      ...(participants === undefined || isFindable
        ? []
        : [{ list: participants.stored.list, blocks: participants.own, ids: participants.ids() }]),
      ...(found === undefined ? [] : [{ list: -edition.edition, blocks: found.blocks, ids: found.ids }]),
    ],
    sessions: sessions?.own,
    ...{ isNewest: next.isNewest, until: next.isNewest ? undefined : edition.edition },
    ended: next.isNewest ? endedOf(next.newest, edition.call) : undefined,
    tally: tallyOf(
      countsOf(edition),
      next.isNewest,
      next.newest && {
        ...next.newest,
        ...{ incomplete: Number(next.newest.isLacking), odd: Number(next.newest.isOdd) },
      },
      known.every(({ version }) => version !== next.version),
    ),
  };
  const indexed = next.isNewest && startTicks !== undefined;
  return {
    written,
    change: {
      ...{ edition, before: known },
      participantIds: () => [...(participants?.ids() ?? []), ...(found?.ids ?? [])],
    },
    indexed: indexed
      ? {
          ...{ tenantId: input.tenantId, callId: call.callId },
          ...{ edition: edition.edition, call: edition.call, version: next.version },
          ...{ startTicks, endTicks: edition.endTicks, head: new OpenBlock(head.head) },
          people: [
            { blocks: opened(participants?.blocks ?? []), known: participants?.known },
            { blocks: opened(found?.blocks ?? []), known: undefined },
          ],
          ...{ participants: participantsOf(edition), sessions: edition.sessions?.count ?? 0 },
          health: sessions?.health() ?? noSessions,
          incomplete: lacking.length > 0,
          isRollComplete: hasWholeRoll(edition),
        }
      : undefined,
  };
}

function endedOf(newest: KnownEdition | undefined, call: number): EndedEdition | undefined {
  if (newest === undefined) return undefined;
  const { edition, startTicks, participants, found } = newest;
  return { edition, call, startTicks, participants: participants + found };
}

function headOf({ next, call, shared }: EditionInput) {
  if (next.head === 'received') {
    const { startTicks, endTicks, modifiedTicks, head } = call;
    return { startTicks, endTicks, modifiedTicks, digest: head.digest, head: head.value };
  }
  const { edition, headDigest, head } = shared!; // sharedBy returned it
  const { startTicks, endTicks, modifiedTicks } = edition;
  return { startTicks, endTicks, modifiedTicks, digest: headDigest, head };
}

/** Returns the participants of the edition: the received list, or the list that it shares with a stored edition. */
function participantsAtHand({ next, edition, call, shared }: EditionInput) {
  if (next.participants === undefined) return undefined;
  if (next.participants !== 'received') {
    const { edition: stored, participantsDigest: digest, participants: blocks } = shared!; // sharedBy returned it
    const ids = () => blocks.flatMap(entityIds);
    return { stored: stored.participants!, digest, blocks, own: [], ids, known: undefined }; // sharedBy returns an edition that has the part
  }
  const { digest, value } = call.participants!; // received
  const { blocks, ids, checks } = value;
  const known = checks && { ids, checks };
  return { stored: storedList(edition, value), digest, blocks, own: blocks, ids: () => ids, known };
}

/** Returns the sessions of the edition: received or shared, as with participants. */
function sessionsAtHand({ next, edition, call, shared }: EditionInput) {
  if (next.sessions === undefined) return undefined;
  if (next.sessions !== 'received') {
    const { edition: stored, sessionsDigest: digest, sessions: blocks, segments } = shared!; // sharedBy returned it
    const health = () => storedHealth(blocks, segments);
    return { stored: stored.sessions!, digest, own: undefined, parties: storedParties(blocks), health }; // sharedBy returns an edition that has the part
  }
  const { digest, value } = call.sessions!; // received
  const { blocks, segments, ids, parties } = value;
  const health = () => value.health ?? storedHealth(blocks, segments);
  return {
    stored: storedList(edition, value),
    digest,
    own: { list: edition, blocks, segments, ids },
    parties,
    health,
  };
}

function storedList(
  list: number,
  { ids, complete, pages }: Pick<StoredList, 'complete' | 'pages'> & { readonly ids: readonly unknown[] },
): StoredList {
  return { list, count: ids.length, complete, pages };
}

/** Returns the oddities of the edition: those of each part, received or shared. */
function oddOf({ call, next, shared }: EditionInput): readonly Oddity[] {
  const ofParts = (part: NextEdition['participants'], ...parts: readonly OddPart[]) => {
    const from = part === 'received' ? call.odd : part === undefined ? noOddities : shared!.edition.odd; // sharedBy returned it
    return from.length === 0 ? noOddities : from.filter((one) => parts.includes(one.part));
  };
  return joinedOddities(
    ofParts(next.head, 'record'),
    ofParts(next.participants, 'participants'),
    ofParts(next.sessions, 'sessions', 'segments'),
  );
}

function editionOf(
  received: EditionInput,
  { startTicks, endTicks, modifiedTicks, digest }: ReturnType<typeof headOf>,
  {
    participants,
    sessions,
    found,
  }: {
    readonly participants: ReturnType<typeof participantsAtHand>;
    readonly sessions: ReturnType<typeof sessionsAtHand>;
    readonly found: InferredList | undefined;
  },
): Edition {
  const { tenantId, edition, receivedMs, call, known, next } = received;
  const { version } = next;
  const lists = {
    participantsComplete: participants?.stored.complete,
    sessionsComplete: sessions?.stored.complete,
  };
  return {
    ...{ tenantId, callId: call.callId, edition, version, call: next.call ?? edition },
    digest: editionDigest(digest, participants?.digest ?? found?.digest ?? null, sessions?.digest ?? null),
    ...{ startTicks, endTicks, modifiedTicks, receivedMs },
    ...{ participants: participants?.stored, sessions: sessions?.stored },
    found: found && { list: -edition, count: found.ids.length, complete: true, pages: undefined },
    lacking: lackingOf({ version, startTicks, ...lists }, known),
    odd: oddOf(received),
  };
}

/**
 * Decides which rows a call copied from another store adds.
 *
 * @param there Numbers of the editions that the store already has; they are not written again.
 * @returns The rows to write, and the search entry of the call when any edition is written.
 */
export function transferredCallRows(
  call: TransferredCall,
  there: ReadonlySet<number>,
): { readonly editions: readonly WrittenEdition[]; readonly indexed: IndexedEdition | undefined } {
  if (call.editions.every(({ edition }) => there.has(edition))) return { editions: [], indexed: undefined };
  const open = new OpenBlocks(askedBlocks(call));
  const editions = transferredEditions(call, there, open);
  const isReinferred = !there.has(newestOf(call.editions)?.edition ?? 0);
  return { editions, indexed: isReinferred ? indexedEditionOf(call, open) : undefined };
}

/** Returns the blocks that the search index reads: the head of the newest edition, and every list without segments. */
function askedBlocks({ editions, contents }: TransferredCall): readonly Block[] {
  const newest = contents.get(newestOf(editions)?.edition ?? 0);
  const lists = [...contents.values()].flatMap(({ participants = [], found = [], sessions }) => [
    ...[...participants, ...found],
    ...(sessions?.blocks ?? []),
  ]);
  return newest === undefined ? lists : [newest.head, ...lists];
}

/**
 * Returns the rows of the editions that the store does not have.
 *
 * @param there Numbers of the editions that the store already has.
 */
export function transferredEditions(
  { editions, contents }: TransferredCall,
  there: ReadonlySet<number>,
  open: OpenBlocks,
): readonly WrittenEdition[] {
  const idsOf = (blocks: readonly Block[]) => blocks.flatMap((block) => open.of(block).ids);
  const listOf = (list: StoredList | undefined, blocks: readonly Block[] | undefined, own: number) =>
    list === undefined || blocks === undefined
      ? []
      : [{ list: list.list, blocks: Math.abs(list.list) === own ? blocks : [], ids: idsOf(blocks) }];
  return placesOf(editions).flatMap(({ edition, before, isNewest, until, tally }): WrittenEdition | [] => {
    const content = contents.get(edition.edition);
    if (content === undefined || there.has(edition.edition)) return [];
    const { headDigest, participantsDigest, sessionsDigest, head, sessions } = content;
    const isEnded = isNewest && before !== undefined && there.has(before.edition);
    return {
      ...{ edition, headDigest, participantsDigest, sessionsDigest, head },
      participants: [
        ...listOf(edition.participants, content.participants, edition.edition),
        ...listOf(edition.found, content.found, edition.edition),
      ],
      sessions: sessions && { ...sessions, list: edition.edition, ids: idsOf(sessions.blocks) },
      ...{ isNewest, until, tally },
      ended: isEnded ? { ...before, participants: participantsOf(before) } : undefined,
    };
  });
}

/** Returns the search entry of a stored call's visible edition; `undefined` when it has no start. */
export function indexedEditionOf(
  { callId, editions, contents, health }: TransferredCall,
  open: OpenBlocks,
): IndexedEdition | undefined {
  const newest = newestOf(editions);
  const own = contents.get(newest?.edition ?? 0);
  if (newest?.startTicks === undefined || own === undefined) return undefined;
  const { tenantId, edition, call, version, startTicks, endTicks, lacking } = newest;
  // The blocks of a list are stored with the first edition that has it.
  const first = editions.find(({ participants }) => participants?.list === newest.participants?.list);
  const participants = contents.get(first?.edition ?? 0)?.participants ?? [];
  const sessions = contents.get(newest.sessions?.list ?? 0)?.sessions;
  return {
    ...{ tenantId, callId, edition, call, version, startTicks, endTicks, head: open.of(own.head) },
    people: [participants, own.found ?? []].map((blocks) => ({
      blocks: blocks.map((block) => open.of(block)),
      known: undefined,
    })),
    ...{ participants: participantsOf(newest), sessions: newest.sessions?.count ?? 0 },
    health:
      health ?? (sessions === undefined ? noSessions : storedHealth(sessions.blocks, sessions.segments)),
    incomplete: lacking.length > 0,
    isRollComplete: hasWholeRoll(newest),
  };
}
