/**
 * Decides whether stored data is verified, unverified or missing, with the reason and time. Pure: the evidence is
 * passed in. docs/decisions/0036-three-states.md defines what each state asserts.
 */
import {
  type CompletenessState,
  type Standing,
  type StateReason,
  stateReasons,
  type TenantStanding,
} from '../../contract/completeness-state.ts';
import type { Changes } from '../../store/evidence.ts';
import type { Edition } from '../../store/edition.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import { formatMs, formatTicks } from '../../base/ticks.ts';

/** The parts of the last verification that states depend on. */
export interface Checked extends Pick<Changes, 'logChanges'> {
  readonly endedMs: number;
  /** The newest edition when it began: every call up to it was read. */
  readonly throughEdition: number;
  /** Damaged parts, and faults of the storage engine. */
  readonly damaged: number;
  /** Calls in which damage was found. */
  readonly damagedCalls: ReadonlySet<string>;
  /** False when there is damage that may or may not be in a call. */
  readonly isLocated: boolean;
  /** Calls that never received a list, without evidence that it has entries. */
  readonly withoutList: number;
}

/** The stored form. */
export type Basis = Omit<Checked, 'damagedCalls'> & { readonly damagedCalls: readonly string[] };

/** Restores the stored form. @param basis Absent in a report of an earlier release. */
export function checkedOf(basis: Basis | undefined): Checked | undefined {
  return basis && { ...basis, damagedCalls: new Set(basis.damagedCalls) };
}

export interface CallEvidence {
  readonly edition: Pick<
    Edition,
    'callId' | 'edition' | 'receivedMs' | 'lacking' | 'participants' | 'sessions'
  >;
  /** When upstream first listed a version that was not fetched; absent when there is none. */
  readonly queuedMs: number | undefined;
  /** True when a piece of the call larger than an entry was quarantined. */
  readonly isSetAside: boolean;
}

export function callStanding(
  {
    edition: { callId, edition, receivedMs, lacking, participants, sessions },
    queuedMs,
    isSetAside,
  }: CallEvidence,
  checked: Checked | undefined,
): Standing {
  const isRead = checked !== undefined && edition <= checked.throughEdition;
  if (isRead && checked.damagedCalls.has(callId)) return standing('damaged', checked.endedMs);
  if (lacking.length > 0) return standing(missingReason(lacking), receivedMs);
  if (queuedMs !== undefined) return standing('notFetched', queuedMs);
  if (isSetAside) return standing('setAside', receivedMs);
  if (participants === undefined || sessions === undefined) return standing('listNotReceived', receivedMs);
  if (checked === undefined) return standing('neverVerified', receivedMs);
  if (!isRead) return standing('changedSince', receivedMs);
  return checked.isLocated
    ? standing('checked', checked.endedMs)
    : standing('damageNotLocated', checked.endedMs);
}

/** Returns the reason. @param lacking The missing parts of an edition. */
export function missingReason(lacking: Edition['lacking']): 'recordMissing' | 'pagesMissing' | 'listMissing' {
  if (lacking.includes('record')) return 'recordMissing';
  return lacking.includes('participantPages') || lacking.includes('sessionPages')
    ? 'pagesMissing'
    : 'listMissing';
}

export interface StoredEvidence {
  /** True without calls and log rows. */
  readonly isEmpty: boolean;
  readonly changes: Changes;
  /** Calls that are incomplete, or have a version at upstream that was not fetched. */
  readonly incomplete: number;
  /** Quarantined pieces larger than an entry. */
  readonly setAside: number;
}

export function storedStanding(
  { isEmpty, changes, incomplete, setAside }: StoredEvidence,
  checked: Checked | undefined,
): Standing {
  if (checked !== undefined && checked.damaged > 0) return standing('damaged', checked.endedMs);
  if (incomplete > 0) return standing('callsIncomplete');
  if (setAside > 0) return standing('setAside');
  if (isEmpty) return standing('nothingStored');
  if (checked === undefined) return standing('neverVerified');
  const { throughEdition, logChanges, withoutList, endedMs } = checked;
  if (changes.lastEdition > throughEdition || changes.logChanges !== logChanges)
    return standing('changedSince', endedMs);
  return withoutList > 0 ? standing('listNotReceived') : standing('checked', endedMs);
}

/** The completely listed spans of a tenant's calls or of a log, and the time of the oldest stored data. */
export interface ListingEvidence {
  /** In order. */
  readonly spans: readonly ListedSpan[];
  /** When the oldest stored call or row began, in ticks; absent when there is none. */
  readonly oldestTicks: bigint | undefined;
}

interface HoursEvidence {
  readonly nowMs: number;
  /** The maximum age of the end of the listed spans. */
  readonly longestLagMs: number;
  readonly calls: ListingEvidence;
  readonly logs: readonly ListingEvidence[];
  /** When the first span starts that is known not to be listed. */
  readonly gapFrom: string | undefined;
}

export function hoursStanding({ nowMs, longestLagMs, calls, logs, gapFrom }: HoursEvidence): Standing {
  if (gapFrom !== undefined) return { ...standing('hoursNotListed'), sinceDateTime: gapFrom };
  const newest = calls.spans.at(-1);
  if (newest === undefined) return standing('neverListed');
  const outside = [calls, ...logs].find(isOutside);
  if (outside !== undefined) {
    const [first] = outside.spans;
    return { ...standing('outsideListing'), sinceDateTime: first ? formatTicks(first.from) : null };
  }
  const listedToMs = Number(newest.before / 10_000n);
  if (nowMs - listedToMs > longestLagMs) return standing('listedTooLongAgo', listedToMs);
  return standing('checked', newest.listedMs);
}

function isOutside({ spans: [first], oldestTicks }: ListingEvidence): boolean {
  return oldestTicks !== undefined && (first === undefined || oldestTicks < first.from);
}

/** The states, from best to worst. */
const order: readonly CompletenessState[] = ['verified', 'unverified', 'missing'];

export function tenantStanding(calls: Standing, hours: Standing): TenantStanding {
  return { ...worst([calls, hours]), calls, hours };
}

/** Returns the first of the worst states. @param standings At least one */
export function worst<T extends Standing>(standings: readonly T[]): T {
  return standings.reduce((a, b) => (order.indexOf(b.state) > order.indexOf(a.state) ? b : a));
}

function standing(reason: StateReason, sinceMs?: number): Standing {
  return {
    state: stateReasons[reason],
    reason,
    sinceDateTime: sinceMs === undefined ? null : formatMs(sinceMs),
  };
}
