/** Encodes Parquet: a row group per run of rows, compressed by Snappy; times in UTC microseconds. */
import { deserialize, serialize } from 'node:v8';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { parseTicks } from '../base/ticks.ts';
import type { Cell, CellType, Column } from './cell.ts';
import type { EncoderFactory } from './encoder.ts';

const forms: Readonly<Record<CellType, Pick<SchemaElement, 'type' | 'converted_type' | 'logical_type'>>> = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  dateTime: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MICROS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  },
};

/** The footer's data about what was written. */
interface Written {
  readonly offset: number;
  readonly rowGroups: ParquetWriter['row_groups'];
  readonly rows: bigint;
}

export const parquetEncoder: EncoderFactory = (columns, state) => {
  const bytes = new ByteWriter();
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(({ name, type }) => ({ name, ...forms[type], repetition_type: 'OPTIONAL' as const })),
  ];
  const file = new ParquetWriter({ writer: bytes, schema, createdBy: 'Rollcall' });
  if (state !== undefined) {
    const written = deserialize(Buffer.from(state, 'base64')) as Written; // by state() below
    bytes.offset = written.offset;
    bytes.index = 0;
    file.row_groups = written.rowGroups;
    file.num_rows = written.rows;
  }
  /** Returns the written bytes and reuses the memory. */
  const take = () => {
    const taken = Buffer.from(bytes.getBytes());
    bytes.index = 0;
    return taken;
  };
  return {
    rowsPerRun: 20_000,
    begin: take,
    async encode(rows) {
      const columnData = columns.map(({ name, type }, i) => ({
        name,
        data: rows.map((row) => valueOf(row[i], type)),
        offsetIndex: false,
      }));
      await file.write({ columnData, rowGroupSize: rows.length });
      file.pendingIndexes = [];
      return take();
    },
    async end() {
      await file.finish();
      return take();
    },
    state: () => {
      const written: Written = { offset: bytes.offset, rowGroups: file.row_groups, rows: file.num_rows };
      return serialize(written).toString('base64');
    },
  };
};

function valueOf(cell: Cell, type: Column['type']): Cell | null {
  if (cell === undefined) return null;
  if (type === 'integer') return BigInt(cell);
  return type === 'dateTime' ? (parseTicks(String(cell)) ?? 0n) / 10n : cell;
}
