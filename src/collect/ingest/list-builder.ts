/** Builds a list of a call during the walk: its entries in blocks, each once, with their marks. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Part } from '../../store/received-call.ts';
import { type EntityText, storedRules } from '../../wire/text/entity.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import type { BlockList } from './block-list.ts';
import { HeldEntries } from './held-entries.ts';
import { maxEntries } from './limits.ts';
import { OddEntries } from './odd-entries.ts';

/** The depth of an entry in a list: an object in the list. */
const entryDepth = 2;

interface ListTexts {
  /** The member of the record. */
  readonly name: string;
  readonly part: 'participants' | 'sessions';
  /** An entry, as a message begins. */
  readonly one: string;
}

export abstract class ListBuilder<T> {
  protected readonly entries = new OddEntries();
  protected readonly ids: (string | undefined)[] = [];
  /** CRC-32 of the text of each entry. */
  protected readonly checks: number[] = [];
  protected isReceived = false;
  readonly #texts: ListTexts;
  readonly #lists: readonly BlockList[];
  readonly #digests: string[] = [];
  readonly #held = new HeldEntries((place) => joined(this.#lists.map((list) => list.textAt(place))));
  #stored = 0;

  /** Creates the builder. @param lists Where the texts of an entry are stored: its own, and that of its segments. */
  constructor(texts: ListTexts, lists: readonly BlockList[]) {
    this.#texts = texts;
    this.#lists = lists;
  }

  get count(): number {
    return this.ids.length;
  }

  get odd() {
    return this.entries.odd;
  }

  get setAside() {
    return this.entries.setAside;
  }

  /** Walks the value of the member; null means that nothing was received. */
  walk(scanner: Scanner): boolean {
    const { name, part } = this.#texts;
    if (scanner.peek() === 0x6e) return scanner.value(undefined);
    if (scanner.peek() !== 0x5b) {
      this.entries.setAsideValue(scanner, part, `${name} is not a list.`, 'page');
      return false;
    }
    this.isReceived = true;
    return scanner.array(() => this.#walkOne(scanner));
  }

  /** Adds an entry of a page, unless the list already holds it. */
  take(entry: Buffer): void {
    this.isReceived = true;
    this.#walkOne(new Scanner(entry, 0, undefined, storedRules, entryDepth));
  }

  /** Adds a stored entry: a page that has it too does not repeat it. */
  takeStored(entry: Buffer): void {
    this.take(entry);
    this.#stored = this.count;
  }

  /**
   * Finishes the list.
   *
   * @param pages The number of pages followed, if known.
   * @returns `undefined` when the list was not received.
   */
  abstract finish(complete: boolean, pages?: number): Part<T> | undefined;

  /** Walks the object at the scanner's position, and adds it. */
  protected abstract walkObject(scanner: Scanner): void;

  /** Adds an entry. @returns False when the list already holds it: an id may repeat in a call, so its text decides. */
  protected add(id: string | undefined, entities: readonly EntityText[]): boolean {
    const { part } = this.#texts;
    const place = this.count;
    const texts = entities.map(textOf);
    const check = texts.reduce((sum, text) => crc32(text, sum), 0);
    const held = this.#held.add(check, place, () => joined(texts));
    if (held !== undefined) {
      this.entries.dropEntry();
      if (held >= this.#stored) this.entries.note(part, 'repeatedAcrossPages', held);
      return false;
    }
    if (place >= maxEntries)
      throw new TextError(`A call lists more than ${maxEntries} ${part}.`, 'notWanted');
    this.entries.keepEntry(place);
    this.ids.push(id);
    this.checks.push(check);
    for (let i = 0; i < entities.length; i++) this.#note(this.#lists[i]!.add(entities[i]!)); // a list for each
    return true;
  }

  /** Ends the list. @returns Its digest. */
  protected end(complete: boolean): string {
    for (const list of this.#lists) this.#note(list.finish());
    return hash('sha256', [...this.#digests, complete ? 'complete' : 'more'].join(), 'base64url');
  }

  #walkOne(scanner: Scanner): void {
    const { part, one } = this.#texts;
    this.entries.walk(scanner, part, one, () => this.walkObject(scanner));
  }

  #note(digest: string | undefined): void {
    if (digest !== undefined) this.#digests.push(digest);
  }
}

export function textOf({ bytes, start, end }: EntityText): Buffer {
  return bytes.subarray(start, end);
}

function joined(texts: readonly Buffer[]): Buffer {
  return texts.length === 1 ? texts[0]! : Buffer.concat(texts);
}
