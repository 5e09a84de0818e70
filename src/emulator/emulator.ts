/** What a test moves in a `dev` server: its clock, its faults, its clients, and what its store holds. */
import { X509Certificate } from 'node:crypto';
import { createByteCache } from '../base/byte-cache.ts';
import { type Client, type Clients, createClient } from './issuer/clients.ts';
import { Fault } from '../contract/faults.ts';
import { defaultGenerateOptions, type GenerateOptions } from './generate/generate.ts';
import { SqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { ControlBody } from './control-bodies.ts';
import { Faults } from './faults.ts';
import { addGenerated, type AddedRecords, type AddOptions, addRecords } from './records.ts';
import { SqliteSnapshots } from './sqlite-snapshots.ts';
import type { EmulatorClock } from './emulator-clock.ts';
import { createEmulatedStore, type RevertedEditions } from './emulated-store.ts';
import { type NextVersion, Versions } from './versions.ts';

interface EmulatorOptions {
  /** Opened with the stage's clock. */
  readonly store: CallRecordStore;
  readonly clock: EmulatorClock;
  readonly clients: Clients;
  /** Whose calls are added where a request does not say. */
  readonly tenantId: string;
  /** What the store was filled with when the server started. */
  readonly generated?: GenerateOptions | undefined;
}

interface GeneratedRecords extends AddedRecords {
  readonly seed: number;
}

const defaultDays = 7;

export class Emulator implements Disposable {
  readonly clock: EmulatorClock;
  readonly clients: Clients;
  readonly faults: Faults;
  /** What the API reads. */
  readonly store: CallRecordStore;
  readonly tenantId: string;
  readonly #fullStore: CallRecordStore;
  readonly #versions: Versions;
  readonly #snapshots: SqliteSnapshots | undefined;
  readonly #listeners: (() => void)[] = [];
  #lastSeed: number;
  /** By tenant and call, the last edition that a later one has taken the place of in walks. */
  readonly #overtaken = createByteCache<number>({ maxBytes: 2 ** 22 });
  /** By tenant. */
  #reverted = new Map<string, RevertedEditions>();

  constructor({ store, clock, clients, tenantId, generated }: EmulatorOptions) {
    this.#snapshots = store instanceof SqliteStore ? new SqliteSnapshots(store) : undefined;
    this.clock = clock;
    this.clients = clients;
    this.tenantId = tenantId;
    this.faults = new Faults(clock.now);
    this.store = createEmulatedStore({
      store,
      faults: this.faults,
      revertedOf: (tenant) => this.#reverted.get(tenant),
      isOvertaken: (tenant, callId, edition) => edition <= (this.#overtaken.get(`${tenant} ${callId}`) ?? -1),
    });
    this.#fullStore = store;
    this.#versions = new Versions(store, clock.now);
    this.#lastSeed = generated?.seed ?? 0;
    if (generated !== undefined) this.#versions.generated(generated);
  }

  /** @param listener Told when what the store holds has changed: there may be something to deliver. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** @throws Fault `badEmulatorRequest` that names each record that cannot be taken */
  add(text: Buffer, { tenantId, omitParticipants }: Partial<AddOptions>): Promise<AddedRecords> {
    return this.#changing(
      addRecords(this.#fullStore, text, { tenantId: this.#tenantOf(tenantId), omitParticipants }),
    );
  }

  async generate({
    tenant,
    until,
    early = false,
    logRows = 0,
    ...asked
  }: ControlBody<'generate'>): Promise<GeneratedRecords> {
    const { seed = this.#lastSeed + 1 } = asked;
    const options = {
      ...defaultGenerateOptions,
      days: defaultDays,
      ...defined(asked),
      seed,
      until: until === undefined ? this.clock.now() : new Date(until),
      tenantId: this.#tenantOf(tenant),
    };
    this.#lastSeed = seed;
    this.#versions.generated(options);
    return { seed, ...(await this.#changing(addGenerated(this.#fullStore, { ...options, early, logRows }))) };
  }

  /** @throws Fault `recordMissing` */
  addVersion(
    callId: string,
    { tenant, members, omitParticipants }: ControlBody<'version'>,
  ): Promise<NextVersion> {
    const asked = { tenantId: this.#tenantOf(tenant), callId, members, omitParticipants };
    return this.#changing(this.#versions.add(asked));
  }

  /** Adds the next version of a call, in which every walk of it goes on. A call that is not there stays so. */
  async overtake(callId: string, tenant: string | undefined): Promise<void> {
    const tenantId = this.#tenantOf(tenant);
    const edition = await this.#fullStore.edition(tenantId, callId);
    if (edition === undefined) return;
    await this.addVersion(callId, { tenant: tenantId });
    this.#overtaken.set(`${tenantId} ${callId}`, edition.edition);
  }

  /** Takes the place of a client with the same id. */
  setClient({ clientId, certificates = [], tenants, ...rest }: ControlBody<'client'>): Client {
    const client = createClient(clientId, {
      ...defined(rest),
      certificates: certificates.map((pem) => new X509Certificate(pem)),
      tenants: tenants?.map((id) => id.toLowerCase()),
    });
    this.clients.set(client);
    return client;
  }

  removeClient(id: string): void {
    if (!this.clients.remove(id))
      throw new Fault('pageMissing', `There is no client '${id}'. GET clients lists them.`);
  }

  /** @throws Fault `sqliteNeeded` on another store */
  snapshots(): SqliteSnapshots {
    if (this.#snapshots !== undefined) return this.#snapshots;
    throw new Fault(
      'sqliteNeeded',
      'Snapshots and reset need a SQLite store: start dev with --store memory: or --store sqlite:PATH.',
    );
  }

  /** @throws Fault `pageMissing` */
  async restore(name: string): Promise<void> {
    const snapshots = this.snapshots();
    const before = await this.#fullStore.evidence.tenants();
    if (!snapshots.restore(name)) throw noSnapshot(name);
    await this.#changing(this.#findReverted(before, snapshots));
  }

  /** @throws Fault `pageMissing` */
  deleteSnapshot(name: string): void {
    if (!this.snapshots().delete(name)) throw noSnapshot(name);
  }

  /** An empty store, no faults, the clients it began with. Snapshots stay, and the clock stands where it stood. */
  async reset(): Promise<void> {
    const snapshots = this.snapshots();
    const before = await this.#fullStore.evidence.tenants();
    snapshots.clear();
    await this.#changing(this.#findReverted(before, snapshots));
    this.faults.clear();
    this.#overtaken.clear();
    this.clients.reset();
  }

  [Symbol.dispose](): void {
    this.#snapshots?.[Symbol.dispose]();
  }

  async #changing<T>(change: Promise<T>): Promise<T> {
    const changed = await change;
    for (const listener of this.#listeners) listener();
    return changed;
  }

  /** @param before Tenants of which there was something. */
  async #findReverted(before: readonly string[], snapshots: SqliteSnapshots): Promise<void> {
    this.#reverted = new Map();
    const from = snapshots.newestThere();
    for (const tenantId of new Set([...before, ...(await this.#fullStore.evidence.tenants())]))
      this.#reverted.set(tenantId, { from, to: await this.#fullStore.newestEdition(tenantId) });
  }

  #tenantOf(tenantId: string | undefined): string {
    return tenantId?.toLowerCase() ?? this.tenantId;
  }
}

function noSnapshot(name: string): Fault {
  return new Fault('pageMissing', `There is no snapshot '${name}'. GET snapshots lists them.`);
}

/** Without the members that are undefined: they would take the place of defaults. */
function defined<T extends object>(given: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> }; // the same members
}
