/**
 * Decides how far what is stored is proved complete: verified, unverified or missing, why, and since when. Pure: what a
 * state rests on comes in. docs/decisions/0036-three-states.md says what each state asserts.
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

/** The last verification, as far as states rest on it. */
export interface Checked extends Pick<Changes, 'logChanges'> {
  readonly endedMs: number;
  /** The newest edition when it began: every call up to it was read. */
  readonly throughEdition: number;
  /** Parts that are not what was stored, and faults of the storage engine. */
  readonly damaged: number;
  /** Calls in which damage was found. */
  readonly damagedCalls: ReadonlySet<string>;
  /** False when damage was found of which it is not known whether it is in a call. */
  readonly isLocated: boolean;
  /** Calls of which a list was never received, without a sign that it has entries. */
  readonly withoutList: number;
}

/** The same, as it is kept. */
export type Basis = Omit<Checked, 'damagedCalls'> & { readonly damagedCalls: readonly string[] };

/** @param basis Absent in what an earlier release kept. */
export function checkedOf(basis: Basis | undefined): Checked | undefined {
  return basis && { ...basis, damagedCalls: new Set(basis.damagedCalls) };
}

/** What is known of a call now. */
export interface CallEvidence {
  readonly edition: Pick<
    Edition,
    'callId' | 'edition' | 'receivedMs' | 'lacking' | 'participants' | 'sessions'
  >;
  /** When upstream was first seen to have a version that was not fetched; absent when it has none. */
  readonly queuedMs: number | undefined;
  /** True when something of the call that is larger than an entry was set aside. */
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

/** @param lacking Of an edition that lacks something. */
export function missingReason(lacking: Edition['lacking']): 'recordMissing' | 'pagesMissing' | 'listMissing' {
  if (lacking.includes('record')) return 'recordMissing';
  return lacking.includes('participantPages') || lacking.includes('sessionPages')
    ? 'pagesMissing'
    : 'listMissing';
}

/** What is known of a tenant's calls and rows of logs now. */
export interface StoredEvidence {
  /** Calls and rows of logs. */
  readonly isEmpty: boolean;
  readonly changes: Changes;
  /** Calls that lack something, or of which upstream has a version that was not fetched. */
  readonly incomplete: number;
  /** Pieces larger than an entry that were set aside. */
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

/** What was listed to its end of the calls of a tenant or of a log, and from when on something is stored. */
export interface ListingEvidence {
  /** In order. */
  readonly spans: readonly ListedSpan[];
  /** When the oldest that is stored began, in ticks; absent where nothing is. */
  readonly oldestTicks: bigint | undefined;
}

interface HoursEvidence {
  readonly nowMs: number;
  /** How old the end of what was listed may be. */
  readonly longestLagMs: number;
  readonly calls: ListingEvidence;
  readonly logs: readonly ListingEvidence[];
  /** When the first span begins that is known not to be listed. */
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

/** How bad a state is, from the best on. */
const order: readonly CompletenessState[] = ['verified', 'unverified', 'missing'];

export function tenantStanding(calls: Standing, hours: Standing): TenantStanding {
  return { ...worst([calls, hours]), calls, hours };
}

/** The first of the worst. @param standings At least one */
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
