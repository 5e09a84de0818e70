/** Rows of the bookkeeping tables on their way to another store, from the definitions of the tables. */
import type { Row } from './rows.ts';
import type { Dialect } from './table-sql.ts';
import { type CopiedTable, columnKind, tableOf } from './tables.ts';

/** A value as both engines have it; whole numbers are bigints, and a tenant is its id. */
type TransferredValue = null | string | bigint | Uint8Array;
/** In the order of the columns that the table is defined with. */
export type TransferredRow = readonly TransferredValue[];

/** How an engine reads and writes the rows of a table. */
interface TransferredTable<V> {
  /** As a statement inserts them. */
  readonly columns: readonly string[];
  /** Gives rows for `read`; a condition may follow. */
  readonly select: string;
  readonly read: (row: Row) => TransferredRow;
  /** @param tenantNoOf Number of a tenant in the store that is written. */
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
