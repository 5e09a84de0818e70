/** Collects the oddities of a list during its walk: marks, and quarantined pieces. */
import { type Oddity, OddityCounts, type OddPart, type OddReason } from '../../contract/oddities.ts';
import type { SetAsidePiece } from '../../store/set-aside.ts';
import { NestedTooDeep } from '../../wire/text/text-error.ts';
import type { Scanner } from '../../wire/text/scanner.ts';

export class OddEntries {
  readonly #marks = new OddityCounts();
  /** Oddities of the current entry, until it is known whether the entry stays. */
  #ofEntry: [OddPart, OddReason, number][] = [];
  /** Pieces by text, so that each is kept once: a list may repeat it a million times. */
  readonly #pieces = new Map<string, SetAsidePiece>();

  get odd(): readonly Oddity[] {
    return this.#marks.list();
  }

  get setAside(): readonly SetAsidePiece[] {
    return [...this.#pieces.values()];
  }

  /** Adds what the scanner has noted for a part of the current entry. */
  take({ odd }: Scanner, part: OddPart): void {
    if (odd.total > 0) for (const [note, count] of odd.take()) this.#ofEntry.push([part, note, count]);
  }

  noteInEntry(part: OddPart, reason: OddReason): void {
    this.#ofEntry.push([part, reason, 1]);
  }

  /** Removes the scanner's note of a wrong type, which gets a different mark. */
  forgiveType({ odd }: Scanner, part: OddPart): void {
    const at = this.#ofEntry.findLastIndex(([of, reason]) => of === part && reason === 'wrongType');
    const [, , count = 0] = this.#ofEntry[at] ?? [];
    if (at < 0) odd.forgive('wrongType');
    else if (count > 1) this.#ofEntry[at] = [part, 'wrongType', count - 1];
    else this.#ofEntry.splice(at, 1);
  }

  /** Adds a mark. @param first The position of the affected entry. */
  note(part: OddPart, reason: OddReason, first?: number): void {
    this.#marks.add(part, reason, first);
  }

  /** Keeps the current entry at this position. */
  keepEntry(place: number): void {
    if (this.#ofEntry.length === 0) return;
    for (const [part, reason, count] of this.#ofEntry) this.#marks.add(part, reason, place, count);
    this.#ofEntry = [];
  }

  /** Drops the current entry: it is a repeat, or not part of the received data. */
  dropEntry(): void {
    if (this.#ofEntry.length > 0) this.#ofEntry = [];
  }

  /**
   * Walks an entry; quarantines it when it is not an object or nested too deep.
   *
   * @param what The start of the reason: `A participant`.
   */
  walk(scanner: Scanner, part: OddPart, what: string, walk: () => void): void {
    if (scanner.peek() !== 0x7b) {
      this.setAsideValue(scanner, part, `${what} is not an object.`);
      return;
    }
    const mark = scanner.mark();
    try {
      walk();
    } catch (error) {
      if (!(error instanceof NestedTooDeep)) throw error;
      scanner.reset(mark);
      if (part !== 'segments') this.dropEntry(); // the notes of its session stay
      this.setAsideValue(scanner, part, `${what} is nested too deep.`);
    }
  }

  /** Quarantines the value at the scanner's position, and moves behind it. */
  setAsideValue(scanner: Scanner, part: OddPart, reason: string, unit: 'entry' | 'page' = 'entry'): void {
    const start = scanner.pos;
    scanner.skip();
    scanner.odd.clear();
    // A segment belongs to its session, which may be a repeat.
    if (part === 'segments') this.noteInEntry(part, 'setAside');
    else this.#marks.add(part, 'setAside');
    const text = scanner.bytes.subarray(start, scanner.pos);
    const key = `${unit} ${text.toString('latin1')}`;
    // Copied, because the text is a view that would keep a whole line or body in memory.
    if (!this.#pieces.has(key)) this.#pieces.set(key, { unit, reason, text: Buffer.from(text) });
  }
}
