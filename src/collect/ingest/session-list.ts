/** Builds the blocks of sessions during the walk, and separate blocks of their segments. */
import { type Part, type SessionList, sessionsPerBlock } from '../../store/received-call.ts';
import { packing } from '../../wire/text/block-builder.ts';
import { entityText } from '../../wire/text/entity.ts';
import type { MemberText } from '../../wire/text/members.ts';
import type { Scanner } from '../../wire/text/scanner.ts';
import { findingsOf, HealthTally, personIds } from '../../wire/text/session-health.ts';
import { partiesOf, type SessionParty } from '../../wire/text/session-parties.ts';
import { storedTypes } from '../../wire/text/stored-types.ts';
import { parseTicks } from '../../base/ticks.ts';
import { withBareNumbers } from './bare-numbers.ts';
import { BlockList } from './block-list.ts';
import { entryId } from './entry-id.ts';
import { ListBuilder, textOf } from './list-builder.ts';
import { SegmentsText } from './segments-text.ts';

export class SessionListBuilder extends ListBuilder<SessionList> {
  readonly #sessions: BlockList;
  readonly #segments: BlockList;
  readonly #parties = new Map<string, SessionParty>();
  readonly #health = new HealthTally();

  constructor() {
    const sessions = new BlockList(sessionsPerBlock, packing.thorough);
    const segments = new BlockList(sessionsPerBlock, packing.thorough);
    super({ name: 'sessions', part: 'sessions', one: 'A session' }, [sessions, segments]);
    this.#sessions = sessions;
    this.#segments = segments;
  }

  protected override walkObject(scanner: Scanner): void {
    const spacedAround = scanner.spaced;
    scanner.spaced = false;
    const { entries } = this;
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
      this.walkObject(bare);
      return;
    }
    const beside = segments.take();
    const findings = findingsOf(scanner, () => textOf(beside));
    const text = entityText(scanner, storedTypes.session, { ...walked, spaced: scanner.spaced });
    scanner.edits.length = walked.editsBefore;
    scanner.spaced = spacedAround; // text between the entries is not stored
    const id = entryId(scanner, collected, entries, 'sessions');
    entries.take(scanner, 'sessions');
    if (!this.add(id, [text, beside])) return;
    const parties = [...partiesOf(text.bytes, (region) => text.start + text.ends[region]!)];
    for (const party of parties) {
      const key = `${party.ids[0]!}\n${party.isCallee}`;
      if (!this.#parties.has(key)) this.#parties.set(key, party);
    }
    this.#health.add(findings, personIds(parties));
  }

  /** Returns the earliest start of a session from their text, for calls without a start. */
  earliestStart(): bigint | undefined {
    let earliest: bigint | undefined;
    for (let place = 0; place < this.count; place++) {
      // Stored text is JSON.
      const { startDateTime } = JSON.parse(this.#sessions.textAt(place).toString()) as Readonly<
        Record<string, unknown>
      >;
      const ticks = typeof startDateTime === 'string' ? parseTicks(startDateTime) : undefined;
      if (ticks !== undefined && (earliest === undefined || ticks < earliest)) earliest = ticks;
    }
    return earliest;
  }

  override finish(complete: boolean, pages?: number): Part<SessionList> | undefined {
    if (!this.isReceived) return undefined;
    const digest = this.end(complete);
    const { ids, odd, setAside } = this;
    const value = {
      blocks: this.#sessions.blocks,
      segments: this.#segments.blocks,
      ...{ ids, complete, pages, odd, setAside },
      parties: [...this.#parties.values()],
      health: this.#health.result(),
    };
    return { digest, value };
  }
}
