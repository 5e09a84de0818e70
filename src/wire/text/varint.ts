const nothing = new Uint8Array(0);

/** Writes unsigned LEB128, for numbers up to 2^53. */
export class VarintWriter {
  #bytes = nothing;
  #length = 0;

  write(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow();
    const bytes = this.#bytes;
    let rest = value;
    while (rest >= 0x80) {
      bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[this.#length++] = rest;
  }

  /** Returns a copy of the written bytes, and empties the writer. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(): void {
    const larger = new Uint8Array(Math.max(64, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

export class VarintReader {
  readonly #bytes: Uint8Array;
  #pos = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#pos >= this.#bytes.length;
  }

  /**
   * Skips these bytes.
   *
   * @returns false, without moving, when other bytes follow
   */
  takes(bytes: Uint8Array): boolean {
    if (bytes.some((byte, i) => this.#bytes[this.#pos + i] !== byte)) return false;
    this.#pos += bytes.length;
    return true;
  }

  /**
   * Returns the next number.
   *
   * @throws RangeError past the end
   */
  next(): number {
    const first = this.#bytes[this.#pos++]!;
    if (first < 0x80) return first;
    let byte: number | undefined = first; // undefined past the end
    let value = first & 0x7f;
    let factor = 0x80;
    do {
      byte = this.#bytes[this.#pos++];
      if (byte === undefined) throw new RangeError('A number is truncated.');
      value += (byte & 0x7f) * factor;
      factor *= 0x80;
    } while (byte >= 0x80);
    return value;
  }
}
