/** Collects the segments of a session during the walk, into an array that is stored next to the session. */
import { type EntityText, walkEntity } from '../../wire/text/entity.ts';
import type { MemberText } from '../../wire/text/members.ts';
import type { Scanner } from '../../wire/text/scanner.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { entryId } from './entry-id.ts';
import { GrowingBytes } from './growing-bytes.ts';
import type { OddEntries } from './odd-entries.ts';

/** The segments of a session that arrived without any. */
const notReceived: EntityText = {
  bytes: Buffer.from('null'),
  ...{ start: 0, end: 4, ends: [], edits: [] },
};

export class SegmentsText {
  readonly #entries: OddEntries;
  readonly #joined = new GrowingBytes();
  readonly #edits: number[] = [];
  #received = false;

  /** Creates the collector. @param entries The oddities of the list of sessions. */
  constructor(entries: OddEntries) {
    this.#entries = entries;
  }

  /** Walks the value of `segments`, and of each one when a session repeats the member. @returns As `Scanner.value` */
  walk(scanner: Scanner): boolean {
    if (scanner.peek() === 0x6e) return scanner.value(undefined);
    if (scanner.peek() !== 0x5b) {
      this.#entries.setAsideValue(scanner, 'segments', 'segments is not a list.', 'page');
      return false;
    }
    if (this.#received) this.#entries.noteInEntry('segments', 'memberTwice');
    else this.#joined.append(brackets.opening);
    this.#received = true;
    const before = scanner.edits.length;
    return scanner.array(() => {
      this.#entries.walk(scanner, 'segments', 'A segment', () => {
        const members: MemberText[] = [];
        this.#add(walkEntity(scanner, storedTypes.segment, false, members));
        entryId(scanner, members, this.#entries, 'segments');
      });
      this.#entries.take(scanner, 'segments');
      scanner.edits.length = before;
    });
  }

  take(): EntityText {
    if (!this.#received) return notReceived;
    this.#joined.append(brackets.closing);
    const bytes = this.#joined.take();
    return { bytes, start: 0, end: bytes.length, ends: [], edits: this.#edits };
  }

  #add({ bytes, start, end, edits }: EntityText): void {
    if (this.#joined.length > 1) this.#joined.append(brackets.comma);
    const at = this.#joined.length;
    this.#joined.append(bytes.subarray(start, end));
    for (let i = 0; i < edits.length; i += 3)
      this.#edits.push(edits[i]! + at, edits[i + 1]! + at, edits[i + 2]!);
  }
}

const brackets = { opening: Buffer.from('['), comma: Buffer.from(','), closing: Buffer.from(']') };
