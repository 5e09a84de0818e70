/** Converts rows of the bookkeeping tables for a copy to another store, from the definitions of the tables. */
import type { Row } from './rows.ts';
import type { Dialect } from './table-sql.ts';
import { type CopiedTable, columnKind, tableOf } from './tables.ts';

/** A value in a form that both engines share: whole numbers are bigints, and a tenant is its id. */
type TransferredValue = null | string | bigint | Uint8Array;
/** Values in the order of the columns in the table's definition. */
export type TransferredRow = readonly TransferredValue[];

/** Defines how an engine reads and writes the rows of a table. */
interface TransferredTable<V> {
  /** Columns of an INSERT. */
  readonly columns: readonly string[];
  /** A SELECT whose rows `read` converts; a condition may follow. */
  readonly select: string;
  readonly read: (row: Row) => TransferredRow;
  /**
   * Returns the values of an INSERT.
   *
   * @param tenantNoOf Returns the number of a tenant in the target store.
   */
  readonly cells: (row: TransferredRow, tenantNoOf: (tenantId: string) => V) => readonly (V | null)[];
}

export function transferredTable<V>(dialect: Dialect<V>, name: CopiedTable): TransferredTable<V> {
  const parts = Object.entries(tableOf(name).columns).map(([column, type]) => {
    const kind = dialect.kinds[columnKind(type)];
    return { kind, names: kind.columns(column), isTenant: columnKind(type) === 'tenant' };
  });
  const read = parts.flatMap(({ names, isTenant }) =>
    isTenant ? ['t.tenant_id'] : names.map((one) => `c.${one}`),
  );
  const tenants = parts.some(({ isTenant }) => isTenant)
    ? `JOIN ${dialect.schema}tenant t USING (tenant_no)`
    : '';
  return {
    columns: parts.flatMap(({ names }) => names),
    select: `SELECT ${read.join(', ')} FROM ${dialect.schema}${name} c ${tenants}`,
    read(row) {
      let at = 0;
      return parts.map(({ kind, names, isTenant }) => {
        const cells = row.slice(at, (at += names.length));
        if ((cells[0] ?? null) === null) return null;
        const value = isTenant ? cells[0] : kind.value(cells);
        return typeof value === 'number' ? BigInt(value) : (value as TransferredValue); // of a kind
      });
    },
    cells: (row, tenantNoOf) =>
      parts.flatMap(({ kind, names, isTenant }, i): readonly (V | null)[] => {
        const value = row[i] ?? null;
        if (value === null) return names.map(() => null);
        return isTenant ? [tenantNoOf(value as string)] : kind.cells(value); // an id
      }),
  };
}
