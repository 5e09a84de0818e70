/** Encodes JSON Lines: one object per row, with all columns. */
import type { Cell } from './cell.ts';
import type { EncoderFactory } from './encoder.ts';

export const jsonlEncoder: EncoderFactory = (columns) => {
  const names = columns.map(({ name }) => `${JSON.stringify(name)}:`);
  const line = (row: readonly Cell[]) => `{${names.map((name, i) => name + jsonOf(row[i])).join(',')}}\n`;
  return {
    rowsPerRun: 1000,
    begin: () => new Uint8Array(),
    encode: (rows) => Buffer.from(rows.map(line).join('')),
    end: () => new Uint8Array(),
    state: () => '',
  };
};

function jsonOf(cell: Cell): string {
  if (typeof cell === 'bigint') return cell.toString();
  return cell === undefined ? 'null' : JSON.stringify(cell);
}
