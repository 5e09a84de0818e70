/** Sessions as they are walked, to blocks, with their segments in blocks beside them. */
import { hash } from 'node:crypto';
import { type Part, type SessionList, sessionsPerBlock } from '../store/store.ts';
import { type Block, BlockBuilder, packing } from '../text/block.ts';
import { type EntityText, entityText, standsTwice, storedRules, walkEntity } from '../text/entity.ts';
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import { storedTypes } from '../text/stored-types.ts';
import { requiredId } from '../text/members.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { maxEntries } from './limits.ts';
import { type Health, healthOf, healthy } from '../text/session-health.ts';
import { partiesOf, type SessionParty } from '../text/session-parties.ts';

/** The segments of a session of which none were received. */
const notReceived: EntityText = { bytes: Buffer.from('null'), start: 0, end: 4, ends: [], edits: [] };

export class SessionListBuilder {
  readonly #sessions = new BlockBuilder(packing.thorough);
  readonly #segments = new BlockBuilder(packing.thorough);
  readonly #blocks: Block[] = [];
  readonly #segmentBlocks: Block[] = [];
  readonly #digests: string[] = [];
  readonly #held = new Set<string>();
  readonly #ids: string[] = [];
  readonly #parties = new Map<string, SessionParty>();
  #health: Health = healthy;
  #received = false;

  get count(): number {
    return this.#ids.length;
  }

  /** Walks the value of `sessions`; null means that none were received. */
  walk(scanner: Scanner): boolean {
    if (scanner.peek() === 0x6e) return scanner.value(undefined);
    if (scanner.peek() !== 0x5b) throw new TextError('Wrong type: sessions is not a list.', 'notWanted');
    this.#received = true;
    return scanner.array(() => this.#walkOne(scanner, false));
  }

  /** Adds an entry unless the list holds it already: a session's id may repeat in a call, so its text decides. */
  take(entry: Buffer): void {
    this.#walkOne(new Scanner(entry, 0, undefined, storedRules), true);
  }

  #walkOne(scanner: Scanner, unlessHeld: boolean): void {
    this.#received = true;
    scanner.peek();
    const spacedAround = scanner.spaced;
    scanner.spaced = false;
    let segments: EntityText | undefined;
    const collected: MemberText[] = [];
    const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
    const walkSegments = () => {
      if (segments !== undefined) throw standsTwice('segments');
      const { spaced } = scanner;
      const walkedSegments = segmentsText(scanner);
      scanner.spaced = spaced;
      segments = walkedSegments.text;
      return walkedSegments.empty;
    };
    scanner.noted.failed = scanner.noted.suspect = false;
    scanner.object(storedTypes.session.members, collected, new Map([['segments', walkSegments]]));
    this.#health = healthOf(this.#health, scanner, () => textOf(segments ?? notReceived));
    const text = entityText(scanner, storedTypes.session, { ...walked, spaced: scanner.spaced });
    scanner.edits.length = walked.editsBefore;
    scanner.spaced = spacedAround; // what is between the entries is not stored
    const id = requiredId(scanner.bytes, collected, 'session');
    if (unlessHeld) {
      const key = hash('sha256', Buffer.concat([textOf(text), textOf(segments ?? notReceived)]), 'base64url');
      if (this.#held.has(key)) return;
      this.#held.add(key);
    }
    if (this.#ids.length >= maxEntries)
      throw new TextError(`A call lists more than ${maxEntries} sessions.`, 'notWanted');
    this.#sessions.add(text);
    this.#segments.add(segments ?? notReceived);
    this.#ids.push(id);
    for (const party of partiesOf(text.bytes, (region) => text.start + text.ends[region]!)) {
      const key = `${party.ids[0]!}\n${party.isCallee}`;
      if (!this.#parties.has(key)) this.#parties.set(key, party);
    }
    if (this.#sessions.count === sessionsPerBlock) this.#finishBlock();
  }

  /** @param pages Pages followed, where known. */
  finish(complete: boolean, pages?: number): Part<SessionList> | undefined {
    if (!this.#received) return undefined;
    if (this.#sessions.count > 0) this.#finishBlock();
    const digest = hash('sha256', [...this.#digests, complete ? 'complete' : 'more'].join(), 'base64url');
    const value = {
      blocks: this.#blocks,
      segments: this.#segmentBlocks,
      ids: this.#ids,
      complete,
      pages,
      parties: [...this.#parties.values()],
      health: this.#health,
    };
    return { digest, value };
  }

  #finishBlock(): void {
    const sessions = this.#sessions.finish();
    const segments = this.#segments.finish();
    this.#blocks.push(sessions.block);
    this.#segmentBlocks.push(segments.block);
    this.#digests.push(sessions.digest, segments.digest);
  }
}

/** Walks an array of segments and joins their stored forms. */
function segmentsText(scanner: Scanner): { text: EntityText; empty: boolean } {
  if (scanner.peek() === 0x6e) return { text: notReceived, empty: scanner.value(undefined) };
  const joined = new GrowingBytes();
  const edits: number[] = [];
  const before = scanner.edits.length;
  joined.append(brackets.opening);
  const empty = scanner.array(() => {
    if (joined.length > 1) joined.append(brackets.comma);
    const { bytes, start, end, edits: own } = walkEntity(scanner, storedTypes.segment);
    const at = joined.length;
    joined.append(bytes.subarray(start, end));
    for (let i = 0; i < own.length; i += 3) edits.push(own[i]! + at, own[i + 1]! + at, own[i + 2]!);
    scanner.edits.length = before;
  });
  joined.append(brackets.closing);
  const bytes = joined.take();
  return { text: { bytes, start: 0, end: bytes.length, ends: [], edits }, empty };
}

const brackets = { opening: Buffer.from('['), comma: Buffer.from(','), closing: Buffer.from(']') };

function textOf({ bytes, start, end }: EntityText): Buffer {
  return bytes.subarray(start, end);
}
