/** What the search index of a store is written from. */
import type { OpenBlock } from '../wire/text/open-block.ts';
import type { Health } from '../wire/text/session-health.ts';
import type { PeopleList } from './tokenizer.ts';
import type { FoundCall } from './search.ts';
import type { Edition } from './edition.ts';

/** An edition that readers are given, as it is indexed. */
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

/** Bit 0: failed; bit 1: poor. */
export function flagsOfHealth({ failed, poor }: Health): number {
  return (failed ? 1 : 0) | (poor ? 2 : 0);
}

export function healthOfFlags(flags: number): Health {
  return { failed: (flags & 1) !== 0, poor: (flags & 2) !== 0 };
}
