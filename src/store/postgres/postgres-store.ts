/** The store on a PostgreSQL server: any number of processes write and read it concurrently. */
import { type Clock, systemClock } from '../../base/clock.ts';
import type { AsOf } from '../../query/odata/as-of.ts';
import { floorMs } from '../../base/ticks.ts';
import type { Block } from '../../wire/text/block.ts';
import { canonicalId } from '../../contract/ids.ts';
import { callsTextOf } from '../calls-text.ts';
import type { EvidenceStore } from '../evidence.ts';
import { type SearchLimits, usualLimits } from '../find-calls.ts';
import { nextEdition } from '../next-edition.ts';
import { blockOf, logTextOf } from '../rows.ts';
import { type Added, type ReceivedCall, sessionsPerBlock } from '../received-call.ts';
import type { CallPosition, CallsQuery, CallsText, ListedCall } from '../call-list.ts';
import type { CallRecordStore, ReplicaState, StoreServer, Totals } from '../store.ts';
import type { Edition, StoredList } from '../edition.ts';
import type { LogQuery, LogRow } from '../log-row.ts';
import { CallDamaged, namingDamaged } from '../store-errors.ts';
import { noTally } from '../tally.ts';
import { underKeysLater, writtenKey } from '../under-keys.ts';
import { type Secrets, secretOf } from '../secrets.ts';
import { addLogRows, wavesOf } from './add-log-rows.ts';
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
import { listedOf, postgresColumns, postgresDatabase } from './database.ts';
import { postgresEvidence } from './postgres-evidence.ts';
import { indexAndCount, receivedEdition } from '../edition-decisions.ts';
import { EditionWriter, noStart } from './add-editions.ts';
import { CallLists } from './call-lists.ts';
import { Connection } from './connection.ts';
import { editionFrom, pageFrom } from './edition-text.ts';
import type { HostChange } from './host-choice.ts';
import { idOf, keyOf } from './keys.ts';
import { migrate } from './migrate.ts';
import { migrations } from './schema.ts';
import { type NodeChange, NodeMonitor } from './node-monitor.ts';
import { PostgresRenewal } from './postgres-renewal.ts';
import { PostgresRetention } from './postgres-retention.ts';
import { PostgresSearch } from './postgres-search.ts';
import { PostgresTransfer } from './postgres-transfer.ts';
import { PrimaryStateReader } from './primary-state.ts';
import { type ReadFrom, ReplicaRouter } from './replica-router.ts';
import { StatementError } from './server.ts';
import { serverName } from './store-url.ts';
import { readKnown } from './stored-calls.ts';
import { Tenants } from './tenants.ts';

export interface PostgresOptions {
  /** Stamps editions with the time of receipt; the system's clock when absent. */
  readonly clock?: Clock;
  /** Throws where no store exists, instead of creating one. */
  readonly mustExist?: boolean;
  /** Called when the server allows fewer connections than a process may use, and when it allows all again. */
  readonly onPoolExhausted?: ((isExhausted: boolean) => void) | undefined;
  /** Called when the store switches to another host. */
  readonly onHost?: ((change: HostChange) => void) | undefined;
  /** Called when a cluster node stops answering, and when it answers again; when absent, nodes are not probed. */
  readonly onNode?: ((change: NodeChange) => void) | undefined;
  /** Replicas that API reads may use; none when absent. */
  readonly readFrom?: ReadFrom | undefined;
  /** Limits the work for a page of a search. */
  readonly searchLimits?: SearchLimits;
}

/**
 * Opens the store in a database and migrates it to this release's schema.
 *
 * @throws StoreError
 */
export async function openPostgresStore(
  url: string,
  options: PostgresOptions = {},
): Promise<CallRecordStore> {
  const connection = new Connection(url, { onPoolExhausted: options.onPoolExhausted });
  if (options.onHost !== undefined) connection.hosts.onChange = options.onHost;
  try {
    await connection.withConflictRetry((client) =>
      migrate(client, serverName(url), migrations, options.mustExist),
    );
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new PostgresStore(url, connection, options);
}

class PostgresStore implements CallRecordStore {
  readonly evidence: EvidenceStore;
  readonly subscriptions: Subscriptions;
  readonly upstream: UpstreamStore;
  readonly leases: LeaseStore;
  readonly retention: PostgresRetention;
  readonly transfer: PostgresTransfer;
  readonly renewal: PostgresRenewal;
  readonly quarantine: QuarantineStore;
  readonly inference: InferenceStore;
  readonly search: PostgresSearch;
  readonly #connection: Connection;
  /** Routes the reads of the API. */
  readonly #reads: ReplicaRouter;
  readonly #watch: PrimaryStateReader;
  readonly #nodes: NodeMonitor | undefined;
  readonly #clock: Clock;
  readonly #tenants: Tenants;
  readonly #secrets: Secrets = {
    read: async (name) => (await this.#connection.get('secret', name))?.[0] as string | undefined,
    replace: (name, value, known = '') => this.#connection.run('addSecret', name, value, known),
  };
  readonly #lists: CallLists;
  #closed: Promise<void> | undefined;

  constructor(
    url: string,
    connection: Connection,
    { clock = systemClock, readFrom, onNode, searchLimits = usualLimits }: PostgresOptions,
  ) {
    this.#connection = connection;
    this.#clock = clock;
    this.#tenants = new Tenants(connection);
    this.#watch = new PrimaryStateReader(url, connection.hosts);
    this.#reads = new ReplicaRouter(connection, this.#watch, readFrom);
    this.#nodes = onNode && new NodeMonitor(this.#watch, connection.hosts, onNode);
    this.#lists = new CallLists(this.#reads);
    this.search = new PostgresSearch(connection, this.#reads, this.#tenants, this, searchLimits);
    const tasks = postgresDatabase(connection, this.#tenants, this.search);
    this.subscriptions = createSubscriptions(tasks, clock, listedOf);
    this.evidence = postgresEvidence(tasks, connection, this.#tenants);
    this.upstream = createUpstream(tasks);
    this.leases = createLeases(tasks);
    this.renewal = new PostgresRenewal(connection, this.#tenants);
    this.quarantine = createQuarantine(tasks, clock);
    this.inference = createInference(tasks);
    this.retention = new PostgresRetention(connection, this.#tenants, this.search);
    this.transfer = new PostgresTransfer(connection, this.#tenants, this.search);
  }

  async edition(tenantId: string, callId: string, edition?: number): Promise<Edition | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return underKeysLater(callId, async (id) => {
      const call = [tenantNo, keyOf(id)] as const;
      const row =
        edition === undefined
          ? await this.#reads.get('latestEdition', ...call)
          : await this.#reads.get('editionByNo', ...call, edition);
      return row && editionFrom(tenantId, id, row[0]);
    });
  }

  async editionAsOf(tenantId: string, callId: string, asOf: AsOf): Promise<Edition | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return underKeysLater(callId, async (id) => {
      const call = [tenantNo, keyOf(id)] as const;
      const row =
        'version' in asOf
          ? await this.#reads.get('editionOfVersion', ...call, asOf.version)
          : ((await this.#reads.get('editionReceivedBy', ...call, floorMs(asOf.ticks))) ??
            (await this.#reads.get('editionModifiedBy', ...call, asOf.ticks)));
      return row && editionFrom(tenantId, id, row[0]);
    });
  }

  async participantsPage(tenantId: string, callId: string, edition: number | undefined, block: number) {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return undefined;
    return underKeysLater(callId, async (id) => {
      const place = [tenantNo, keyOf(id), block] as const;
      const row =
        edition === undefined
          ? await this.#reads.get('latestPage', ...place)
          : await this.#reads.get('pageByNo', ...place, edition);
      return row && pageFrom(tenantId, id, row);
    });
  }

  async head({ tenantId, callId, version, edition }: Edition): Promise<Block> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? 0;
    const row = await this.#reads.get('head', tenantNo, keyOf(callId), version, edition);
    if (row === undefined) throw new CallDamaged(callId);
    return blockOf(row, 0, callId);
  }

  participantsBlock(edition: Edition, block: number): Promise<Block | undefined> {
    return this.#block('participantBlock', edition, edition.participants, block);
  }

  inferredBlock(edition: Edition, block: number): Promise<Block | undefined> {
    return this.#block('participantBlock', edition, edition.found, block);
  }

  sessionsBlock(edition: Edition, block: number): Promise<Block | undefined> {
    return this.#block('sessionBlock', edition, edition.sessions, block);
  }

  segmentsBlock(edition: Edition, block: number): Promise<Block | undefined> {
    return this.#block('segmentBlock', edition, edition.sessions, block);
  }

  participantIndex(edition: Edition, participantId: string): Promise<number | undefined> {
    return this.#participantIndex(edition, edition.participants, participantId);
  }

  inferredIndex(edition: Edition, participantId: string): Promise<number | undefined> {
    return this.#participantIndex(edition, edition.found, participantId);
  }

  async sessionIndex(
    { tenantId, callId, sessions }: Edition,
    sessionId: string,
  ): Promise<number | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined || sessions === undefined) return undefined;
    const list = [tenantNo, keyOf(callId), sessions.list] as const;
    const row = await underKeysLater(sessionId, (id) => this.#reads.get('sessionIndex', ...list, keyOf(id)));
    return row && Number(row[0]) * sessionsPerBlock + Number(row[1]);
  }

  async newestEdition(tenantId: string): Promise<number> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return 0;
    return Number((await this.#reads.get('newestEdition', tenantNo))?.[0] ?? 0);
  }

  async callsPage(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
  ): Promise<readonly ListedCall[]> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    return tenantNo === undefined ? [] : this.#lists.page(tenantNo, query, asOf, after, limit);
  }

  async callsPageText(
    tenantId: string,
    query: CallsQuery,
    asOf: number,
    after: CallPosition | undefined,
    limit: number,
    root: string,
  ): Promise<CallsText> {
    return callsTextOf(await this.callsPage(tenantId, query, asOf, after, limit + 1), limit, root);
  }

  async callsCount(tenantId: string, query: CallsQuery, asOf: number): Promise<number> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    return tenantNo === undefined ? 0 : this.#lists.count(tenantNo, query, asOf);
  }

  async logRows(tenantId: string, query: LogQuery): Promise<readonly Uint8Array[]> {
    const { kind, from, before, skip, limit, newestFirst = false } = query;
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined) return [];
    const name = newestFirst ? 'newestLogRows' : 'logRows';
    const rows = await this.#reads.all(name, tenantNo, kind, from, before, limit, skip);
    return rows.map(logTextOf);
  }

  async addLogRows(tenantId: string, rows: readonly LogRow[]): Promise<readonly Added[]> {
    const tenantNo = await this.#tenants.add(tenantId);
    return this.#connection.transaction((transaction) => addLogRows(transaction, tenantNo, rows));
  }

  async hasList(tenantId: string, callId: string, digest: string): Promise<boolean> {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? 0;
    const find = (id: string) => this.#connection.get('hasList', tenantNo, keyOf(id), digest);
    return (await underKeysLater(callId, find)) !== undefined;
  }

  async someCalls(tenantId: string, limit: number) {
    const tenantNo = (await this.#tenants.numberOf(tenantId)) ?? 0;
    const rows = await this.#connection.all('someCalls', tenantNo, noStart, limit);
    return rows.map(([key, longId, participants]) => ({
      callId: idOf(key as Buffer, longId as Buffer | null),
      participants: Number(participants),
    }));
  }

  async revision(): Promise<number | undefined> {
    try {
      return (await this.#watch.state()).revision;
    } catch (error) {
      // The server is alive but allows no further connection: requests use the open ones.
      if (error instanceof StatementError) return undefined;
      throw error;
    }
  }

  servers(): readonly StoreServer[] {
    const { hosts, used } = this.#connection.hosts;
    const named = hosts.map((host) => ({ server: host.name, role: 'host', isUsed: host === used }) as const);
    return [...named, ...(this.#nodes?.servers ?? [])];
  }

  replicas(): readonly ReplicaState[] {
    return this.#reads.replicas.map(({ state }) => state);
  }

  async totals(): Promise<Totals> {
    const [calls, editions] = (await this.#connection.get('totals'))!; // an aggregate has a row
    return { calls: Number(calls), editions: Number(editions) };
  }

  secret(name: string, create: () => Promise<string>, isGood?: (value: string) => boolean): Promise<string> {
    return secretOf(this.#secrets, name, create, isGood);
  }

  async add(tenantId: string, calls: readonly ReceivedCall[]): Promise<readonly Added[]> {
    const tenantNo = await this.#tenants.add(tenantId);
    const receivedMs = this.#clock.now().getTime();
    const { outcomes, search } = await this.#connection.transaction(async (transaction) => {
      // Held to the end of the transaction: editions become visible in the order of their numbers, so a list as of one
      // does not change.
      const lock = (await transaction.get('lockTenant', tenantNo))!; // made before
      let edition = Number(lock[0]);
      const search = this.search.writer(transaction, tenantNo, lock);
      const listeners = await transaction.runSteps(this.subscriptions.listenersOf(tenantNo));
      const writer = new EditionWriter(transaction, tenantNo);
      const tally = noTally();
      const outcomes: Added[] = [];
      for (const wave of wavesOf(calls, ({ callId }) => canonicalId(callId))) {
        const known = await readKnown(transaction, tenantNo, wave);
        for (const given of wave) {
          const callId = writtenKey(given.callId, (key) => known.has(key));
          const ofCall = known.get(callId) ?? [];
          const call = callId === given.callId ? given : { ...given, callId };
          if (call.setAside.length > 0)
            await transaction.runSteps(writePieces(tenantNo, receivedMs, setAsideOf(call)));
          const next = nextEdition(call, ofCall);
          outcomes.push(next === undefined ? 'unchanged' : 'added');
          if (next === undefined) continue;
          edition++;
          const { written, change } = await namingDamaged(call.callId, async () => {
            const shared = await transaction.runSteps(
              readShared(postgresColumns, { tenantId, tenantNo }, call.callId, next),
            );
            const decided = receivedEdition({
              ...{ tenantId, edition, receivedMs, call, known: ofCall, next, shared },
            });
            indexAndCount(decided, search, tally);
            return decided;
          });
          writer.add(written);
          await transaction.runSteps(this.subscriptions.changed(tenantNo, listeners, change));
        }
        await writer.flush();
        await search.flush();
      }
      if (tally[1] !== 0) await transaction.run('addTally', tenantNo, edition, ...tally);
      return { outcomes, search };
    });
    search.remember();
    return outcomes;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all([this.#reads.close(), this.#nodes?.close()]);
    await Promise.all([this.#watch.close(), this.#connection.close()]);
  }

  async #participantIndex(
    { tenantId, startTicks = 0n, call }: Edition,
    list: StoredList | undefined,
    participantId: string,
  ): Promise<number | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined || list === undefined) return undefined;
    const place = [startTicks, call, list.list] as const;
    const find = (id: string) => this.#reads.get('participantIndex', tenantNo, keyOf(id), ...place);
    return (await underKeysLater(participantId, find))?.[0] as number | undefined;
  }

  async #block(
    statement: 'participantBlock' | 'sessionBlock' | 'segmentBlock',
    { tenantId, callId }: Edition,
    list: StoredList | undefined,
    block: number,
  ): Promise<Block | undefined> {
    const tenantNo = await this.#tenants.numberOf(tenantId);
    if (tenantNo === undefined || list === undefined) return undefined;
    const row = await this.#reads.get(statement, tenantNo, keyOf(callId), list.list, block);
    return row && blockOf(row, 0, callId);
  }
}
