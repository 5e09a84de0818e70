/**
 * Rows in the binary format of COPY: a header, each row as a count of fields and each field as a length and its bytes,
 * and a trailer.
 *
 * @see PostgreSQL's manual, COPY, section "Binary Format"
 */
export type CopyType = 'int4' | 'int8' | 'text' | 'bytea' | 'int4[]' | 'int8[]' | 'bytea[]';
export type CopyValue =
  null | number | bigint | string | Uint8Array | readonly number[] | BigInt64Array | readonly Uint8Array[];

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
  // A message to the server has less than a gigabyte; they may be cut anywhere.
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at += pieceBytes) yield piece.subarray(at, at + pieceBytes);
  yield trailer;
}

const noBytes = Buffer.alloc(0);

export class CopyWriter {
  length = 0;
  #buffer = noBytes;
  #view = viewOf(noBytes);

  /** What was written since it was last taken, in memory of its own. */
  take(): Buffer<ArrayBuffer> {
    const taken = this.#buffer.subarray(0, this.length);
    this.#buffer = noBytes;
    this.length = 0;
    return taken;
  }

  row(types: readonly CopyType[], row: readonly CopyValue[]): void {
    this.#reserve(2);
    this.#view.setInt16(this.length, types.length);
    this.length += 2;
    for (let column = 0; column < types.length; column++) this.#field(types[column]!, row[column] ?? null);
  }

  #field(type: CopyType, value: CopyValue): void {
    if (value === null) this.#int32(-1);
    else if (type === 'int4') this.#sizedInt32(Number(value));
    else if (type === 'int8') this.#sizedInt64(value as number | bigint);
    else if (type === 'bytea') this.#sized(value as Uint8Array);
    else if (type === 'text') this.#text(value as string);
    else if (type === 'bytea[]') this.#byteArray(value as readonly Uint8Array[]);
    else if (type === 'int4[]') this.#int32Array(value as readonly number[]);
    else this.#int64Array(value as BigInt64Array);
  }

  #byteArray(elements: readonly Uint8Array[]): void {
    const size = elements.reduce((sum, element) => sum + element.length, 0);
    this.#arrayHead('bytea[]', elements.length, size);
    for (const element of elements) this.#sized(element);
  }

  #int32Array(elements: readonly number[]): void {
    this.#arrayHead('int4[]', elements.length, elements.length * 4);
    for (const element of elements) this.#sizedInt32(element);
  }

  #int64Array(elements: BigInt64Array): void {
    this.#arrayHead('int8[]', elements.length, elements.length * 8);
    for (const element of elements) this.#sizedInt64(element);
  }

  /** One dimension from 1 on, none of its elements null; an empty array has no dimension. */
  #arrayHead(type: keyof typeof oids, count: number, bytes: number): void {
    this.#int32(12 + (count > 0 ? 8 : 0) + 4 * count + bytes);
    this.#int32(count > 0 ? 1 : 0);
    this.#int32(0);
    this.#int32(oids[type]);
    if (count === 0) return;
    this.#int32(count);
    this.#int32(1);
  }

  #text(text: string): void {
    this.#reserve(4 + text.length * 3); // UTF-8 takes no more for a unit of UTF-16
    const size = this.#buffer.write(text, this.length + 4);
    this.#view.setInt32(this.length, size);
    this.length += 4 + size;
  }

  #sized(bytes: Uint8Array): void {
    this.#reserve(4 + bytes.length);
    this.#view.setInt32(this.length, bytes.length);
    this.#buffer.set(bytes, this.length + 4);
    this.length += 4 + bytes.length;
  }

  #sizedInt32(value: number): void {
    this.#reserve(8);
    this.#view.setInt32(this.length, 4);
    this.#view.setInt32(this.length + 4, value);
    this.length += 8;
  }

  #sizedInt64(value: number | bigint): void {
    this.#reserve(12);
    this.#view.setInt32(this.length, 8);
    if (typeof value === 'bigint') this.#view.setBigInt64(this.length + 4, value);
    else {
      // Whole numbers up to 2^53: a bigint for each would be a piece of memory for each.
      const high = Math.floor(value / 2 ** 32);
      this.#view.setInt32(this.length + 4, high);
      this.#view.setUint32(this.length + 8, value - high * 2 ** 32);
    }
    this.length += 12;
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.length, value);
    this.length += 4;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#buffer.length) return;
    // Not of the pool that others share: it may be moved to another thread.
    const larger = Buffer.allocUnsafeSlow(Math.max(pieceBytes, this.#buffer.length * 2, this.length + more));
    this.#buffer.copy(larger, 0, 0, this.length);
    this.#buffer = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
