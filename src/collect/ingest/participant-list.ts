/** Builds the blocks of participants during the walk. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Part, type ParticipantList, participantsPerBlock } from '../../store/received-call.ts';
import type { Block } from '../../wire/text/block.ts';
import { BlockBuilder } from '../../wire/text/block-builder.ts';
import { type EntityText, entityText, storedRules } from '../../wire/text/entity.ts';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { entryId } from './entry-id.ts';
import { HeldEntries } from './held-entries.ts';
import { maxEntries } from './limits.ts';
import { OddEntries } from './odd-entries.ts';

/** Marks a participant that a Rollcall inferred: it was not received, and is inferred here again. */
const inferredMark = '@rollcall.source';

/** The suffix that a Rollcall adds to the name of a list that it did not receive. */
export const notReceivedMark = '@rollcall.incomplete';

/** The depth of an entry in a list: an object in the list. */
export const entryDepth = 2;

export class ParticipantListBuilder {
  readonly #builder = new BlockBuilder();
  readonly #blocks: Block[] = [];
  readonly #digests: string[] = [];
  readonly #ids: (string | undefined)[] = [];
  readonly #checks: number[] = [];
  readonly #entries = new OddEntries();
  readonly #held = new HeldEntries((place) => this.#textAt(place));
  /** The finished block from which an entry was last read. */
  #read: OpenBlock | undefined;
  #stored = 0;
  /**
   * The number of inferred participants, and of those inferred from sources other than sessions, which only a list that
   * was not received has.
   */
  #inferred = 0;
  #inferredOfNoList = 0;
  #received = false;

  get count(): number {
    return this.#ids.length;
  }

  get odd() {
    return this.#entries.odd;
  }

  get setAside() {
    return this.#entries.setAside;
  }

  /** Walks the value of `participants_v2`; null means that none were received. */
  walk(scanner: Scanner): boolean {
    if (scanner.peek() === 0x6e) return scanner.value(undefined);
    if (scanner.peek() !== 0x5b) {
      this.#entries.setAsideValue(scanner, 'participants', 'participants_v2 is not a list.', 'page');
      return false;
    }
    this.#received = true;
    return scanner.array(() => this.#walkOne(scanner));
  }

  /** Adds an entry of a page, unless the list already holds it. */
  take(entry: Buffer): void {
    this.#received = true;
    this.#walkOne(new Scanner(entry, 0, undefined, storedRules, entryDepth));
  }

  /** Adds a stored entry: a page that has it too does not repeat it. */
  takeStored(entry: Buffer): void {
    this.take(entry);
    this.#stored = this.count;
  }

  #walkOne(scanner: Scanner): void {
    this.#entries.walk(scanner, 'participants', 'A participant', () => this.#walkObject(scanner));
  }

  #walkObject(scanner: Scanner): void {
    const spacedAround = scanner.spaced;
    scanner.spaced = false;
    const collected: MemberText[] = [];
    const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
    scanner.object(storedTypes.participant.members, collected);
    const text = entityText(scanner, storedTypes.participant, { ...walked, spaced: scanner.spaced });
    scanner.edits.length = walked.editsBefore;
    scanner.spaced = spacedAround; // text between the entries is not stored
    const source = stringMember(scanner.bytes, collected, inferredMark);
    if (source !== undefined) {
      this.#inferred++;
      if (source !== 'sessions') this.#inferredOfNoList++;
      scanner.odd.clear();
      return;
    }
    const id = entryId(scanner, collected, this.#entries, 'participants');
    this.#entries.take(scanner, 'participants');
    this.#add(id, text);
  }

  #add(id: string | undefined, { bytes, start, end, ...rest }: EntityText): void {
    const place = this.#ids.length;
    const check = crc32(bytes.subarray(start, end));
    const held = this.#held.add(check, place, () => bytes.subarray(start, end));
    if (held !== undefined) {
      this.#entries.dropEntry();
      if (held >= this.#stored) this.#entries.note('participants', 'repeatedAcrossPages', held);
      return;
    }
    if (place >= maxEntries)
      throw new TextError(`A call lists more than ${maxEntries} participants.`, 'notWanted');
    this.#entries.keepEntry(place);
    this.#builder.add({ bytes, start, end, ...rest });
    this.#ids.push(id);
    this.#checks.push(check);
    if (this.#builder.count === participantsPerBlock) this.#finishBlock();
  }

  #textAt(place: number): Buffer {
    const block = this.#blocks[Math.floor(place / participantsPerBlock)];
    if (block === undefined) return this.#builder.textOf(place % participantsPerBlock);
    if (this.#read?.block !== block) this.#read = new OpenBlock(block);
    return this.#read.entity(place % participantsPerBlock);
  }

  /**
   * Finishes the list.
   *
   * @param pages The number of pages followed, if known.
   * @returns `undefined` when the list was not received, also when all its entries were inferred.
   */
  finish(complete: boolean, pages?: number): Part<ParticipantList> | undefined {
    const isInferred = this.#inferredOfNoList > 0 || (this.#inferred > 0 && this.count === 0);
    if (!this.#received || isInferred) return undefined;
    if (this.#builder.count > 0) this.#finishBlock();
    const digest = hash('sha256', [...this.#digests, complete ? 'complete' : 'more'].join(), 'base64url');
    const { odd, setAside } = this;
    const lists = { blocks: this.#blocks, ids: this.#ids, checks: this.#checks };
    return { digest, value: { ...lists, complete, pages, odd, setAside } };
  }

  #finishBlock(): void {
    const { block, digest } = this.#builder.finish();
    this.#blocks.push(block);
    this.#digests.push(digest);
  }
}
