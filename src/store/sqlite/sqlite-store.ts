/** The embedded store: one SQLite file, written by one process at a time and read by any number. */
import type { DatabaseSync } from 'node:sqlite';
import type { Block } from '../../wire/text/block.ts';
import { type Clock, systemClock } from '../../base/clock.ts';
import { floorMs } from '../../base/ticks.ts';
import type { EvidenceStore } from '../evidence.ts';
import { usualLimits } from '../find-calls.ts';
import { nextEdition } from '../next-edition.ts';
import { underKeys, writtenKey } from '../under-keys.ts';
import type { Added, ReceivedCall } from '../received-call.ts';
import type { CallPosition, CallsQuery, CallsText, ListedCall } from '../call-list.ts';
import type { CallRecordStore, Totals } from '../store.ts';
import type { Edition, StoredList } from '../edition.ts';
import type { LogQuery, LogRow } from '../log-row.ts';
import { CallDamaged, StoreError, StoreReadOnly, namingDamaged } from '../store-errors.ts';
import type { AsOf } from '../../query/odata/as-of.ts';
import { noTally } from '../tally.ts';
import { type Secrets, secretOf } from '../secrets.ts';
import { createInference } from '../inference-store.ts';
import type { InferenceStore } from '../inference.ts';
import { readShared } from '../shared-edition.ts';
import { createLeases } from '../lease-store.ts';
import type { LeaseStore } from '../leases.ts';
import { createQuarantine, writePieces } from '../quarantine-store.ts';
import { type QuarantineStore, setAsideOf } from '../quarantine.ts';
import { createSubscriptions, type Subscriptions } from '../subscription-store.ts';
import { createUpstream } from '../upstream-store.ts';
import type { UpstreamStore } from '../upstream.ts';
import { listedOf, sqliteColumns, sqliteDatabase } from './database.ts';
import { indexAndCount, receivedEdition } from '../edition-decisions.ts';
import { addEdition } from './add-edition.ts';
import { Connection } from './connection.ts';
import { sqliteEvidence } from './sqlite-evidence.ts';
import { openDatabase, type SqliteOptions } from './open.ts';
import {
  blockOf,
  editionOf,
  editionWidth,
  knownEditionOf,
  logRowCheck,
  logTextOf,
  type Row,
} from '../rows.ts';
import { SqliteCallLists } from './sqlite-call-lists.ts';
import { SqliteRenewal } from './sqlite-renewal.ts';
import { SqliteRetention } from './sqlite-retention.ts';
import { SqliteSearch } from './sqlite-search.ts';
import { SqliteTransfer } from './sqlite-transfer.ts';
import type { StatementName } from './statements.ts';
import { Tenants } from './tenants.ts';

/**
 * Opens or creates the store in a file; `:memory:` keeps it in memory.
 *
 * @throws StoreError
 */
export function openSqliteStore(path: string, options?: SqliteOptions): CallRecordStore {
  return new SqliteStore(openDatabase(path, options), options);
}

/** The embedded store; `dev` uses its connection directly. */
export class SqliteStore implements CallRecordStore {
  readonly database: DatabaseSync;
  readonly connection: Connection;
  readonly evidence: EvidenceStore;
  readonly subscriptions: Subscriptions;
  readonly upstream: UpstreamStore;
  readonly leases: LeaseStore;
  readonly search: SqliteSearch;
  readonly retention: SqliteRetention;
  readonly transfer: SqliteTransfer;
  readonly renewal: SqliteRenewal;
  readonly quarantine: QuarantineStore;
  readonly inference: InferenceStore;
  readonly #clock: Clock;
  readonly #tenants: Tenants;
  readonly #lists: SqliteCallLists;
  readonly #secrets: Secrets = {
    read: (name) => this.connection.get('secret', name)?.[0] as string | undefined,
    replace: (name, value, known = '') => {
      try {
        this.connection.run('addSecret', name, value, known);
      } catch (error) {
        if (!(error instanceof StoreReadOnly)) throw error;
        throw new StoreError(
          `The store has no '${name}' yet, and it is read-only here. Run rollcall serve once where it can be written, then use a backup of it (rollcall store backup FILE) here.`,
          { cause: error },
        );
      }
    },
  };

  constructor(database: DatabaseSync, options: SqliteOptions = {}) {
    const { clock = systemClock, searchLimits = usualLimits } = options;
    const connection = new Connection(database);
    this.database = database;
    this.connection = connection;
    this.#clock = clock;
    this.#tenants = new Tenants(connection);
    this.#lists = new SqliteCallLists(connection);
    this.search = new SqliteSearch(connection, this.#tenants, this, searchLimits);
    const tasks = sqliteDatabase(connection, this.#tenants, this.search);
    this.subscriptions = createSubscriptions(tasks, clock, listedOf);
    this.evidence = sqliteEvidence(tasks, connection, this.#tenants);
    this.upstream = createUpstream(tasks);
    this.leases = createLeases(tasks);
    this.renewal = new SqliteRenewal(connection, this.#tenants);
    this.quarantine = createQuarantine(tasks, clock);
    this.inference = createInference(tasks);
    this.retention = new SqliteRetention(connection, this.#tenants, this.search);
    this.transfer = new SqliteTransfer(database, connection, this.#tenants, this.search);
  }

  edition(tenantId: string, callId: string, edition?: number): Edition | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return underKeys(callId, (key) => {
      const row =
        edition === undefined
          ? this.connection.get('latestEdition', tenantNo, key)
          : this.connection.get('editionByNo', edition, tenantNo, key);
      return row && editionOf(tenantId, key, row);
    });
  }

  editionAsOf(tenantId: string, callId: string, asOf: AsOf): Edition | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return underKeys(callId, (key) => {
      const call = [tenantNo, key] as const;
      const row =
        'version' in asOf
          ? this.connection.get('editionOfVersion', ...call, asOf.version)
          : (this.connection.get('editionReceivedBy', ...call, floorMs(asOf.ticks)) ??
            this.connection.get('editionModifiedBy', ...call, asOf.ticks));
      return row && editionOf(tenantId, key, row);
    });
  }

  participantsPage(tenantId: string, callId: string, edition: number | undefined, block: number) {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return underKeys(callId, (key) => {
      const row =
        edition === undefined
          ? this.connection.get('latestPage', block, tenantNo, key)
          : this.connection.get('pageByNo', block, edition, tenantNo, key);
      if (row === undefined) return undefined;
      return {
        edition: editionOf(tenantId, key, row),
        block: row[editionWidth] === null ? undefined : blockOf(row, editionWidth, key),
      };
    });
  }

  head(edition: Edition): Block {
    const row = this.connection.get('head', edition.edition, this.#tenants.numberOf(edition.tenantId) ?? 0);
    if (row === undefined) throw new CallDamaged(edition.callId);
    return blockOf(row, 0, edition.callId);
  }

  participantsBlock(edition: Edition, block: number): Block | undefined {
    return edition.participants && this.#block('participantBlock', edition, edition.participants, block);
  }

  inferredBlock(edition: Edition, block: number): Block | undefined {
    return edition.found && this.#block('participantBlock', edition, edition.found, block);
  }

  sessionsBlock(edition: Edition, block: number): Block | undefined {
    return edition.sessions && this.#block('sessionBlock', edition, edition.sessions, block);
  }

  segmentsBlock(edition: Edition, block: number): Block | undefined {
    return edition.sessions && this.#block('segmentBlock', edition, edition.sessions, block);
  }

  participantIndex(edition: Edition, participantId: string): number | undefined {
    return this.#participantIndex(edition, edition.participants, participantId);
  }

  inferredIndex(edition: Edition, participantId: string): number | undefined {
    return this.#participantIndex(edition, edition.found, participantId);
  }

  sessionIndex(edition: Edition, sessionId: string): number | undefined {
    const tenantNo = this.#tenants.numberOf(edition.tenantId);
    if (tenantNo === undefined || edition.sessions === undefined) return undefined;
    const { list } = edition.sessions;
    return underKeys(
      sessionId,
      (key) => this.connection.get('sessionIndex', tenantNo, list, key)?.[0] as number | undefined,
    );
  }

  newestEdition(): number {
    return (this.connection.get('lastEditionNo')?.[0] as number | undefined) ?? 0;
  }

  callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): readonly ListedCall[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    return tenantNo === undefined ? [] : this.#lists.page(tenantNo, query, asOf, after, limit);
  }

  callsPageText(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): CallsText {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return { text: Buffer.alloc(0), last: undefined };
    return this.#lists.text(tenantNo, query, asOf, after, limit, root);
  }

  callsCount(tenantId: string, query: CallsQuery, asOf: number): number {
    const tenantNo = this.#tenants.numberOf(tenantId);
    return tenantNo === undefined ? 0 : this.#lists.count(tenantNo, query, asOf);
  }

  logRows(tenantId: string, query: LogQuery): readonly Uint8Array[] {
    const { kind, from, before, skip, limit, newestFirst = false } = query;
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const name = newestFirst ? 'newestLogRows' : 'logRows';
    return this.connection.all(name, tenantNo, kind, from, before, limit, skip).map(logTextOf);
  }

  addLogRows(tenantId: string, rows: readonly LogRow[]): readonly Added[] {
    return this.connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      const outcomes = rows.map(({ kind, ticks, id, text }): Added => {
        const known = this.connection.get('logRow', tenantNo, kind, ticks, id)?.[0] as Uint8Array | undefined;
        if (known !== undefined && Buffer.compare(known, text) === 0) return 'unchanged';
        this.connection.run('addLogRow', tenantNo, kind, ticks, id, text, logRowCheck(kind, ticks, text));
        return 'added';
      });
      if (outcomes.includes('added')) this.connection.run('noteLogChange', tenantNo);
      return outcomes;
    });
  }

  hasList(tenantId: string, callId: string, digest: string): boolean {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return false;
    const { known } = this.#knownEditions(tenantNo, callId);
    return known.some(
      (edition) => edition.participantsDigest === digest || edition.sessionsDigest === digest,
    );
  }

  someCalls(tenantId: string, limit: number): readonly { callId: string; participants: number }[] {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const rows = this.connection.all('someCalls', tenantNo, limit);
    return rows.map((row) => ({ callId: row[0] as string, participants: row[1] as number }));
  }

  servers(): readonly [] {
    return [];
  }

  replicas(): readonly [] {
    return [];
  }

  revision(): number {
    // data_version changes with commits of other connections, the count with commits of this one.
    return (this.connection.get('dataVersion')?.[0] as number) + this.connection.commits;
  }

  totals(): Totals {
    return {
      calls: this.connection.get('countCalls')?.[0] as number,
      editions: this.connection.get('countEditions')?.[0] as number,
    };
  }

  secret(name: string, create: () => Promise<string>, isGood?: (value: string) => boolean): Promise<string> {
    return secretOf(this.#secrets, name, create, isGood);
  }

  add(tenantId: string, calls: readonly ReceivedCall[]): readonly Added[] {
    const { outcomes, search } = this.connection.transaction(() => {
      const tenantNo = this.#tenants.add(tenantId);
      const search = this.search.writer(tenantNo);
      const listeners = this.connection.runSteps(this.subscriptions.listenersOf(tenantNo));
      const receivedMs = this.#clock.now().getTime();
      let edition = this.newestEdition();
      const tally = noTally();
      const outcomes = calls.map((given): Added => {
        const { key, known } = this.#knownEditions(tenantNo, given.callId);
        const call = key === given.callId ? given : { ...given, callId: key };
        if (call.setAside.length > 0)
          this.connection.runSteps(writePieces(tenantNo, receivedMs, setAsideOf(call)));
        const next = nextEdition(call, known);
        if (next === undefined) return 'unchanged';
        edition++;
        const { change } = namingDamaged(call.callId, () => {
          const tenant = { tenantId, tenantNo };
          const shared = this.connection.runSteps(readShared(sqliteColumns, tenant, call.callId, next));
          const decided = receivedEdition({
            ...{ tenantId, edition, receivedMs, call, known, next, shared },
          });
          addEdition(this.connection, tenantNo, decided.written);
          indexAndCount(decided, search, tally);
          return decided;
        });
        this.connection.runSteps(this.subscriptions.changed(tenantNo, listeners, change));
        return 'added';
      });
      if (tally[1] !== 0) {
        this.connection.run('addTally', tenantNo, ...tally);
        this.connection.run('noteEdition', edition, tenantNo);
      }
      search.flush();
      return { outcomes, search };
    });
    search.remember();
    return outcomes;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.connection.close();
    return Promise.resolve();
  }

  #participantIndex(
    { tenantId, startTicks = 0n, call }: Edition,
    list: StoredList | undefined,
    participantId: string,
  ): number | undefined {
    const tenantNo = this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined || list === undefined) return undefined;
    const place = [startTicks, call, list.list] as const;
    return underKeys(
      participantId,
      (key) => this.connection.get('participantIndex', tenantNo, key, ...place)?.[0] as number | undefined,
    );
  }

  /** Returns the stored editions of a call, and the key that its rows have or will have. */
  #knownEditions(tenantNo: number, callId: string) {
    let rows: readonly Row[] = [];
    const key = writtenKey(
      callId,
      (key) => (rows = this.connection.all('knownEditions', tenantNo, key)).length > 0,
    );
    return { key, known: rows.map((row) => knownEditionOf(row)) };
  }

  #block(
    statement: StatementName,
    { tenantId, callId }: Edition,
    { list }: StoredList,
    block: number,
  ): Block | undefined {
    const row = this.connection.get(statement, this.#tenants.numberOf(tenantId) ?? 0, list, block);
    return row && blockOf(row, 0, callId);
  }
}
