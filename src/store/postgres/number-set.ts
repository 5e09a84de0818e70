/**
 * A reusable set of 64-bit numbers, sorted in place. A `Set` of bigints recomputes a hash for each lookup, which took 7
 * % of the time in which a call is prepared for transfer.
 */
export class NumberSet {
  #numbers = new BigInt64Array(64);
  #length = 0;

  add(number: bigint): void {
    this.#reserve(1);
    this.#numbers[this.#length++] = number;
  }

  addAll(numbers: BigInt64Array): void {
    this.#reserve(numbers.length);
    this.#numbers.set(numbers, this.#length);
    this.#length += numbers.length;
  }

  /** Returns the added numbers, each once, smallest first, and empties the set. */
  take(): BigInt64Array {
    const sorted = this.#numbers.subarray(0, this.#length).sort();
    // Halves of numbers are compared and moved, because reading an element would allocate a bigint.
    const halves = new Int32Array(sorted.buffer, 0, sorted.length * 2);
    let kept = 0;
    for (let at = 0; at < halves.length; at += 2) {
      const isSame = kept > 0 && halves[at] === halves[kept - 2] && halves[at + 1] === halves[kept - 1];
      if (isSame) continue;
      halves[kept] = halves[at]!;
      halves[kept + 1] = halves[at + 1]!;
      kept += 2;
    }
    this.#length = 0;
    return this.#numbers.slice(0, kept / 2);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#numbers.length) return;
    const larger = new BigInt64Array(Math.max(this.#numbers.length * 2, this.#length + more));
    larger.set(this.#numbers.subarray(0, this.#length));
    this.#numbers = larger;
  }
}
