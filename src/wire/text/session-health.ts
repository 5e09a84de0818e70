/** Decides from stored text how sessions ended and whether their media were poor. */
import { classifyStream } from '../../contract/call-quality.ts';
import { type CallOutcome, OutcomeTally, unknownOutcome } from '../../contract/call-outcome.ts';
import { type UserRating, userRatings } from '../../contract/user-rating.ts';
import { decidingFailure, type SessionFailure, failureOf } from '../../contract/failure.ts';
import type { Block } from './block.ts';
import { OpenBlock } from './open-block.ts';
import { Scanner } from './scanner.ts';
import { partiesOf, type SessionParty } from './session-parties.ts';
import { storedTypes } from './stored-types.ts';

export interface Health extends CallOutcome {
  /** True when a media stream was poor (contract/call-quality.ts). */
  readonly poor: boolean;
  /** Ratings that users gave, the worst first. */
  readonly ratings: readonly UserRating[];
}

/** The health of a call without sessions. */
export const noSessions: Health = { ...unknownOutcome, poor: false, ratings: [] };

/** The findings in one session. */
interface SessionFindings {
  /** Each `failureInfo` of the session and of its segments. */
  readonly failures: readonly SessionFailure[];
  readonly poor: boolean;
  /** Bits by the index of each rating. */
  readonly ratings: number;
}

/** Accumulates the health of a call, session by session. */
export class HealthTally {
  readonly #outcome = new OutcomeTally();
  #poor = false;
  #ratings = 0;

  /**
   * Adds a session.
   *
   * @param people Ids of the caller and the callee.
   */
  add({ failures, poor, ratings }: SessionFindings, people: readonly string[]): void {
    this.#outcome.add(people, decidingFailure(failures));
    this.#poor ||= poor;
    this.#ratings |= ratings;
  }

  result(): Health {
    return { ...this.#outcome.result(), poor: this.#poor, ratings: ratingsOfBits(this.#ratings) };
  }
}

/**
 * Returns the findings in a session that a scanner has walked.
 *
 * @param scanner Its `noted` covers only this session.
 * @param segments The session's segments as JSON text, read only when a metric in them is beyond a limit.
 */
export function findingsOf(scanner: Scanner, segments: () => Buffer): SessionFindings {
  const { suspect, ratings } = scanner.noted;
  return { failures: failuresOf(scanner), poor: suspect && isPoor(segments()), ratings };
}

const none: readonly SessionFailure[] = [];

function failuresOf({ bytes, noted: { failures } }: Scanner): readonly SessionFailure[] {
  if (failures.length === 0) return none;
  const found: SessionFailure[] = [];
  for (let i = 0; i < failures.length; i += 2) {
    // The scanner's walk has checked that it is JSON.
    const text = bytes.toString('utf8', failures[i], failures[i + 1]);
    found.push(failureOf(JSON.parse(text) as Readonly<Record<string, unknown>>));
  }
  return found;
}

export function ratingsOfBits(bits: number): readonly UserRating[] {
  return bits === 0 ? notRated : userRatings.filter((_, i) => (bits & (1 << i)) !== 0);
}

const notRated: readonly UserRating[] = [];

/** Returns the health of stored sessions, given as blocks with the blocks of their segments. */
export function storedHealth(sessions: Iterable<Block>, segments: readonly Block[]): Health {
  const tally = new HealthTally();
  let no = 0;
  for (const block of sessions) addStored(tally, block, segments[no++]);
  return tally.result();
}

/** Adds a block of stored sessions. */
export function addStored(tally: HealthTally, sessions: Block, segments: Block | undefined): void {
  const own = new OpenBlock(sessions);
  const beside = segments === undefined ? undefined : new OpenBlock(segments);
  const { starts, regions, regionEnds } = own.layout;
  for (let i = 0; i < starts.length; i++) {
    const session = findingsIn(own.entity(i), false);
    const part =
      beside === undefined || i >= beside.layout.starts.length
        ? undefined
        : findingsIn(beside.entity(i), true);
    const failures = [...session.failures, ...(part?.failures ?? none)];
    const parties = partiesOf(own.text, (region) => regionEnds[i * regions + region]!);
    const poor = session.poor || part?.poor === true;
    const ratings = session.ratings | (part?.ratings ?? 0);
    tally.add({ failures, poor, ratings }, personIds(parties));
  }
}

/** Returns the ids of the people in a session: the first id of each party. */
export function personIds(parties: Iterable<SessionParty>): readonly string[] {
  return Array.from(parties, ({ ids }) => ids[0]!);
}

function findingsIn(text: Buffer, isSegments: boolean): SessionFindings {
  const scanner = new Scanner(text);
  if (isSegments && scanner.peek() === 0x5b) scanner.array(() => scanner.object(storedTypes.segment.members));
  else if (!isSegments) scanner.object(storedTypes.session.members);
  return findingsOf(scanner, () => (isSegments ? text : noSegments));
}

const noSegments = Buffer.from('[]');

function isPoor(segments: Buffer): boolean {
  // The scanner's walk has checked that it is JSON.
  return objectsIn(JSON.parse(segments.toString())).some((segment) =>
    objectsIn(segment['media']).some((media) =>
      objectsIn(media['streams']).some((stream) => classifyStream(media['label'], stream) === 'poor'),
    ),
  );
}

function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.filter(
    (item): item is Readonly<Record<string, unknown>> => typeof item === 'object' && item !== null,
  );
}
