/** Defines the table of a log: one column for each property of its rows. */
import { edms, structuredType } from '../contract/edm.ts';
import { type Cell, cellIn, cellTypeOf, type Column } from './cell.ts';
import { logFunction, type ExportedLog } from './what.ts';

interface LogTable {
  readonly columns: readonly Column[];
  readonly cells: (row: Uint8Array) => readonly Cell[];
}

const tables = new Map<ExportedLog, LogTable>();

export function logTable(what: ExportedLog): LogTable {
  const known = tables.get(what);
  if (known !== undefined) return known;
  const { properties } = structuredType(edms.beta, logFunction(what).returns);
  const columns = [...properties.values()].map(({ name, type, collection }): Column => {
    return { name, type: collection ? 'string' : cellTypeOf(type) };
  });
  const table: LogTable = {
    columns,
    cells(row) {
      const members: unknown = JSON.parse(Buffer.from(row).toString()); // walked when it was stored
      return columns.map(({ name, type }) => cellIn(members, name, type));
    },
  };
  tables.set(what, table);
  return table;
}
