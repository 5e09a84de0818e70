/** Reads everything that `show` prints of a call. */
import type { PersonQuality } from '../../analysis/quality.ts';
import type { PersonPanel } from '../../analysis/quality-panel.ts';
import { panelsOf, qualityOf } from '../../analysis/read-quality.ts';
import { readRoll } from '../../analysis/read-roll.ts';
import type { EndedSession, RollPerson } from '../../analysis/roll.ts';
import { formatMs, formatTicks } from '../../base/ticks.ts';
import type { CallCompleteness } from '../../contract/call-completeness.ts';
import { callCompleteness } from '../../maintain/verify/call-completeness.ts';
import type { Edition } from '../../store/edition.ts';
import { foundEdition } from '../../store/found-edition.ts';
import type { FoundCall } from '../../store/search.ts';
import type { CallRecordStore } from '../../store/store.ts';

/** A stored version of a call. */
interface ShownVersion {
  /** In digits, as it may exceed the safe integers. */
  readonly version: string;
  readonly modifiedDateTime: string | null;
  /** When the newest state of the version was received; null when that was not recorded. */
  readonly receivedDateTime: string | null;
}

/** A person on the roll, and how the person's media were. */
export interface FullPerson extends RollPerson {
  readonly quality: PersonQuality;
  /** Network, devices, client and rating, of the first people with poor media or a low rating; null of the others. */
  readonly panel: PersonPanel | null;
}

/** People whose panels are read and printed. */
const mostPanels = 10;
const lowRatings: ReadonlySet<string> = new Set(['bad', 'poor']);

/** Returns true when media were poor for a person, or the person rated them so. */
export function isPoorFor({ quality }: Pick<FullPerson, 'quality'>): boolean {
  return quality.verdict === 'poor' || lowRatings.has(quality.rating ?? '');
}

export interface CallInFull {
  readonly tenantId: string;
  readonly edition: Edition;
  /** The call as a search returns it; absent while its record was not received. */
  readonly call: FoundCall | undefined;
  readonly completeness: CallCompleteness;
  readonly versions: readonly ShownVersion[];
  readonly people: readonly FullPerson[];
  /** Null when no list of sessions was received. */
  readonly sessions: number | null;
  readonly endedSessions: readonly EndedSession[];
}

/** Reads a call. @returns `undefined` when it was dropped meanwhile */
export async function readCallInFull(
  store: CallRecordStore,
  tenantId: string,
  callId: string,
): Promise<CallInFull | undefined> {
  const roll = await readRoll(store, tenantId, callId);
  if (roll === undefined) return undefined;
  const { edition, sessionCount, endedSessions } = roll;
  const media = await qualityOf(store, edition);
  const rated = roll.people.map((person, i) => ({ ...person, quality: media[i]! })); // one for each person
  const needy = rated.filter(isPoorFor).slice(0, mostPanels);
  const panels = await panelsOf(
    store,
    edition,
    needy.map(({ index }) => index),
  );
  const panelOf = new Map(needy.map(({ index }, i) => [index, panels[i]]));
  const people = rated.map((person) => ({ ...person, panel: panelOf.get(person.index) ?? null }));
  return {
    ...{ tenantId, edition, people, endedSessions },
    call: await foundEdition(store, edition),
    completeness: await callCompleteness(store, edition, true),
    versions: versionsOf(await store.evidence.editions(tenantId, callId)),
    sessions: sessionCount,
  };
}

function versionsOf(editions: readonly Edition[]): readonly ShownVersion[] {
  // Ordered by version, then by arrival: the last edition of each version is its newest.
  return editions
    .filter(({ version }, i) => editions[i + 1]?.version !== version)
    .map(({ version, modifiedTicks, receivedMs }) => ({
      version: String(version),
      modifiedDateTime: modifiedTicks === undefined ? null : formatTicks(modifiedTicks),
      receivedDateTime: receivedMs === undefined ? null : formatMs(receivedMs),
    }));
}
