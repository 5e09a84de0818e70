/** Collects chunks in one buffer that doubles: its memory depends on the bytes, not on the number of chunks. */
export class GrowingBytes {
  #bytes = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    // Transferred, not copied: the old memory is free at once, not at the next garbage collection.
    if (length > this.#bytes.length)
      this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(Math.max(length, 2 * this.#bytes.length)));
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** Returns a part of it, valid until the next append. */
  subarray(start: number, end: number): Buffer {
    return Buffer.from(this.#bytes.buffer, start, end - start);
  }

  /** Returns all bytes and empties the buffer. */
  take(): Buffer {
    const taken = this.subarray(0, this.#length);
    this.clear();
    return taken;
  }

  clear(): void {
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
  }
}
