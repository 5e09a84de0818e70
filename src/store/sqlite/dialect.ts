/** The types of the bookkeeping tables in SQLite: an id is text, and a whole number has 64 bits. */
import type { SQLInputValue } from 'node:sqlite';
import type { SQLOutput } from '../rows.ts';
import { type Dialect, isSerial, type KindOfEngine } from '../table-sql.ts';

function kept(type: string, value: (cell: SQLOutput) => unknown): KindOfEngine<SQLInputValue> {
  return {
    type,
    columns: (name) => [name],
    cells: (whole) => [whole as SQLInputValue], // the driver accepts the kind's own value
    value: ([cell = null]) => value(cell),
  };
}

const number = kept('INTEGER', Number);
const serial = kept('INTEGER PRIMARY KEY AUTOINCREMENT', Number);
const text = kept('TEXT', (cell) => cell);

export const sqliteDialect: Dialect<SQLInputValue> = {
  kinds: {
    ...{ tenant: number, count: number, smallCount: number, edition: number, serial, longSerial: serial },
    ...{ call: text, key: text, text, anyText: text },
    bytes: kept('BLOB', (cell) => cell),
    ticks: kept('INTEGER', (cell) => BigInt(cell as bigint | number)),
  },
  suffix: (key) => (key.some(isSerial) ? ' STRICT' : ' STRICT, WITHOUT ROWID'),
  schema: '',
  place: () => '?',
  takesArrays: false,
  // SQLite has one writer, so it needs no locks of rows.
  spell: (text) =>
    text
      .replaceAll('rollcall.', '')
      .replace(/::\w+(\[\])?/g, '')
      .replace(/ = ANY \((\$\d+)\)/g, ' = $1')
      .replace(/\$(\d+)/g, '?$1')
      .replace(/\b(call|row)_key\b/g, '$1_id')
      .replace(/ FOR (KEY SHARE|UPDATE)( OF \w+)?( SKIP LOCKED)?/g, ''),
};
