/** Holds the state of the emulator: its clock, faults, clients and store, which the control API changes. */
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
  /** Opened with the clock of the emulator. */
  readonly store: CallRecordStore;
  readonly clock: EmulatorClock;
  readonly clients: Clients;
  /** The tenant of added calls, where a request names none. */
  readonly tenantId: string;
  /** The options of the calls generated at the start of the server. */
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
  /** The store that the API reads. */
  readonly store: CallRecordStore;
  readonly tenantId: string;
  readonly #fullStore: CallRecordStore;
  readonly #versions: Versions;
  readonly #snapshots: SqliteSnapshots | undefined;
  readonly #listeners: (() => void)[] = [];
  #lastSeed: number;
  /** By tenant and call, the last edition whose walks continue in the newest one. */
  readonly #overtaken = createByteCache<number>({ maxBytes: 2 ** 22 });
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

  /** @param listener Called when the store has changed: notifications may be due. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Adds records. @throws Fault `badEmulatorRequest` that names each invalid record */
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

  /** Adds the next version of a call and continues its walks in it. Does nothing if the call does not exist. */
  async overtake(callId: string, tenant: string | undefined): Promise<void> {
    const tenantId = this.#tenantOf(tenant);
    const edition = await this.#fullStore.edition(tenantId, callId);
    if (edition === undefined) return;
    await this.addVersion(callId, { tenant: tenantId });
    this.#overtaken.set(`${tenantId} ${callId}`, edition.edition);
  }

  /** Adds a client, or replaces the one with the same id. */
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

  /** Clears the store, faults and added clients; keeps snapshots and the time of the clock. */
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

  /** @param before The tenants that had records before. */
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

/** Returns the object without undefined members, which would replace defaults. */
function defined<T extends object>(given: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> }; // the same members
}
