/** A database with prepared statements; its errors are messages for the operator. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { StoreDamaged, StoreError, StoreReadOnly } from '../store-errors.ts';
import { isDamage, isReadOnlyError, sqliteFailureReason } from './open.ts';
import type { Row } from '../rows.ts';
import { statementOf } from '../table-sql.ts';
import type { RowWrite } from '../writes.ts';
import { sqliteDialect } from './dialect.ts';
import { prepareStatements, type StatementName } from './statements.ts';

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

  /** Applies the writes of a decision, in order; call it within a transaction. */
  write(writes: readonly RowWrite[]): void {
    this.guarded(() => {
      for (const write of writes) {
        const { text, values } = statementOf(sqliteDialect, write);
        let statement = this.#writes.get(text);
        if (statement === undefined) this.#writes.set(text, (statement = this.#database.prepare(text)));
        statement.run(...values);
      }
    });
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

function storeError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const failure = isDamage(error) ? StoreDamaged : isReadOnlyError(error) ? StoreReadOnly : StoreError;
  return new failure(`The store does not answer: ${sqliteFailureReason(error)}`, { cause: error });
}
