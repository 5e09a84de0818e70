/** The statements that both engines run, in PostgreSQL's spelling; the dialect of an engine translates them. */
import { evidenceStatements } from './evidence-statements.ts';
import { inferenceStatements } from './inference-statements.ts';
import { leaseStatements } from './lease-statements.ts';
import { quarantineStatements } from './quarantine-statements.ts';
import type { Row } from './rows.ts';
import { subscriptionStatements } from './subscription-statements.ts';
import { type Dialect, type Selecting, selectionOf } from './table-sql.ts';
import { upstreamStatements } from './upstream-statements.ts';

const sharedStatements = {
  ...evidenceStatements,
  ...inferenceStatements,
  ...leaseStatements,
  ...subscriptionStatements,
  ...upstreamStatements,
  ...quarantineStatements,
} as const;

export type SharedStatement = keyof typeof sharedStatements;

/** The type that the rows of a statement are read as. */
export type AnswerOf<N> = N extends SharedStatement
  ? (typeof sharedStatements)[N] extends Selecting<infer R>
    ? R
    : Row
  : Row;

interface EngineStatements {
  readonly texts: Readonly<Record<SharedStatement, string>>;
  /** Reads a row by the statement's fields, where it has fields. */
  readonly read: (name: string, row: Row) => unknown;
}

export function statementsIn(dialect: Dialect<unknown>): EngineStatements {
  const entries = Object.entries<string | Selecting<unknown>>(sharedStatements).map(([name, statement]) => {
    if (typeof statement === 'string') return { name, text: statement, read: undefined };
    const { list, read } = selectionOf(dialect, statement.fields);
    return { name, text: statement.text(list), read };
  });
  const readers = Object.fromEntries(entries.map(({ name, read }) => [name, read]));
  return {
    texts: Object.fromEntries(
      entries.map(({ name, text }) => [name, dialect.spell(text)]),
    ) as EngineStatements['texts'], // has an entry for each statement
    read: (name, row) => readers[name]?.(row) ?? row,
  };
}
