/** A database with prepared statements; its errors are messages for the operator. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { StoreDamaged, StoreError, StoreReadOnly } from '../store-errors.ts';
import { isDamage, isReadOnlyError, sqliteFailureReason } from './open.ts';
import type { Row } from '../rows.ts';
import { isKeys, type Steps, type StepValue, type TaskStep } from '../steps.ts';
import { statementsOf } from '../table-sql.ts';
import type { RowWrite } from '../writes.ts';
import { sqliteDialect } from './dialect.ts';
import { prepareStatements, shared, type StatementName } from './statements.ts';

export class Connection {
  /** Committed transactions of this connection. */
  commits = 0;
  readonly #database: DatabaseSync;
  readonly #statement: ReturnType<typeof prepareStatements>;
  readonly #writes = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statement = prepareStatements(database);
  }

  // Statements return rows as arrays: see prepareStatements.

  get(name: StatementName, ...values: SQLInputValue[]): Row | undefined {
    try {
      return this.#statement(name).get(...values) as unknown as Row | undefined;
    } catch (error) {
      throw storeError(error);
    }
  }

  all(name: StatementName, ...values: SQLInputValue[]): readonly Row[] {
    try {
      return this.#statement(name).all(...values) as unknown as Row[];
    } catch (error) {
      throw storeError(error);
    }
  }

  run(name: StatementName, ...values: SQLInputValue[]): void {
    this.guarded(() => this.#statement(name).run(...values));
  }

  /** Applies the writes of a decision, in order, and returns how many rows changed; call it within a transaction. */
  write(writes: readonly RowWrite[]): number {
    return this.guarded(() => {
      let changed = 0;
      for (const { text, values } of writes.flatMap((one) => statementsOf(sqliteDialect, one))) {
        let statement = this.#writes.get(text);
        if (statement === undefined) this.#writes.set(text, (statement = this.#database.prepare(text)));
        changed += Number(statement.run(...values).changes);
      }
      return changed;
    });
  }

  /** Runs all steps of a task. */
  runSteps<T>(steps: Steps<T>): T {
    let next = steps.next([]);
    while (next.done !== true) next = steps.next(this.#answer(next.value));
    return next.value;
  }

  #answer(step: TaskStep): readonly unknown[] {
    if ('writes' in step) return [this.write(step.writes)];
    const { name, values } = step;
    const { keys } = values.find(isKeys) ?? { keys: [''] };
    return keys
      .flatMap((key) => this.all(name, ...values.map((value) => valueOf(value, key))))
      .map((row) => shared.read(name, row));
  }

  /** Runs work that is not one of the statements, with the same errors. */
  guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw storeError(error);
    }
  }

  transaction<T>(work: () => T): T {
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      const result = work();
      this.#database.exec('COMMIT');
      this.commits++;
      return result;
    } catch (error) {
      this.#rollBack();
      throw storeError(error);
    }
  }

  /** Ignores its own errors: the caller throws the first one, and an open transaction ends with the connection. */
  #rollBack(): void {
    try {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    } catch {
      // Ignored for the same reason.
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** Returns a value as it is stored; a statement about several keys runs once for each. */
function valueOf(value: StepValue, key: string): SQLInputValue {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  return isKeys(value) ? key : (value.key ?? '');
}

function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const failure = isDamage(error) ? StoreDamaged : isReadOnlyError(error) ? StoreReadOnly : StoreError;
  return new failure(`The store does not answer: ${sqliteFailureReason(error)}`, { cause: error });
}
