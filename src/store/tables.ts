/**
 * The bookkeeping tables of a store, defined once for both engines: columns, keys, whose rows they are, what a copy of a
 * store carries, and where a cluster places them (docs/decisions/0026-bookkeeping-tables.md). Tables of editions, blocks
 * and the search index are not among them: each engine lays those out its own way.
 */

/**
 * What a column holds. Each engine has a type for it (`table-sql.ts` of each), and a row reader a type in TypeScript.
 *
 * `call` and `key` are ids of any length, which PostgreSQL keeps in a separate form; `anyText` may hold every character,
 * NUL too; `ticks` may exceed 2^53 and `count` may not; `serial` and `longSerial` are numbers that the engine gives.
 */
export type ColumnKind =
  | 'tenant'
  | 'call'
  | 'key'
  | 'text'
  | 'anyText'
  | 'bytes'
  | 'ticks'
  | 'count'
  | 'smallCount'
  | 'edition'
  | 'serial'
  | 'longSerial';

/** A kind; with a question mark where the column may be null. */
export type ColumnType = ColumnKind | `${ColumnKind}?`;

interface Table {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The primary key. */
  readonly key: readonly string[];
  readonly unique?: readonly string[];
  /** Columns that hold the key of a row of another table, with what happens when that row goes. */
  readonly references?: Readonly<Record<string, string>>;
  /** Columns that the engine fills in where an insert leaves them out. */
  readonly defaults?: Readonly<Record<string, number>>;
  /**
   * What `store copy` does with the rows: it replaces those of the target, adds to them, or leaves them out, because they
   * belong to the store itself and not to what it holds.
   */
  readonly copied: 'replaced' | 'added' | false;
  /** Where a cluster keeps the rows: with their tenant's others, or all of them on every node. */
  readonly placed: 'with its tenant' | 'everywhere';
}

/** In an order in which rows refer to rows of tables before theirs. */
export const tables = {
  secret: {
    columns: { name: 'text', value: 'text' },
    key: ['name'],
    copied: 'replaced',
    placed: 'everywhere',
  },
  tenant: {
    columns: { tenant_no: 'serial', tenant_id: 'text' },
    key: ['tenant_no'],
    unique: ['tenant_id'],
    copied: false,
    placed: 'everywhere',
  },
  /** Rows of the PSTN, direct routing and SMS logs, by the time the log is asked for; 0 where a row has none. */
  log_row: {
    columns: {
      tenant_no: 'tenant',
      kind: 'text',
      ticks: 'ticks',
      row_id: 'key',
      text: 'bytes',
      crc: 'count?',
    },
    key: ['tenant_no', 'kind', 'ticks', 'row_id'],
    copied: 'added',
    placed: 'with its tenant',
  },
  /** Where notifications are sent to: what is due is asked for by endpoint. */
  endpoint: {
    columns: { endpoint_no: 'serial', url: 'text' },
    key: ['endpoint_no'],
    unique: ['url'],
    copied: 'replaced',
    placed: 'everywhere',
  },
  subscription: {
    columns: {
      subscription_no: 'serial',
      tenant_no: 'tenant',
      subscription_id: 'text',
      application_id: 'text',
      resource: 'text',
      change_type: 'text',
      client_state: 'anyText?',
      latest_supported_tls_version: 'text',
      expiration_ticks: 'ticks',
      challenge_ms: 'count?',
      // The newest edition when the subscription was made: it sees what comes after.
      since_edition: 'edition',
      endpoint_no: 'smallCount',
      lifecycle_endpoint_no: 'smallCount?',
      // Ids of its filter as JSON, canonical; null where it has none.
      participant_ids: 'anyText?',
    },
    key: ['subscription_no'],
    unique: ['tenant_no', 'subscription_id'],
    references: { endpoint_no: 'endpoint', lifecycle_endpoint_no: 'endpoint' },
    copied: 'replaced',
    placed: 'everywhere', // the outbox refers to it, and an endpoint is of many tenants
  },
  /** Notifications still to be delivered, each written in the transaction of its cause. */
  outbox: {
    columns: {
      outbox_no: 'longSerial',
      endpoint_no: 'smallCount',
      subscription_no: 'smallCount',
      event: 'text',
      call_id: 'anyText?',
      end_ticks: 'ticks?',
      caused_ms: 'count',
      due_ms: 'count',
      attempts: 'smallCount',
    },
    key: ['outbox_no'],
    references: { endpoint_no: 'endpoint', subscription_no: 'subscription ON DELETE CASCADE' },
    defaults: { attempts: 0 },
    copied: 'replaced',
    placed: 'everywhere',
  },
  /** Calls that upstream was seen to have and that are to be fetched. */
  upstream_call: {
    columns: {
      tenant_no: 'tenant',
      call_id: 'call',
      version: 'ticks?',
      start_ticks: 'ticks?',
      sightings: 'count',
      wanted_ms: 'count',
      attempts: 'smallCount',
      due_ms: 'count',
      reason: 'text?',
      gone: 'smallCount',
      // 1 while a sync fetches it.
      taken: 'smallCount',
    },
    key: ['tenant_no', 'call_id'],
    copied: 'replaced',
    placed: 'with its tenant',
  },
  /** Spans of time listed to their end: of the list of calls, or of a log. */
  upstream_span: {
    columns: {
      tenant_no: 'tenant',
      what: 'text',
      from_ticks: 'ticks',
      before_ticks: 'ticks',
      listed_ms: 'count',
    },
    key: ['tenant_no', 'what', 'from_ticks'],
    copied: 'replaced',
    placed: 'with its tenant',
  },
  /** Texts that a sync goes on from. */
  upstream_state: {
    columns: { tenant_no: 'tenant', name: 'text', value: 'text' },
    key: ['tenant_no', 'name'],
    copied: 'replaced',
    placed: 'with its tenant',
  },
  /** What the last verification of a tenant found, in this store: a copy of it is verified by itself. */
  verification: {
    columns: { tenant_no: 'tenant', ended_ms: 'count', report: 'text', crc: 'count?' },
    key: ['tenant_no'],
    copied: false,
    placed: 'with its tenant',
  },
  /** What could not be stored where it stood, as text (quarantine.ts). */
  quarantine: {
    columns: {
      tenant_no: 'tenant',
      // Of the unit, the call and the text: the same piece has one row.
      digest: 'text',
      at_ms: 'count',
      origin: 'anyText',
      unit: 'text',
      call_id: 'call?',
      reason: 'anyText',
      text: 'bytes',
      // Of what the digest is not of.
      crc: 'count',
    },
    key: ['tenant_no', 'digest'],
    copied: 'replaced',
    placed: 'with its tenant',
  },
  /** Which process does what only one may do at a time. */
  lease: {
    columns: { name: 'text', holder: 'text', until_ms: 'count' },
    key: ['name'],
    copied: false,
    placed: 'everywhere',
  },
} as const satisfies Record<string, Table>;

export type Tables = typeof tables;
export type TableName = keyof Tables;
export const tableNames = Object.keys(tables) as readonly TableName[]; // the table's own keys

/** A definition as `Table` has it: without what is particular to it. */
export function tableOf(name: TableName): Table {
  return tables[name];
}

export function columnKind(type: ColumnType): ColumnKind {
  return (type.endsWith('?') ? type.slice(0, -1) : type) as ColumnKind; // what a type begins with
}

export function isNullable(type: ColumnType): boolean {
  return type.endsWith('?');
}

/** Tables that `store copy` carries. */
export type CopiedTable = {
  [T in TableName]: Tables[T]['copied'] extends false ? never : T;
}[TableName];
export const copiedTables = tableNames.filter((name): name is CopiedTable => tables[name].copied !== false);

/** What a column of a kind holds in TypeScript. */
interface KindValues {
  tenant: number;
  call: string;
  key: string;
  text: string;
  anyText: string;
  bytes: Uint8Array;
  ticks: bigint;
  count: number;
  smallCount: number;
  edition: number;
  serial: number;
  longSerial: number;
}
export type ValueOf<T extends ColumnType> = T extends `${infer K extends ColumnKind}?`
  ? KindValues[K] | undefined
  : T extends ColumnKind
    ? KindValues[T]
    : never;

type ColumnsOf<T extends TableName> = Tables[T]['columns'];
export type ColumnOf<T extends TableName> = keyof ColumnsOf<T> & string;
/** A row as it is read: by the names of its columns, `undefined` for null. */
export type RowOf<T extends TableName> = {
  readonly [C in ColumnOf<T>]: ColumnsOf<T>[C] extends ColumnType ? ValueOf<ColumnsOf<T>[C]> : never;
};
