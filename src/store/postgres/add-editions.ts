/** Writes new editions of calls: their rows, the lists that came with them, and their places in the list of calls. */
import type { Block } from '../../text/block.ts';
import { entityIds, OpenBlock, opened } from '../../text/open-block.ts';
import { type Health, healthy, storedHealth } from '../../text/session-health.ts';
import { columnsFromHead, digestColumn } from '../edition-places.ts';
import { findParticipants, type FoundList, storedParties } from '../found-participants.ts';
import { lackingBits, lackingOf } from '../lacking.ts';
import type { KnownEdition, NextEdition } from '../next-edition.ts';
import type { PeopleList } from '../person-words.ts';
import { blockOf, flagsOf, type Row } from '../rows.ts';
import { editionDigest, type ReceivedCall } from '../store.ts';
import type { Transaction } from './connection.ts';
import { type CopyRow, type EditionTable, noRows } from './edition-rows.ts';
import { keyOf, longIdOf } from './keys.ts';
import type { SearchWriter } from './search-writer.ts';
import type { AddedEdition } from '../added-edition.ts';

/** What an edition is known by in every row of it. */
interface Numbers {
  readonly key: Buffer;
  readonly call: number;
  readonly edition: number;
}

/** Start of a listed edition that has none: before every time there is. */
export const noStart = -(2n ** 63n);

/** Rows are gathered, and copied together: `flush` before anything reads them. */
export class EditionWriter {
  readonly #transaction: Transaction;
  readonly #tenant: number;
  readonly #tenantId: string;
  readonly #receivedMs: number;
  readonly #search: SearchWriter;
  readonly #rows = noRows();

  constructor(
    transaction: Transaction,
    tenant: { readonly tenantId: string; readonly tenantNo: number },
    receivedMs: number,
    search: SearchWriter,
  ) {
    this.#search = search;
    this.#transaction = transaction;
    this.#tenant = tenant.tenantNo;
    this.#tenantId = tenant.tenantId;
    this.#receivedMs = receivedMs;
  }

  async add(
    edition: number,
    received: ReceivedCall,
    next: NextEdition,
    known: readonly KnownEdition[],
  ): Promise<AddedEdition> {
    const key = keyOf(received.callId);
    const longId = longIdOf(received.callId);
    const numbers = { key, edition, call: next.call ?? edition };
    const head = await this.#headColumns(key, received, next);
    const [startTicks, endTicks, modifiedTicks] = head as [bigint | null, bigint | null, bigint | null];
    const participants = await this.#participantColumns(numbers, received, next, startTicks ?? 0n);
    const sessions = await this.#sessionColumns(numbers, received, next);
    const foundList = await this.#findList(numbers, received, { participants, sessions, head });
    const found = this.#foundColumns(numbers, startTicks ?? 0n, foundList);
    const digest = editionDigest(
      head[3] as string,
      participants[3] as string | null,
      sessions[3] as string | null,
    );
    const lacking = lackingBits(
      lackingOf(
        {
          version: next.version,
          startTicks: startTicks ?? undefined,
          head: headBlock(head),
          participantsComplete: completeOf(participants),
          sessionsComplete: completeOf(sessions),
        },
        known,
      ),
    );
    const columns = { head, participants, sessions, found, lacking, receivedMs: this.#receivedMs };
    const own = {
      tenantId: this.#tenantId,
      callId: received.callId,
      edition,
      version: next.version,
      digest,
      call: numbers.call,
    };
    const names = [edition, this.#tenant, key, longId, numbers.call, next.version];
    this.#rows.edition.push([...names, digestColumn(own, columns), ...columnsFromHead(columns)]);
    if (next.isNewest) {
      await this.#endListing(numbers, next.newest);
      await this.#find(numbers, received, next, { participants, sessions, head, foundList, lacking });
    }
    const place = [this.#tenant, startTicks ?? noStart, numbers.call, edition];
    const until = next.isNewest ? null : edition;
    const lists = [participants[0] ?? null, participants[1] ?? null, found[0] ?? null];
    const shown = [until, key, longId, next.version, this.#receivedMs, ...lists, endTicks, modifiedTicks];
    this.#rows.listing.push([...place, ...shown, ...head.slice(4)]);
    return {
      tally: [
        ...tallied(next, [Number(participants[1]), Number(lacking !== 0), Number(found[1])]),
        known.some(({ version }) => version === next.version) ? 0 : 1,
      ],
      startTicks: startTicks ?? undefined,
      endTicks: endTicks ?? undefined,
    };
  }

  async flush(): Promise<void> {
    for (const [table, rows] of Object.entries(this.#rows)) {
      await this.#transaction.add(table as EditionTable, rows); // the record's own keys
      rows.length = 0;
    }
    await this.#search.flush();
  }

  /** Takes the place from the edition that readers were given until now. */
  async #endListing({ edition, call }: Numbers, before: KnownEdition | undefined): Promise<void> {
    if (before === undefined) return;
    const { startTicks = noStart } = before;
    await this.#transaction.run('endListing', edition, this.#tenant, startTicks, call, before.edition);
  }

  async #headColumns(key: Buffer, received: ReceivedCall, { head: from }: NextEdition): Promise<Row> {
    if (from !== 'received') return (await this.#ofEdition('headOf', key, from))!; // it is known to be there
    const { startTicks, endTicks, modifiedTicks, head } = received;
    const { digest, value } = head;
    const times = [startTicks ?? null, endTicks ?? null, modifiedTicks ?? null];
    return [...times, digest, value.textLength, value.crc, flagsOf(value), value.layout, value.body];
  }

  async #participantColumns(
    numbers: Numbers,
    { participants }: ReceivedCall,
    { participants: from }: NextEdition,
    start: bigint,
  ): Promise<Row> {
    if (from === undefined) return [null, 0, null, null, null];
    const { key, edition } = numbers;
    if (from !== 'received') {
      const columns = (await this.#ofEdition('participantsOf', key, from))!; // it is known to be there
      // The list is shared, and is to be found by the start this edition has.
      if ((from.startTicks ?? 0n) !== start) await this.#indexAgain(numbers, Number(columns[0]), start);
      return columns;
    }
    const { digest, value } = participants!;
    this.#addBlocks('participant_block', key, edition, value.blocks);
    this.#index(numbers, edition, { start, ids: value.ids });
    return [edition, value.ids.length, value.complete ? 1 : 0, digest, value.pages ?? null];
  }

  async #sessionColumns(
    { key, edition }: Numbers,
    { sessions }: ReceivedCall,
    { sessions: from }: NextEdition,
  ): Promise<Row> {
    if (from === undefined) return [null, 0, null, null, null];
    if (from !== 'received') return (await this.#ofEdition('sessionsOf', key, from))!; // it is known to be there
    const { digest, value } = sessions!;
    let first = 0;
    this.#addBlocks('session_block', key, edition, value.blocks, ({ count }) => {
      const keys = value.ids.slice(first, first + count).map((id) => keyOf(id));
      first += count;
      return [keys];
    });
    this.#addBlocks('segment_block', key, edition, value.segments);
    return [edition, value.ids.length, value.complete ? 1 : 0, digest, value.pages ?? null];
  }

  /** Whom the sessions of the edition show and its list lacks. */
  async #findList(
    { key, edition }: Numbers,
    received: ReceivedCall,
    { participants, sessions, head }: Readonly<Record<'participants' | 'sessions' | 'head', Row>>,
  ): Promise<FoundList | undefined> {
    const [participantsList, , complete] = participants;
    const [sessionsList] = sessions;
    if (participantsList === null || sessionsList === null || Number(complete) !== 1) return undefined;
    const isReceived = Number(participantsList) === edition;
    const blocks = isReceived
      ? received.participants!.value.blocks
      : await this.#blocksOf('participantBlock', key, Number(participantsList));
    const parties =
      Number(sessionsList) === edition
        ? received.sessions!.value.parties
        : storedParties(await this.#blocksOf('sessionBlock', key, Number(sessionsList)));
    const ids = () => (isReceived ? received.participants!.value.ids : idsOf(blocks));
    return findParticipants(parties, { complete: true, ids, blocks }, headBlock(head));
  }

  /** Writes them as a list of its own. */
  #foundColumns(numbers: Numbers, start: bigint, found: FoundList | undefined): Row {
    if (found === undefined) return [null, 0];
    const { key, edition } = numbers;
    this.#addBlocks('participant_block', key, -edition, found.blocks);
    this.#index(numbers, -edition, { start, ids: found.ids });
    return [-edition, found.ids.length];
  }

  /** Finds the call by this edition, in place of the one that readers were given until now. */
  async #find(
    { key, edition, call }: Numbers,
    received: ReceivedCall,
    { version, newest }: NextEdition,
    {
      participants,
      sessions,
      head,
      foundList,
      lacking,
    }: Readonly<Record<'participants' | 'sessions' | 'head', Row>> & {
      readonly foundList: FoundList | undefined;
      readonly lacking: number;
    },
  ): Promise<void> {
    if (newest?.startTicks !== undefined) this.#search.remove({ startTicks: newest.startTicks, call });
    const [startTicks, endTicks] = head as [bigint | null, bigint | null];
    if (startTicks === null) return;
    const found = foundList?.blocks ?? [];
    this.#search.put({
      ...{ callId: received.callId, call, edition, version, startTicks, endTicks: endTicks ?? undefined },
      head: new OpenBlock(headBlock(head)),
      people: [
        await this.#peopleOf(key, edition, received, participants),
        { blocks: opened(found), known: undefined },
      ],
      participants: Number(participants[1]) + (foundList?.ids.length ?? 0),
      sessions: Number(sessions[1]),
      health: await this.#healthOf(key, edition, received, sessions),
      incomplete: lacking !== 0,
    });
  }

  async #peopleOf(
    key: Buffer,
    edition: number,
    { participants }: ReceivedCall,
    [list = null]: Row,
  ): Promise<PeopleList> {
    if (list === null) return { blocks: [], known: undefined };
    if (Number(list) !== edition)
      return {
        blocks: opened(await this.#blocksOf('participantBlock', key, Number(list))),
        known: undefined,
      };
    const { blocks, ids, checks } = participants!.value;
    return { blocks: opened(blocks), known: checks && { ids, checks } };
  }

  async #healthOf(
    key: Buffer,
    edition: number,
    { sessions }: ReceivedCall,
    [list = null]: Row,
  ): Promise<Health> {
    if (list === null) return healthy;
    if (Number(list) !== edition)
      return storedHealth(
        await this.#blocksOf('sessionBlock', key, Number(list)),
        await this.#blocksOf('segmentBlock', key, Number(list)),
      );
    const { health, blocks, segments } = sessions!.value;
    return health ?? storedHealth(blocks, segments);
  }

  /** Makes the participants of a list findable by their ids: the first of several entries with one id. */
  #index(
    { call }: Numbers,
    list: number,
    { start, ids }: { readonly start: bigint; readonly ids: readonly string[] },
  ): void {
    const seen = new Set<string>();
    for (const [position, id] of ids.entries()) {
      if (seen.has(id)) continue;
      seen.add(id);
      this.#rows.participant.push([this.#tenant, keyOf(id), start, call, list, position]);
    }
  }

  /** The same by another start, unless the call had it with this list before: then all of them are there. */
  async #indexAgain(numbers: Numbers, list: number, start: bigint): Promise<void> {
    const ids = idsOf(await this.#blocksOf('participantBlock', numbers.key, list));
    const [first] = ids;
    if (first === undefined) return;
    const place = [this.#tenant, keyOf(first), start, numbers.call, list] as const;
    if ((await this.#transaction.get('participantIndex', ...place)) === undefined)
      this.#index(numbers, list, { start, ids });
  }

  #addBlocks(
    table: 'participant_block' | 'session_block' | 'segment_block',
    key: Buffer,
    list: number,
    blocks: readonly Block[],
    more: (block: Block) => CopyRow = () => [],
  ): void {
    for (const [no, block] of blocks.entries()) {
      const { count, textLength, crc, body, layout } = block;
      const place = [this.#tenant, key, list, no];
      this.#rows[table].push([
        ...place,
        count,
        textLength,
        crc,
        flagsOf(block),
        body,
        layout,
        ...more(block),
      ]);
    }
  }

  async #blocksOf(
    statement: 'participantBlock' | 'sessionBlock' | 'segmentBlock',
    key: Buffer,
    list: number,
  ): Promise<readonly Block[]> {
    const blocks: Block[] = [];
    for (;;) {
      const row = await this.#transaction.get(statement, this.#tenant, key, list, blocks.length);
      if (row === undefined) return blocks;
      blocks.push(blockOf(row));
    }
  }

  #ofEdition(
    statement: 'headOf' | 'participantsOf' | 'sessionsOf',
    key: Buffer,
    { version, edition }: KnownEdition,
  ): Promise<Row | undefined> {
    return this.#transaction.get(statement, this.#tenant, key, version, edition);
  }
}

function idsOf(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap((block) => entityIds(block));
}

function headBlock([, , , , textLength = 0, crc = 0, flags = 0, layout = null, body = null]: Row): Block {
  return blockOf([1, textLength, crc, flags, body, layout]);
}

function completeOf(list: Row): boolean | undefined {
  return list[0] === null ? undefined : Number(list[2]) === 1;
}

/** An edition that readers are given takes the place of another in the counts; any other only is one more. */
function tallied(
  { newest, isNewest }: NextEdition,
  [participants, incomplete, found]: readonly [number, number, number],
): readonly [number, number, number, number, number] {
  if (!isNewest) return [0, 1, 0, 0, 0];
  if (newest === undefined) return [1, 1, participants, incomplete, found];
  return [
    0,
    1,
    participants - newest.participants,
    incomplete - Number(newest.isLacking),
    found - newest.found,
  ];
}
