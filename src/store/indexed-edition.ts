/** The values that a store's search index is written from. */
import { type CallFailures, outcomes } from '../contract/call-outcome.ts';
import { reasonKinds } from '../contract/failure.ts';
import type { OpenBlock } from '../wire/text/open-block.ts';
import { userRatings } from '../contract/user-rating.ts';
import { type Health, ratingsOfBits } from '../wire/text/session-health.ts';
import type { PeopleList } from './tokenizer.ts';
import type { FoundCall } from './search.ts';
import type { Edition } from './edition.ts';
import { damageText, StoreDamaged } from './store-errors.ts';

/** An edition that readers see, with what the index needs. */
export interface IndexedEdition extends Pick<
  FoundCall,
  | 'callId'
  | 'version'
  | 'startTicks'
  | 'endTicks'
  | 'participants'
  | 'sessions'
  | 'incomplete'
  | 'isRollComplete'
> {
  /** The tenant that the people belong to or not. */
  readonly tenantId: string;
  readonly edition: number;
  /** Number of the call. */
  readonly call: number;
  readonly head: OpenBlock;
  readonly people: readonly PeopleList[];
  readonly health: Health;
}

export function participantsOf({ participants, found }: Edition): number {
  return (participants?.count ?? 0) + (found?.count ?? 0);
}

/** Returns true when every page of the list of participants was received. */
export function hasWholeRoll({ lacking }: Pick<Edition, 'lacking'>): boolean {
  return !lacking.includes('participantPages') && !lacking.includes('listMissing');
}

/**
 * Bit 1: poor. Bit 2: incomplete, in PostgreSQL. Bits 3 to 5: the outcome. Bit 6: a part of the roll is missing. From
 * bit 8 on: reasons. From bit 24 on: ratings.
 */
const [poorFlag, outcomeBits, partialRollFlag, reasonBits, ratingBits] = [2, 3, 64, 8, 24];
const everyRating = (1 << userRatings.length) - 1;

export function indexFlags(
  { outcome, reasons, poor, ratings }: Omit<Health, 'failures'>,
  isRollComplete: boolean,
): number {
  const reasonFlags = reasons.reduce((flags, kind) => flags | (1 << reasonKinds.indexOf(kind)), 0);
  const ratingFlags = ratings.reduce((flags, rating) => flags | (1 << userRatings.indexOf(rating)), 0);
  return (
    (poor ? poorFlag : 0) |
    (isRollComplete ? 0 : partialRollFlag) |
    (outcomes.indexOf(outcome) << outcomeBits) |
    (reasonFlags << reasonBits) |
    (ratingFlags << ratingBits)
  );
}

/**
 * Returns the health in an index row.
 *
 * @param failures As `failuresText` wrote them.
 */
export function healthOfFlags(flags: number, failures: unknown): Health {
  return {
    outcome: outcomes[(flags >> outcomeBits) & 7] ?? 'unknown',
    reasons: reasonKinds.filter((_, i) => ((flags >> reasonBits) & (1 << i)) !== 0),
    failures: typeof failures === 'string' ? parseFailures(failures) : undefined,
    poor: (flags & poorFlag) !== 0,
    ratings: ratingsOfBits((flags >> ratingBits) & everyRating),
  };
}

function parseFailures(text: string): CallFailures {
  let failures: Partial<CallFailures> = {};
  try {
    failures = JSON.parse(text) as CallFailures; // `failuresText` wrote it
  } catch {
    // It is damaged, as when a name of it is.
  }
  const { people, affected, reasons } = failures;
  const isWhole =
    Number.isInteger(people) &&
    Number.isInteger(affected) &&
    reasons?.every((one) => reasonKinds.includes(one.kind) && one.sessions > 0 && one.people >= 0) === true;
  if (!isWhole) throw new StoreDamaged(damageText('The search index'));
  return failures as CallFailures; // as checked
}

/** Returns from the flags whether every page of the list of participants was received. */
export function hasWholeRollOfFlags(flags: number): boolean {
  return (flags & partialRollFlag) === 0;
}

/** Returns the text of the failures, stored beside the flags; null for most calls. */
export function failuresText({ failures }: Health): string | null {
  return failures === undefined ? null : JSON.stringify(failures);
}
