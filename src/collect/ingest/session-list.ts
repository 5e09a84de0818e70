/** Builds the blocks of sessions during the walk, and separate blocks of their segments. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Part, type SessionList, sessionsPerBlock } from '../../store/received-call.ts';
import type { Block } from '../../wire/text/block.ts';
import { BlockBuilder, packing } from '../../wire/text/block-builder.ts';
import { type EntityText, entityText, storedRules } from '../../wire/text/entity.ts';
import { OpenBlock } from '../../wire/text/open-block.ts';
import type { MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { findingsOf, HealthTally, personIds, type SessionFindings } from '../../wire/text/session-health.ts';
import { partiesOf, type SessionParty } from '../../wire/text/session-parties.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { parseTicks } from '../../base/ticks.ts';
import { withBareNumbers } from './bare-numbers.ts';
import { entryId } from './entry-id.ts';
import { HeldEntries } from './held-entries.ts';
import { maxEntries } from './limits.ts';
import { OddEntries } from './odd-entries.ts';
import { entryDepth } from './participant-list.ts';
import { SegmentsText } from './segments-text.ts';

export class SessionListBuilder {
  readonly #sessions = new BlockBuilder(packing.thorough);
  readonly #segments = new BlockBuilder(packing.thorough);
  readonly #blocks: Block[] = [];
  readonly #segmentBlocks: Block[] = [];
  readonly #digests: string[] = [];
  readonly #ids: (string | undefined)[] = [];
  readonly #entries = new OddEntries();
  readonly #held = new HeldEntries((place) => this.#textAt(place));
  #read: readonly [OpenBlock, OpenBlock] | undefined;
  #stored = 0;
  readonly #parties = new Map<string, SessionParty>();
  readonly #health = new HealthTally();
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

  /** Walks the value of `sessions`; null means that none were received. */
  walk(scanner: Scanner): boolean {
    if (scanner.peek() === 0x6e) return scanner.value(undefined);
    if (scanner.peek() !== 0x5b) {
      this.#entries.setAsideValue(scanner, 'sessions', 'sessions is not a list.', 'page');
      return false;
    }
    this.#received = true;
    return scanner.array(() => this.#walkOne(scanner));
  }

  /** Adds an entry of a page unless the list holds it already: a session's id may repeat in a call, so its text decides. */
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
    this.#entries.walk(scanner, 'sessions', 'A session', () => this.#walkObject(scanner));
  }

  #walkObject(scanner: Scanner): void {
    const spacedAround = scanner.spaced;
    scanner.spaced = false;
    const entries = this.#entries;
    const segments = new SegmentsText(entries);
    const collected: MemberText[] = [];
    const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
    const walkSegments = () => {
      entries.take(scanner, 'sessions');
      const { spaced } = scanner;
      const isEmpty = segments.walk(scanner);
      scanner.spaced = spaced;
      return isEmpty;
    };
    scanner.noted.failures.length = 0;
    scanner.noted.suspect = false;
    scanner.noted.ratings = 0;
    const quotedBefore = scanner.quoted.length;
    scanner.object(storedTypes.session.members, collected, new Map([['segments', walkSegments]]));
    const bare = withBareNumbers(scanner, walked.start, quotedBefore);
    if (bare !== undefined) {
      entries.dropEntry();
      scanner.edits.length = walked.editsBefore;
      scanner.spaced = spacedAround;
      this.#walkObject(bare);
      return;
    }
    const beside = segments.take();
    const findings = findingsOf(scanner, () => textOf(beside));
    const text = entityText(scanner, storedTypes.session, { ...walked, spaced: scanner.spaced });
    scanner.edits.length = walked.editsBefore;
    scanner.spaced = spacedAround; // text between the entries is not stored
    const id = entryId(scanner, collected, entries, 'sessions');
    entries.take(scanner, 'sessions');
    this.#add(id, text, beside, findings);
  }

  /** Adds a session unless the list holds it already. */
  #add(id: string | undefined, text: EntityText, segments: EntityText, findings: SessionFindings): void {
    const place = this.#ids.length;
    const [own, beside] = [textOf(text), textOf(segments)];
    const held = this.#held.add(crc32(beside, crc32(own)), place, () => Buffer.concat([own, beside]));
    if (held !== undefined) {
      this.#entries.dropEntry();
      if (held >= this.#stored) this.#entries.note('sessions', 'repeatedAcrossPages', held);
      return;
    }
    if (place >= maxEntries)
      throw new TextError(`A call lists more than ${maxEntries} sessions.`, 'notWanted');
    this.#entries.keepEntry(place);
    this.#sessions.add(text);
    this.#segments.add(segments);
    this.#ids.push(id);
    const parties = [...partiesOf(text.bytes, (region) => text.start + text.ends[region]!)];
    for (const party of parties) {
      const key = `${party.ids[0]!}\n${party.isCallee}`;
      if (!this.#parties.has(key)) this.#parties.set(key, party);
    }
    this.#health.add(findings, personIds(parties));
    if (this.#sessions.count === sessionsPerBlock) this.#finishBlock();
  }

  /** Returns the text of a session with that of its segments. */
  #textAt(place: number): Buffer {
    const read = this.#openAt(place);
    const at = place % sessionsPerBlock;
    const segments = read?.[1].entity(at) ?? this.#segments.textOf(at);
    return Buffer.concat([this.#sessionAt(place), segments]);
  }

  #sessionAt(place: number): Buffer {
    const at = place % sessionsPerBlock;
    return this.#openAt(place)?.[0].entity(at) ?? this.#sessions.textOf(at);
  }

  /** Returns the blocks of a session; `undefined` while they are being built. */
  #openAt(place: number): readonly [OpenBlock, OpenBlock] | undefined {
    const no = Math.floor(place / sessionsPerBlock);
    const [sessions, segments] = [this.#blocks[no], this.#segmentBlocks[no]];
    if (sessions === undefined || segments === undefined) return undefined;
    if (this.#read?.[0].block !== sessions) this.#read = [new OpenBlock(sessions), new OpenBlock(segments)];
    return this.#read;
  }

  /** Returns the earliest start of a session from their text, for calls without a start. */
  earliestStart(): bigint | undefined {
    let earliest: bigint | undefined;
    for (let place = 0; place < this.count; place++) {
      // Stored text is JSON.
      const { startDateTime } = JSON.parse(this.#sessionAt(place).toString()) as Readonly<
        Record<string, unknown>
      >;
      const ticks = typeof startDateTime === 'string' ? parseTicks(startDateTime) : undefined;
      if (ticks !== undefined && (earliest === undefined || ticks < earliest)) earliest = ticks;
    }
    return earliest;
  }

  /** Finishes the list. @param pages The number of pages followed, if known. */
  finish(complete: boolean, pages?: number): Part<SessionList> | undefined {
    if (!this.#received) return undefined;
    if (this.#sessions.count > 0) this.#finishBlock();
    const digest = hash('sha256', [...this.#digests, complete ? 'complete' : 'more'].join(), 'base64url');
    const { odd, setAside } = this;
    const value = {
      blocks: this.#blocks,
      segments: this.#segmentBlocks,
      ids: this.#ids,
      ...{ complete, pages, odd, setAside },
      parties: [...this.#parties.values()],
      health: this.#health.result(),
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

function textOf({ bytes, start, end }: EntityText): Buffer {
  return bytes.subarray(start, end);
}
