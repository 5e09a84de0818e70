/**
 * Defines the bookkeeping tables of a store once for both engines: columns, keys, the tenant that owns a row, what a
 * copy of the store includes, and where a cluster places the rows (docs/decisions/0026-bookkeeping-tables.md). Tables
 * of editions, blocks and the search index are not here: each engine defines its own.
 */

/**
 * The kinds of columns. Each engine has a SQL type for a kind (`dialect.ts`), and a row reader a TypeScript type.
 *
 * `call` and `key` are ids of any length, which PostgreSQL stores in a special form; `anyText` may hold every
 * character, including NUL; `ticks` may exceed 2^53 and `count` may not; the engine assigns the numbers of `serial` and
 * `longSerial`.
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

/** A kind; a question mark allows null. */
export type ColumnType = ColumnKind | `${ColumnKind}?`;

interface Table {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The primary key. */
  readonly key: readonly string[];
  readonly unique?: readonly string[];
  /** Columns that hold the key of a row in another table, with the action when that row is deleted. */
  readonly references?: Readonly<Record<string, string>>;
  /** Columns that the engine fills in when an insert omits them. */
  readonly defaults?: Readonly<Record<string, number>>;
  /**
   * What `store copy` does with the rows: `replaced` replaces the target's rows, `added` adds to them, `false` copies
   * nothing, because the rows belong to the store itself.
   */
  readonly copied: 'replaced' | 'added' | false;
  /** Where a cluster stores the rows: on the node of their tenant, or a copy on every node. */
  readonly placed: 'with its tenant' | 'everywhere';
}

/** Ordered so that rows refer only to tables above their own. */
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
  /**
   * Rows of the PSTN, direct routing and SMS logs, keyed by the time that queries filter by; 0 where a row has none.
   */
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
  /** The URLs that notifications are sent to; due notifications are read per endpoint. */
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
      // The newest edition when the subscription was created: it sees later ones.
      since_edition: 'edition',
      endpoint_no: 'smallCount',
      lifecycle_endpoint_no: 'smallCount?',
      // Ids in its filter as JSON, canonical; null without a filter.
      participant_ids: 'anyText?',
    },
    key: ['subscription_no'],
    unique: ['tenant_no', 'subscription_id'],
    references: { endpoint_no: 'endpoint', lifecycle_endpoint_no: 'endpoint' },
    copied: 'replaced',
    placed: 'everywhere', // the outbox refers to it, and many tenants may share an endpoint
  },
  /** Undelivered notifications, each written in the transaction of its cause. */
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
  /** The fetch queue: calls that upstream reported and that must be fetched. */
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
  /** Spans of time that were listed completely, in the list of calls or in a log. */
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
  /** Short texts in which a sync stores its progress. */
  upstream_state: {
    columns: { tenant_no: 'tenant', name: 'text', value: 'text' },
    key: ['tenant_no', 'name'],
    copied: 'replaced',
    placed: 'with its tenant',
  },
  /** The last verification of a tenant in this store; it is not copied, because a copy must be verified itself. */
  verification: {
    columns: { tenant_no: 'tenant', ended_ms: 'count', report: 'text', crc: 'count?' },
    key: ['tenant_no'],
    copied: false,
    placed: 'with its tenant',
  },
  /** Received text that could not be stored in its place (quarantine.ts). */
  quarantine: {
    columns: {
      tenant_no: 'tenant',
      // Covers the unit, the call and the text: equal pieces share one row.
      digest: 'text',
      at_ms: 'count',
      origin: 'anyText',
      unit: 'text',
      call_id: 'call?',
      reason: 'anyText',
      text: 'bytes',
      // Covers the columns that the digest does not.
      crc: 'count',
    },
    key: ['tenant_no', 'digest'],
    copied: 'replaced',
    placed: 'with its tenant',
  },
  /** The leases: which process does a task that only one may do at a time. */
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

/** Returns a definition with the general type `Table`. */
export function tableOf(name: TableName): Table {
  return tables[name];
}

export function columnKind(type: ColumnType): ColumnKind {
  return (type.endsWith('?') ? type.slice(0, -1) : type) as ColumnKind; // the start of a type
}

export function isNullable(type: ColumnType): boolean {
  return type.endsWith('?');
}

/** The tables that `store copy` copies. */
export type CopiedTable = {
  [T in TableName]: Tables[T]['copied'] extends false ? never : T;
}[TableName];
export const copiedTables = tableNames.filter((name): name is CopiedTable => tables[name].copied !== false);

/** The TypeScript type of each kind of column. */
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
/** A row as it is read: by column name, with `undefined` for null. */
export type RowOf<T extends TableName> = {
  readonly [C in ColumnOf<T>]: ColumnsOf<T>[C] extends ColumnType ? ValueOf<ColumnsOf<T>[C]> : never;
};
