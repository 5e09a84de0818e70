/** Writes items of a source to the file, unchanged or as rows of a table. */
import type { CallRecordStore } from '../store/store.ts';
import type { Edition } from '../store/edition.ts';
import type { Cell } from './cell.ts';
import type { Encoder } from './encoder.ts';
import { CallBlocks } from './call-blocks.ts';
import { wholeCall, wholeParts } from './whole-call.ts';

export interface ItemWriter<Item> {
  begin(): Promise<Uint8Array> | Uint8Array;
  /**
   * Reads an item completely, then writes it.
   *
   * @returns The bytes to write; some may be held back until `flush`.
   * @throws StoreDamaged before the first byte.
   */
  write(item: Item): Promise<AsyncIterable<Uint8Array>>;
  flush(): Promise<Uint8Array> | Uint8Array;
  end(): Promise<Uint8Array> | Uint8Array;
  /** Returns, after a flush, the state with which another writer can continue. */
  state(): string;
  /** Rows, or lines, written by this writer. */
  readonly rows: number;
}

const none = new Uint8Array();

export function callLines(store: CallRecordStore): ItemWriter<Edition> {
  return lines(async (edition) => wholeCall(await CallBlocks.open(store, edition, wholeParts)));
}

/** Writes each log row as one line with its type, by which an import recognizes it. */
export function logLines(type: string): ItemWriter<Uint8Array> {
  const before = Buffer.from(`{"@odata.type":"#${type}"`);
  return lines((row) => {
    // The row's members after the annotation; it always has some.
    const own = Buffer.from(row.buffer, row.byteOffset + 1, row.byteLength - 1);
    return Promise.resolve([Buffer.concat([before, Buffer.from(','), own, Buffer.from('\n')])]);
  });
}

function lines<Item>(
  textOf: (item: Item) => Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>>,
): ItemWriter<Item> {
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    begin: () => none,
    async write(item) {
      const text = await textOf(item);
      rows++;
      return bytesOf(text);
    },
    flush: () => none,
    end: () => none,
    state: () => '',
  };
}

async function* bytesOf(text: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  yield* text;
}

/** Returns the cells of all columns of the table. */
export type RowsOf<Item> = (
  item: Item,
) => Promise<Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>>;

interface TableWriterOptions<Item> {
  readonly rowsOf: RowsOf<Item>;
  /** The position in the table of each written column. */
  readonly picked: readonly number[];
  readonly encoder: Encoder;
}

export function tableRows<Item>(options: TableWriterOptions<Item>): ItemWriter<Item> {
  const { rowsOf, picked, encoder } = options;
  let held: (readonly Cell[])[] = [];
  let rows = 0;
  const flush = async () => {
    if (held.length === 0) return none;
    const run = held;
    held = [];
    return await encoder.encode(run);
  };
  async function* add(more: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>) {
    for await (const row of more) {
      rows++;
      held.push(picked.map((column) => row[column]));
      if (held.length >= encoder.rowsPerRun) yield await flush();
    }
  }
  return {
    get rows() {
      return rows;
    },
    begin: () => encoder.begin(),
    write: async (item) => add(await rowsOf(item)),
    flush,
    end: () => encoder.end(),
    state: () => encoder.state(),
  };
}
