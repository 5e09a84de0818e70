/** What is odd in a list while it is walked, entry by entry: marks, and pieces that cannot stand in it. */
import { type Oddity, OddityCounts, type OddPart, type OddReason } from '../../contract/oddities.ts';
import type { SetAsidePiece } from '../../store/set-aside.ts';
import { NestedTooDeep } from '../../wire/text/text-error.ts';
import type { Scanner } from '../../wire/text/scanner.ts';

export class OddEntries {
  readonly #marks = new OddityCounts();
  /** Of the entry that is walked, until it is known whether it stays. */
  #ofEntry: [OddPart, OddReason, number][] = [];
  /** Each text once: a list may have a million of them. */
  readonly #pieces = new Map<string, SetAsidePiece>();

  get odd(): readonly Oddity[] {
    return this.#marks.list();
  }

  get setAside(): readonly SetAsidePiece[] {
    return [...this.#pieces.values()];
  }

  /** Takes what the scanner has noted for a part of the entry that is walked. */
  take({ odd }: Scanner, part: OddPart): void {
    if (odd.total > 0) for (const [note, count] of odd.take()) this.#ofEntry.push([part, note, count]);
  }

  noteInEntry(part: OddPart, reason: OddReason): void {
    this.#ofEntry.push([part, reason, 1]);
  }

  /** Takes back what was noted of a value of another type: it is marked as something else. */
  forgiveType({ odd }: Scanner, part: OddPart): void {
    const at = this.#ofEntry.findLastIndex(([of, reason]) => of === part && reason === 'wrongType');
    const [, , count = 0] = this.#ofEntry[at] ?? [];
    if (at < 0) odd.forgive('wrongType');
    else if (count > 1) this.#ofEntry[at] = [part, 'wrongType', count - 1];
    else this.#ofEntry.splice(at, 1);
  }

  /** @param first Place of the entry that it concerns. */
  note(part: OddPart, reason: OddReason, first?: number): void {
    this.#marks.add(part, reason, first);
  }

  /** The entry stays, at this place. */
  keepEntry(place: number): void {
    if (this.#ofEntry.length === 0) return;
    for (const [part, reason, count] of this.#ofEntry) this.#marks.add(part, reason, place, count);
    this.#ofEntry = [];
  }

  /** The entry is not stored: it is there already, or no part of what was received. */
  dropEntry(): void {
    if (this.#ofEntry.length > 0) this.#ofEntry = [];
  }

  /**
   * Walks an entry; sets it aside where it is no object or nested too deep.
   *
   * @param what Begins the reason: `A participant`.
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
      if (part !== 'segments') this.dropEntry(); // what was noted of their session stays
      this.setAsideValue(scanner, part, `${what} is nested too deep.`);
    }
  }

  /** Sets aside the value at the scanner's position, and moves behind it. */
  setAsideValue(scanner: Scanner, part: OddPart, reason: string, unit: 'entry' | 'page' = 'entry'): void {
    const start = scanner.pos;
    scanner.skip();
    scanner.odd.clear();
    // A segment goes with its session, which may be there already.
    if (part === 'segments') this.noteInEntry(part, 'setAside');
    else this.#marks.add(part, 'setAside');
    const text = scanner.bytes.subarray(start, scanner.pos);
    const key = `${unit} ${text.toString('latin1')}`;
    // A copy: the text is a part of a line, or of a body, all of which it would keep in memory.
    if (!this.#pieces.has(key)) this.#pieces.set(key, { unit, reason, text: Buffer.from(text) });
  }
}
