/**
 * What a new edition of a call is: made of what was received, of what it takes over from an earlier edition, and of what
 * follows from both. Pure: rows in, rows out. Every engine asks it, and writes what it says.
 */
import type { Block } from '../text/block.ts';
import { entityIds, OpenBlock, opened } from '../text/open-block.ts';
import { type Health, healthy, storedHealth } from '../text/session-health.ts';
import { columnsFromHead, digestColumn } from './edition-places.ts';
import type { IndexedEdition } from './indexed-edition.ts';
import { type InferredList, inferParticipants, storedParties } from './inferred-participants.ts';
import { lackingBits, lackingOf } from './lacking.ts';
import type { KnownEdition, NextEdition } from './next-edition.ts';
import type { PeopleList } from './person-words.ts';
import { blockOf, flagsOf, type Row, type SQLOutput } from './rows.ts';
import type { SessionParty } from '../text/session-parties.ts';
import { editionDigest, type ParticipantList, type ReceivedCall } from './store.ts';
import { type TallyRow, tallyOf } from './tally.ts';

export interface Addition {
  readonly tenantId: string;
  readonly edition: number;
  readonly received: ReceivedCall;
  readonly next: NextEdition;
  readonly known: readonly KnownEdition[];
  readonly receivedMs: number;
}

/** What an edition takes over from earlier ones, as their rows have it; absent where it takes over nothing. */
export interface SharedParts {
  /** Start, end and time of the last change, digest, and the columns of the block. */
  readonly head: Row | undefined;
  readonly participants: SharedList | undefined;
  readonly sessions: SharedSessions | undefined;
}

export interface SharedList {
  /** List, count, completeness, digest and pages. */
  readonly columns: Row;
  /** Asked once, and only where `blocksRead` says so. */
  readonly blocks: () => readonly Block[];
}

export interface SharedSessions extends SharedList {
  readonly segments: () => readonly Block[];
}

export interface ComposedEdition {
  /** Number of the call. */
  readonly call: number;
  readonly startTicks: bigint | undefined;
  readonly endTicks: bigint | undefined;
  readonly head: Block;
  /** Its columns from the version on, in the order in which both engines add them. */
  readonly columns: readonly SQLOutput[];
  /** The columns of the head and of the lists among them. */
  readonly parts: Readonly<Record<'head' | 'participants' | 'inferred', Row>>;
  readonly inferred: InferredList | undefined;
  /** Lists whose participants are to be found by the start that this edition has. */
  readonly indexed: readonly IndexedList[];
  /** What it is found by, where it has a start and is what readers are given. */
  readonly search: IndexedEdition | undefined;
  readonly tally: TallyRow;
}

export interface IndexedList {
  readonly list: number;
  readonly ids: readonly string[];
  /** True of one that is to be found by another start already. */
  readonly isShared: boolean;
}

const noList: Row = [null, 0, null, null, null];

/** Which blocks of lists that are taken over an edition is composed from. */
export function blocksRead(
  { received, next }: Pick<Addition, 'received' | 'next'>,
  columns: Readonly<Record<'head' | 'participants' | 'sessions', Row | undefined>>,
): Readonly<Record<'participants' | 'sessions' | 'segments', boolean>> {
  const start = columns.head === undefined ? received.startTicks : (columns.head[0] ?? undefined);
  const isFound = next.isNewest && start !== undefined;
  const isComplete =
    next.participants === 'received'
      ? received.participants!.value.complete
      : Number(columns.participants?.[2]) === 1;
  const isInferred = next.participants !== undefined && next.sessions !== undefined && isComplete;
  return {
    participants: isFound || isInferred || isFoundAnew(next.participants, start as bigint | undefined),
    sessions: isFound || isInferred,
    segments: isFound,
  };
}

export function composeEdition(addition: Addition, shared: SharedParts): ComposedEdition {
  const { tenantId, edition, received, next, known, receivedMs } = addition;
  const { callId } = received;
  const headRow = shared.head ?? headColumns(received);
  const head = shared.head === undefined ? received.head.value : headBlock(shared.head);
  const [startTicks, endTicks] = headRow.map((tick) => tick ?? undefined) as (bigint | undefined)[];
  const participants = participantsOf(addition, shared.participants);
  const sessions = sessionsOf(addition, shared.sessions);
  const inferred =
    participants && sessions ? inferParticipants(sessions.parties(), participants, head) : undefined;
  const columns = {
    head: headRow,
    participants: participants?.columns ?? noList,
    sessions: sessions?.columns ?? noList,
    found: inferred === undefined ? [null, 0] : [-edition, inferred.ids.length],
    lacking: lackingBits(
      lackingOf(
        {
          ...{ version: next.version, startTicks, head },
          participantsComplete: participants?.complete,
          sessionsComplete: sessions?.complete,
        },
        known,
      ),
    ),
    receivedMs,
  };
  const call = next.call ?? edition;
  const digest = editionDigest(
    headRow[3] as string,
    columns.participants[3] as string | null,
    columns.sessions[3] as string | null,
  );
  const own = { tenantId, callId, edition, version: next.version, digest, call };
  const counts = {
    participants: Number(columns.participants[1]),
    incomplete: Number(columns.lacking !== 0),
    found: Number(columns.found[1]),
  };
  const { newest } = next;
  return {
    ...{ call, startTicks, endTicks, head, inferred },
    columns: [next.version, digestColumn(own, columns), ...columnsFromHead(columns)],
    parts: { head: headRow, participants: columns.participants, inferred: columns.found },
    indexed: [
      ...(participants && isFoundAnew(next.participants, startTicks)
        ? [{ list: participants.list, ids: participants.ids(), isShared: !participants.isReceived }]
        : []),
      ...(inferred === undefined ? [] : [{ list: -edition, ids: inferred.ids, isShared: false }]),
    ],
    search:
      next.isNewest && startTicks !== undefined
        ? {
            ...{ edition, callId, version: next.version, startTicks, endTicks },
            head: new OpenBlock(head),
            people: [
              participants?.people() ?? { blocks: [], known: undefined },
              { blocks: opened(inferred?.blocks ?? []), known: undefined },
            ],
            participants: counts.participants + counts.found,
            sessions: Number(columns.sessions[1]),
            health: sessions?.health() ?? healthy,
            incomplete: columns.lacking !== 0,
          }
        : undefined,
    tally: tallyOf(
      counts,
      next.isNewest,
      newest && { ...newest, incomplete: Number(newest.isLacking) },
      known.every(({ version }) => version !== next.version),
    ),
  };
}

interface List {
  readonly columns: Row;
  readonly complete: boolean;
}

interface ParticipantsOfEdition extends List {
  readonly list: number;
  readonly isReceived: boolean;
  readonly ids: () => readonly string[];
  readonly blocks: Iterable<Block>;
  readonly people: () => PeopleList;
}

function participantsOf(
  { edition, received, next }: Addition,
  shared: SharedList | undefined,
): ParticipantsOfEdition | undefined {
  if (next.participants === undefined) return undefined;
  if (shared === undefined) {
    const { digest, value } = received.participants!;
    const { blocks, ids, checks } = value;
    return {
      ...{ ...receivedList(edition, digest, value), list: edition, isReceived: true, blocks, ids: () => ids },
      people: () => ({ blocks: opened(blocks), known: checks && { ids, checks } }),
    };
  }
  const blocks = once(shared.blocks);
  return {
    ...{ ...sharedList(shared), list: Number(shared.columns[0]), isReceived: false },
    blocks: { [Symbol.iterator]: () => blocks()[Symbol.iterator]() },
    ids: once(() => blocks().flatMap((block) => entityIds(block))),
    people: () => ({ blocks: opened(blocks()), known: undefined }),
  };
}

interface SessionsOfEdition extends List {
  readonly parties: () => Iterable<SessionParty>;
  readonly health: () => Health;
}

function sessionsOf(
  { edition, received, next }: Addition,
  shared: SharedSessions | undefined,
): SessionsOfEdition | undefined {
  if (next.sessions === undefined) return undefined;
  if (shared === undefined) {
    const { digest, value } = received.sessions!;
    const { parties, health, blocks, segments } = value;
    return {
      ...receivedList(edition, digest, value),
      parties: () => parties,
      health: () => health ?? storedHealth(blocks, segments),
    };
  }
  const blocks = once(shared.blocks);
  return {
    ...sharedList(shared),
    parties: () => storedParties(blocks()),
    health: () => storedHealth(blocks(), shared.segments()),
  };
}

function receivedList(
  edition: number,
  digest: string,
  { ids, complete, pages }: Pick<ParticipantList, 'ids' | 'complete' | 'pages'>,
): List {
  return { columns: [edition, ids.length, Number(complete), digest, pages ?? null], complete };
}

function sharedList({ columns }: SharedList): List {
  return { columns, complete: Number(columns[2]) === 1 };
}

/** True of a list that came with the edition, or that was not to be found by this start until now. */
function isFoundAnew(from: NextEdition['participants'], start: bigint | undefined): boolean {
  return from === 'received' || (from !== undefined && (from.startTicks ?? 0n) !== (start ?? 0n));
}

function headColumns({ startTicks, endTicks, modifiedTicks, head: { digest, value } }: ReceivedCall): Row {
  const times = [startTicks ?? null, endTicks ?? null, modifiedTicks ?? null];
  return [...times, digest, value.textLength, value.crc, flagsOf(value), value.layout, value.body];
}

function headBlock([, , , , textLength = 0, crc = 0, flags = 0, layout = null, body = null]: Row): Block {
  return blockOf([1, textLength, crc, flags, body, layout]);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
