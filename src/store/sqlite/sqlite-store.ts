/** The embedded store: one SQLite file, written by one process at a time and read by any number. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Block } from '../../text/block.ts';
import { type KnownEdition, type NextEdition, nextEdition } from '../next-edition.ts';
import {
  type Added,
  type CallRecordStore,
  type Edition,
  editionDigest,
  type ReceivedCall,
  StoreError,
  type StoredList,
  type Totals,
} from '../store.ts';
import { openDatabase, type OpenOptions, reasonOf } from './open.ts';
import { prepareStatements, type StatementName } from './statements.ts';

type Row = readonly SQLOutput[];
type SQLOutput = null | number | bigint | string | Uint8Array;

/** Opens or creates the store in a file; `:memory:` keeps it in memory. @throws StoreError */
export function openSqliteStore(path: string, options?: OpenOptions): CallRecordStore {
  return new SqliteStore(openDatabase(path, options));
}

class SqliteStore implements CallRecordStore {
  readonly #database: DatabaseSync;
  readonly #statement: ReturnType<typeof prepareStatements>;
  #commits = 0;
  /** Numbers of the tenants seen; a tenant keeps its number for ever. */
  readonly #tenantNos = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statement = prepareStatements(database);
  }

  edition(tenantId: string, callId: string, edition?: number): Edition | undefined {
    const tenantNo = this.#tenantNo(tenantId);
    if (tenantNo === undefined) return undefined;
    const row =
      edition === undefined
        ? this.#get('latestEdition', tenantNo, callId)
        : this.#get('editionByNo', edition, tenantNo, callId);
    return row && editionOf(tenantId, callId, row);
  }

  participantsPage(tenantId: string, callId: string, edition: number | undefined, block: number) {
    const tenantNo = this.#tenantNo(tenantId);
    if (tenantNo === undefined) return undefined;
    const row =
      edition === undefined
        ? this.#get('latestPage', block, tenantNo, callId)
        : this.#get('pageByNo', block, edition, tenantNo, callId);
    if (row === undefined) return undefined;
    return {
      edition: editionOf(tenantId, callId, row),
      block: row[9] === null ? undefined : blockOf(row.slice(9)),
    };
  }

  head(edition: Edition): Block {
    const row = this.#get('head', edition.edition, this.#tenantNo(edition.tenantId) ?? 0);
    if (row === undefined) throw new StoreError('An edition of a call is gone from the store.');
    return blockOf(row);
  }

  participantsBlock(edition: Edition, block: number): Block | undefined {
    return (
      edition.participants &&
      this.#block('participantBlock', edition.tenantId, edition.participants.list, block)
    );
  }

  sessionsBlock(edition: Edition, block: number): { sessions: Block; segments: Block } | undefined {
    if (edition.sessions === undefined) return undefined;
    const sessions = this.#block('sessionBlock', edition.tenantId, edition.sessions.list, block);
    const segments = this.#block('segmentBlock', edition.tenantId, edition.sessions.list, block);
    return sessions && segments && { sessions, segments };
  }

  participantIndex(edition: Edition, participantId: string): number | undefined {
    const tenantNo = this.#tenantNo(edition.tenantId);
    if (tenantNo === undefined || edition.participants === undefined) return undefined;
    const { list } = edition.participants;
    return this.#get('participantIndex', tenantNo, participantId, list, list)?.[0] as number | undefined;
  }

  hasList(tenantId: string, callId: string, digest: string): boolean {
    const tenantNo = this.#tenantNo(tenantId);
    if (tenantNo === undefined) return false;
    const known = this.#knownEditions(tenantNo, callId);
    return known.some(
      (edition) => edition.participantsDigest === digest || edition.sessionsDigest === digest,
    );
  }

  someCalls(tenantId: string, limit: number): readonly { callId: string; participants: number }[] {
    const tenantNo = this.#tenantNo(tenantId);
    if (tenantNo === undefined) return [];
    const rows = this.#statement('someCalls').all(tenantNo, limit) as unknown as Row[];
    return rows.map((row) => ({ callId: row[0] as string, participants: row[1] as number }));
  }

  revision(): number {
    // data_version tells of other connections' commits, the count of our own.
    return (this.#get('dataVersion')?.[0] as number) + this.#commits;
  }

  totals(): Totals {
    return {
      calls: this.#get('countCalls')?.[0] as number,
      editions: this.#get('countEditions')?.[0] as number,
    };
  }

  async secret(name: string, create: () => Promise<string>): Promise<string> {
    const known = this.#get('secret', name)?.[0];
    if (typeof known === 'string') return known;
    this.#run('addSecret', name, await create());
    return this.#get('secret', name)?.[0] as string; // another process may have been first: its value counts
  }

  add(tenantId: string, calls: readonly ReceivedCall[]): readonly Added[] {
    return this.#transaction(() => {
      const tenantNo = this.#addTenant(tenantId);
      let editionNo = (this.#get('lastEditionNo')?.[0] as number | undefined) ?? 0;
      return calls.map((call) => {
        const next = nextEdition(call, this.#knownEditions(tenantNo, call.callId));
        if (next === undefined) return 'unchanged';
        this.#addEdition(tenantNo, ++editionNo, call, next);
        return 'added';
      });
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#database.close();
    return Promise.resolve();
  }

  #knownEditions(tenantNo: number, callId: string): KnownEdition[] {
    const rows = this.#statement('knownEditions').all(tenantNo, callId) as unknown as Row[];
    return rows.map((row) => ({
      edition: Number(row[0]),
      version: row[1] as bigint,
      headDigest: row[2] as string,
      participantsDigest: (row[3] as string | null) ?? undefined,
      sessionsDigest: (row[4] as string | null) ?? undefined,
    }));
  }

  #addEdition(tenantNo: number, editionNo: number, call: ReceivedCall, next: NextEdition): void {
    const head = this.#headColumns(call, next);
    const participants = this.#participantColumns(tenantNo, editionNo, call, next, head.startTicks ?? 0n);
    const sessions = this.#sessionColumns(tenantNo, editionNo, call, next);
    const digest = editionDigest(head.digest, participants[3] as string | null, sessions[3] as string | null);
    const before = [editionNo, tenantNo, call.callId, next.version, head.startTicks, digest, head.digest];
    this.#run('addEdition', ...before, ...participants, ...sessions, ...head.columns);
  }

  #headColumns(call: ReceivedCall, next: NextEdition) {
    if (next.head === 'received') {
      const { digest, value } = call.head;
      const columns = [value.textLength, value.crc, flagsOf(value), value.layout, value.body];
      return { startTicks: call.startTicks ?? null, digest, columns };
    }
    const row = this.#get('headOf', next.head.edition)!;
    return { startTicks: row[0] as bigint | null, digest: row[1] as string, columns: row.slice(2) };
  }

  #participantColumns(
    tenantNo: number,
    editionNo: number,
    call: ReceivedCall,
    next: NextEdition,
    start: bigint,
  ): Row {
    if (next.participants === undefined) return [null, 0, null, null];
    if (next.participants !== 'received') return this.#get('participantsOf', next.participants.edition)!;
    const { digest, value } = call.participants!;
    for (const [no, block] of value.blocks.entries()) {
      this.#addBlock('addParticipantBlock', tenantNo, editionNo, no, block);
    }
    const add = this.#statement('addParticipant');
    for (const [position, id] of value.ids.entries()) add.run(tenantNo, id, start, editionNo, position);
    return [editionNo, value.ids.length, value.complete ? 1 : 0, digest];
  }

  #sessionColumns(tenantNo: number, editionNo: number, call: ReceivedCall, next: NextEdition): Row {
    if (next.sessions === undefined) return [null, 0, null, null];
    if (next.sessions !== 'received') return this.#get('sessionsOf', next.sessions.edition)!;
    const { digest, value } = call.sessions!;
    for (const [no, block] of value.blocks.entries()) {
      this.#addBlock('addSessionBlock', tenantNo, editionNo, no, block);
      this.#addBlock('addSegmentBlock', tenantNo, editionNo, no, value.segments[no]!);
    }
    return [editionNo, value.count, value.complete ? 1 : 0, digest];
  }

  #addBlock(statement: StatementName, tenantNo: number, list: number, no: number, block: Block): void {
    const { count, textLength, crc, body, layout } = block;
    this.#run(statement, tenantNo, list, no, count, textLength, crc, flagsOf(block), body, layout);
  }

  #block(statement: StatementName, tenantId: string, list: number, block: number): Block | undefined {
    const row = this.#get(statement, this.#tenantNo(tenantId) ?? 0, list, block);
    return row && blockOf(row);
  }

  #tenantNo(tenantId: string): number | undefined {
    const known = this.#tenantNos.get(tenantId);
    if (known !== undefined) return known;
    const tenantNo = this.#get('tenant', tenantId)?.[0] as number | undefined;
    if (tenantNo !== undefined) this.#tenantNos.set(tenantId, tenantNo);
    return tenantNo;
  }

  #addTenant(tenantId: string): number {
    this.#run('addTenant', tenantId);
    return this.#get('tenant', tenantId)?.[0] as number;
  }

  #get(name: StatementName, ...values: SQLInputValue[]): Row | undefined {
    try {
      // Statements return arrays: see prepareStatements.
      return this.#statement(name).get(...values) as unknown as Row | undefined;
    } catch (error) {
      throw storeError(error);
    }
  }

  #run(name: StatementName, ...values: SQLInputValue[]): void {
    this.#statement(name).run(...values);
  }

  #transaction<T>(work: () => T): T {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#database.exec('COMMIT');
      this.#commits++;
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw storeError(error);
    }
  }
}

function editionOf(tenantId: string, callId: string, row: Row): Edition {
  return {
    tenantId,
    callId,
    edition: Number(row[0]),
    version: row[1] as bigint,
    digest: row[2] as string,
    participants: storedList(row, 3),
    sessions: storedList(row, 6),
  };
}

function storedList(row: Row, at: number): StoredList | undefined {
  const list = row[at] ?? null;
  if (list === null) return undefined;
  return { list: Number(list), count: Number(row[at + 1]), complete: Number(row[at + 2]) === 1 };
}

function blockOf(row: Row): Block {
  return {
    count: Number(row[0]),
    textLength: Number(row[1]),
    crc: Number(row[2]),
    packed: (Number(row[3]) & 1) !== 0,
    masked: (Number(row[3]) & 2) !== 0,
    body: row[4] as Uint8Array,
    layout: row[5] as Uint8Array,
  };
}

/** Bit 0: packed; bit 1: masked. */
function flagsOf(block: Block): number {
  return (block.packed ? 1 : 0) | (block.masked ? 2 : 0);
}

function storeError(error: unknown): StoreError {
  return error instanceof StoreError
    ? error
    : new StoreError(`The store does not answer: ${reasonOf(error)}`, { cause: error });
}
