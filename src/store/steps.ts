/**
 * Tasks on a store that are written once for both engines: a generator yields statements and receives their rows. SQLite
 * runs all steps of a task at once, so that nothing else enters its transaction; PostgreSQL awaits each.
 */
import type { Awaitable } from '../base/awaitable.ts';
import type { Edition } from './edition.ts';
import type { ReceivedEdition } from './edition-decisions.ts';
import type { KnownEdition } from './next-edition.ts';
import type { Row, SQLOutput } from './rows.ts';
import type { AnswerOf, SharedStatement } from './shared-statements.ts';
import type { RowWrite } from './writes.ts';

/** The id of a call, which an engine stores as a key; `undefined` precedes every id. */
interface Key {
  readonly key: string | undefined;
}

/** Ids: the statement is about all rows that have one of them. */
interface Keys {
  readonly keys: readonly string[];
}

export type StepValue = SQLOutput | Key | Keys;

export function isKeys(value: StepValue): value is Keys {
  return value !== null && typeof value === 'object' && 'keys' in value && !(value instanceof Uint8Array);
}

/** Statements that each engine writes itself, because their tables or their plans differ. */
export type EngineStatement =
  | 'lockTenant'
  | 'upstreamTenants'
  | 'heldOfCalls'
  | 'callIds'
  | 'wantingIds'
  | 'lackingEditions'
  | 'oddEditions'
  | 'newestOfCalls'
  | 'editionsOfCall'
  | 'keepVerification'
  | 'listsWithParticipants'
  | 'knownEditions'
  | 'editionWhole'
  | 'participantBlock'
  | 'sessionBlock'
  | 'segmentBlock'
  | 'unlistedCalls';

type StepStatement = SharedStatement | EngineStatement;

export type TaskStep =
  | { readonly name: StepStatement; readonly values: readonly StepValue[] }
  | { readonly writes: readonly RowWrite[] };

export type Steps<T> = Generator<TaskStep, T, readonly unknown[]>;

/** Runs a statement, and returns its rows. */
export function* all<N extends StepStatement>(
  name: N,
  ...values: readonly StepValue[]
): Steps<readonly AnswerOf<N>[]> {
  return (yield { name, values }) as readonly AnswerOf<N>[]; // the rows of this statement
}

/** Runs a statement, and returns its first row. */
export function* one<N extends StepStatement>(
  name: N,
  ...values: readonly StepValue[]
): Steps<AnswerOf<N> | undefined> {
  return (yield* all(name, ...values))[0];
}

/** Applies writes, and returns how many rows they changed. */
export function* writeRows(writes: readonly RowWrite[]): Steps<number> {
  const [changed] = yield { writes };
  return changed as number; // the answer to writes
}

/** Runs tasks. The number of a tenant of which the store has no data is 0, which no row has. */
export interface Database {
  /** Runs a task that only reads. */
  read<T>(steps: () => Steps<T>): Awaitable<T>;
  readOf<T>(tenantId: string, steps: (tenantNo: number) => Steps<T>): Awaitable<T>;
  /** Runs a task in one transaction. */
  write<T>(steps: () => Steps<T>): Awaitable<T>;
  writeOf<T>(tenantId: string, steps: (tenantNo: number) => Steps<T>): Awaitable<T>;
  /** Adds the tenant, unless the store has it, and runs a task in one transaction. */
  addTo<T>(tenantId: string, steps: (tenantNo: number) => Steps<T>): Awaitable<T>;
  /** Runs a task that writes editions of a tenant's calls, in one transaction with their counts and search entries. */
  writeCalls<T>(tenantNo: number, steps: (writer: CallWriter) => Steps<T>): Awaitable<T>;
  readonly columns: EngineColumns;
}

export interface CallWriter {
  /** The last assigned edition number. */
  readonly lastEdition: number;
  /** Writes an edition, at the latest when the task ends. */
  add(decided: Pick<ReceivedEdition, 'written' | 'indexed'>): void;
}

/** How an engine reads columns that both have. */
export interface EngineColumns {
  /** Number of columns of a call's id, and of an edition. */
  readonly callWidth: number;
  readonly editionWidth: number;
  readonly callOf: (row: Row, at?: number) => string;
  readonly editionOf: (tenantId: string, callId: string, row: Row) => Edition;
  /** Return the values that find an edition, and a list. */
  readonly editionPlace: (tenantNo: number, callId: string, edition: KnownEdition) => readonly StepValue[];
  readonly listPlace: (tenantNo: number, callId: string, list: number) => readonly StepValue[];
}
