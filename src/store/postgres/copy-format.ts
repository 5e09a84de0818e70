/**
 * Rows in the binary format of COPY: a header, each row as a count of fields and each field as a length and its bytes,
 * and a trailer.
 *
 * @see PostgreSQL's manual, COPY, section "Binary Format"
 */
export type CopyType = 'int4' | 'int8' | 'text' | 'bytea' | 'int4[]' | 'int8[]' | 'bytea[]';
export type CopyValue =
  | null
  | number
  | bigint
  | string
  | Uint8Array
  | readonly number[]
  | readonly bigint[]
  | readonly Uint8Array[];

const header = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.of(0xff, 0xff);
const oids = { 'bytea[]': 17, 'int8[]': 20, 'int4[]': 23 } as const;
/** Rows are handed on in pieces of about this size. */
const pieceBytes = 2 ** 18;

export function* formatCopy(
  types: readonly CopyType[],
  rows: Iterable<readonly CopyValue[]>,
): Generator<Buffer> {
  const writer = new CopyWriter();
  yield header;
  for (const row of rows) {
    writer.row(types, row);
    if (writer.length >= pieceBytes) yield writer.take();
  }
  yield writer.take();
  yield trailer;
}

/** The whole of a COPY whose rows are formatted already. */
export function* wholeCopy(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield header;
  yield* pieces;
  yield trailer;
}

const noBytes = Buffer.alloc(0);

export class CopyWriter {
  length = 0;
  #buffer = noBytes;

  /** What was written since it was last taken, in memory of its own. */
  take(): Buffer<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, this.length);
    this.#buffer = noBytes;
    this.length = 0;
    return taken;
  }

  rows(types: readonly CopyType[], rows: Iterable<readonly CopyValue[]>): void {
    for (const row of rows) this.row(types, row);
  }

  row(types: readonly CopyType[], row: readonly CopyValue[]): void {
    this.int16(types.length);
    for (let column = 0; column < types.length; column++) this.field(types[column]!, row[column] ?? null);
  }

  field(type: CopyType, value: CopyValue): void {
    if (value === null) this.int32(-1);
    else if (type === 'int4') this.int32(4).int32(Number(value));
    else if (type === 'int8') this.int32(8).int64(BigInt(value as number | bigint));
    else if (type === 'bytea[]') this.byteArray(value as readonly Uint8Array[]);
    else if (type === 'int4[]') this.numbers(type, 4, value as readonly number[]);
    else if (type === 'int8[]') this.numbers(type, 8, value as readonly bigint[]);
    else this.sized(type === 'text' ? Buffer.from(value as string) : (value as Uint8Array));
  }

  byteArray(elements: readonly Uint8Array[]): void {
    const size = elements.reduce((sum, element) => sum + element.length, 0);
    this.arrayHead('bytea[]', elements.length, size);
    for (const element of elements) this.sized(element);
  }

  numbers(type: 'int4[]' | 'int8[]', width: 4 | 8, elements: readonly number[] | readonly bigint[]): void {
    this.arrayHead(type, elements.length, elements.length * width);
    const buffer = this.#reserve(elements.length * (4 + width));
    for (const element of elements) {
      this.length = buffer.writeInt32BE(width, this.length);
      this.length =
        typeof element === 'bigint'
          ? buffer.writeBigInt64BE(element, this.length)
          : buffer.writeInt32BE(element, this.length);
    }
  }

  /** One dimension from 1 on, none of its elements null; an empty array has no dimension. */
  arrayHead(type: keyof typeof oids, count: number, bytes: number): void {
    this.int32(12 + (count > 0 ? 8 : 0) + 4 * count + bytes)
      .int32(count > 0 ? 1 : 0)
      .int32(0)
      .int32(oids[type]);
    if (count > 0) this.int32(count).int32(1);
  }

  sized(bytes: Uint8Array): void {
    this.int32(bytes.length).bytes(bytes);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes, this.length);
    this.length += bytes.length;
  }

  int16(value: number): void {
    this.length = this.#reserve(2).writeInt16BE(value, this.length);
  }

  int32(value: number): this {
    this.length = this.#reserve(4).writeInt32BE(value, this.length);
    return this;
  }

  int64(value: bigint): void {
    this.length = this.#reserve(8).writeBigInt64BE(value, this.length);
  }

  #reserve(more: number): Buffer {
    if (this.length + more > this.#buffer.length) {
      // Not of the pool that others share: it may be moved to another thread.
      const larger = Buffer.allocUnsafeSlow(
        Math.max(pieceBytes, this.#buffer.length * 2, this.length + more),
      );
      this.#buffer.copy(larger, 0, 0, this.length);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
