/** The values that a store's search index is written from. */
import { type CallFailures, outcomes } from '../contract/call-outcome.ts';
import { reasonKinds } from '../contract/failure.ts';
import type { OpenBlock } from '../wire/text/open-block.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { PeopleList } from './tokenizer.ts';
import type { FoundCall } from './search.ts';
import type { Edition } from './edition.ts';

/** An edition that readers see, with what the index needs. */
export interface IndexedEdition extends Pick<
  FoundCall,
  'callId' | 'version' | 'startTicks' | 'endTicks' | 'participants' | 'sessions' | 'incomplete'
> {
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

/** Bit 1: poor. Bit 2: incomplete, in PostgreSQL. Bits 3 to 5: the outcome. From bit 8 on: reasons. */
const [poorFlag, outcomeBits, reasonBits] = [2, 3, 8];

export function flagsOfHealth({ outcome, reasons, poor }: Omit<Health, 'failures'>): number {
  const reasonFlags = reasons.reduce((flags, kind) => flags | (1 << reasonKinds.indexOf(kind)), 0);
  return (poor ? poorFlag : 0) | (outcomes.indexOf(outcome) << outcomeBits) | (reasonFlags << reasonBits);
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
    failures: typeof failures === 'string' ? (JSON.parse(failures) as CallFailures) : undefined,
    poor: (flags & poorFlag) !== 0,
  };
}

/** Returns the text of the failures, stored beside the flags; null for most calls. */
export function failuresText({ failures }: Health): string | null {
  return failures === undefined ? null : JSON.stringify(failures);
}
