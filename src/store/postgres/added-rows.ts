/**
 * Inserts many rows with one statement, which takes each column as one array, with bytes in binary form (decision
 * 0030). Its text is the same for any number of rows, so that it is parsed and planned once.
 */
import type { QueryConfig } from 'pg';
import type { Value } from './dialect.ts';

type ColumnType = 'bigint' | 'integer' | 'bytea' | 'text' | 'bigint[]' | 'integer[]' | 'bytea[]';
type Columns = Readonly<Record<string, ColumnType>>;

const block: Columns = {
  ...{ tenant_no: 'integer', call_key: 'bytea', list_no: 'bigint', block_no: 'integer' },
  ...{ entity_count: 'integer', text_length: 'integer', crc: 'bigint', flags: 'integer' },
  ...{ body: 'bytea', layout: 'bytea' },
};
const head: Columns = {
  ...{ head_length: 'integer', head_crc: 'bigint', head_flags: 'integer' },
  ...{ head_layout: 'bytea', head_body: 'bytea' },
};

/** The columns of each table, in the order of a row's values. */
export const addedColumns = {
  edition: {
    ...{ edition_no: 'bigint', tenant_no: 'integer', call_key: 'bytea', long_id: 'bytea' },
    ...{ call_no: 'bigint', version: 'bigint', digest: 'text' },
    ...{ start_ticks: 'bigint', end_ticks: 'bigint', modified_ticks: 'bigint' },
    ...{ head_digest: 'text', ...head },
    ...{ participants_list: 'bigint', participants_count: 'integer', participants_complete: 'integer' },
    ...{ participants_digest: 'text', participants_pages: 'integer' },
    ...{ sessions_list: 'bigint', sessions_count: 'integer', sessions_complete: 'integer' },
    ...{ sessions_digest: 'text', sessions_pages: 'integer' },
    ...{ found_list: 'bigint', found_count: 'integer', lacking: 'integer', received_ms: 'bigint' },
    odd: 'text',
  },
  listing: {
    ...{ tenant_no: 'integer', start_ticks: 'bigint', call_no: 'bigint', edition_no: 'bigint' },
    ...{ until_edition: 'bigint', call_key: 'bytea', long_id: 'bytea', version: 'bigint' },
    ...{ received_ms: 'bigint', participants_list: 'bigint', participants_count: 'integer' },
    ...{ found_list: 'bigint', end_ticks: 'bigint', modified_ticks: 'bigint' },
    ...head,
  },
  participant: {
    ...{ tenant_no: 'integer', participant_key: 'bytea', start_ticks: 'bigint' },
    ...{ call_no: 'bigint', list_no: 'bigint', position: 'integer' },
  },
  participant_block: block,
  session_block: { ...block, session_keys: 'bytea[]' },
  segment_block: block,
  phrase: {
    ...{ tenant_no: 'integer', term: 'bigint', phrase_no: 'bigint', kind: 'integer' },
    ...{ text: 'text', parts: 'integer[]' },
  },
  found_call: {
    ...{ tenant_no: 'integer', start_ticks: 'bigint', call_no: 'bigint', edition_no: 'bigint' },
    ...{ participants_count: 'integer', sessions_count: 'integer', flags: 'integer', failures: 'text' },
    ...{ external_count: 'integer', unknown_count: 'integer' },
    ...{ phrases_count: 'integer', terms: 'bigint[]' },
  },
} as const satisfies Record<string, Columns>;

export type AddedTable = keyof typeof addedColumns;
export type AddedRow = readonly (Value | BigInt64Array)[];

/** Rows per statement: a list of a million participants takes several. */
const rowsAtOnce = 10_000;

export function* insertionsOf(table: AddedTable, rows: readonly AddedRow[]): Generator<QueryConfig> {
  const types = Object.values<ColumnType>(addedColumns[table]);
  for (let first = 0; first < rows.length; first += rowsAtOnce) {
    const some = rows.slice(first, first + rowsAtOnce);
    const cells = (i: number) => some.map((row) => row[i] ?? null);
    const values = types.map((type, i) => arrayOf(type, cells(i)));
    yield { name: `add_${table}`, text: texts[table], values };
  }
}

const texts = Object.fromEntries(
  Object.entries<Columns>(addedColumns).map(([table, columns]) => {
    const types = Object.values(columns);
    // A nested array would require elements of equal length.
    const arrays = types.map((type, i) => `$${i + 1}::${isArray(type) ? 'text' : type}[]`);
    const cells = types.map((type, i) => (isArray(type) ? `c${i}::${type}` : `c${i}`));
    return [
      table,
      `INSERT INTO rollcall.${table} (${Object.keys(columns).join()}) SELECT ${cells.join()}
      FROM unnest(${arrays.join()}) AS r (${types.map((_, i) => `c${i}`).join()})`,
    ];
  }),
) as Readonly<Record<AddedTable, string>>; // has an entry for each table

function isArray(type: ColumnType): boolean {
  return type.endsWith('[]');
}

type Cell = AddedRow[number];

/**
 * Encodes a column's values for the driver: numbers as the text of an array, everything else in the protocol's binary
 * form.
 */
function arrayOf(type: ColumnType, cells: readonly Cell[]): string | Buffer {
  if (type === 'bigint' || type === 'integer') return `{${cells.map((cell) => cell ?? 'NULL').join()}}`;
  if (type === 'bytea') return binaryArray(oids.bytea, cells as readonly (Uint8Array | null)[]);
  const texts = cells.map((cell) => (cell === null ? null : Buffer.from(textOf(cell))));
  return binaryArray(oids.text, texts);
}

function textOf(cell: NonNullable<Cell>): string {
  if (!(cell instanceof BigInt64Array || Array.isArray(cell))) return String(cell);
  const elements = [...(cell as readonly (number | bigint | Buffer | null)[])];
  return `{${elements.map((one) => (Buffer.isBuffer(one) ? `"\\\\x${one.toString('hex')}"` : (one ?? 'NULL'))).join()}}`;
}

const oids = { bytea: 17, text: 25 };

/**
 * Encodes a one-dimensional array in the format of `array_recv`: each element with its length before it, -1 for NULL.
 */
function binaryArray(oid: number, elements: readonly (Uint8Array | null)[]): Buffer {
  const length = elements.reduce((sum, element) => sum + 4 + (element?.length ?? 0), 20);
  const array = Buffer.allocUnsafe(length);
  const [dimensions, hasNulls, lowerBound] = [1, Number(elements.includes(null)), 1];
  let at = 0;
  for (const number of [dimensions, hasNulls, oid, elements.length, lowerBound])
    at = array.writeInt32BE(number, at);
  for (const element of elements) {
    at = array.writeInt32BE(element?.length ?? -1, at);
    if (element === null) continue;
    array.set(element, at);
    at += element.length;
  }
  return array;
}
