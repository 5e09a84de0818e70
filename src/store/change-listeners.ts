/**
 * Finds the subscriptions of a tenant that a new edition of a call may concern, by its participants. Pure: both engines
 * call it, and query their index of participants for earlier editions.
 */
import { canonicalId, otherKeysOf } from '../contract/ids.ts';
import { type EditionState, isOfNewest, type Passes } from './call-changes.ts';
import type { KnownEdition } from './next-edition.ts';

/** The columns of a subscription that decide which changes it is notified of. */
interface ListenerRow {
  readonly subscriptionNo: number;
  readonly changeType: string;
  readonly since: number;
  readonly endpointNo: number;
  readonly participantIds: string | undefined;
}

export interface ChangeListener extends Omit<ListenerRow, 'participantIds'> {
  /** Canonical ids in its filter; `undefined` without a filter. */
  readonly participantIds: ReadonlySet<string> | undefined;
}

/** A new edition of a call, in the form that subscriptions are checked against. */
export interface CallChange {
  readonly edition: EditionState & {
    readonly callId: string;
    readonly endTicks: bigint | undefined;
    /** Number of the call. */
    readonly call: number;
  };
  /** Every edition of the call that the store had. */
  readonly before: readonly KnownEdition[];
  /** Ids of the participants in it, received or inferred. */
  readonly participantIds: () => Iterable<string | undefined>;
}

/** A row of the participant index: the list that has the id. An edition's inferred list has a negative number. */
export interface ListedParticipant {
  /** The key that the id is indexed under. */
  readonly id: string;
  readonly list: number;
}

/** Indexes the subscriptions of a tenant by the participants in their filters. */
export class ChangeListeners {
  readonly #listeners: readonly ChangeListener[];
  readonly #byId = new Map<string, ChangeListener[]>();

  constructor(rows: readonly ListenerRow[]) {
    this.#listeners = rows.map((row) => ({ ...row, participantIds: idSetOf(row.participantIds) }));
    for (const listener of this.#listeners) {
      for (const id of listener.participantIds ?? []) {
        const others = this.#byId.get(id);
        if (others === undefined) this.#byId.set(id, [listener]);
        else others.push(listener);
      }
    }
  }

  /**
   * Returns the subscriptions whose filter the edition passes, ordered by number; none when readers may not see the
   * edition.
   */
  concernedBy({ edition, before, participantIds }: CallChange): readonly ChangeListener[] {
    if (this.#listeners.length === 0 || !isOfNewest(edition, before)) return [];
    if (this.#byId.size === 0) return this.#listeners;
    const filtered = new Set<ChangeListener>();
    for (const id of participantIds())
      for (const listener of (id !== undefined && this.#byId.get(canonicalId(id))) || [])
        filtered.add(listener);
    return this.#listeners.filter((one) => one.participantIds === undefined || filtered.has(one));
  }
}

/** Caches the listeners of each tenant: they rarely change from one transaction to the next. */
export class KnownListeners {
  readonly #known = new Map<number, { rows: readonly ListenerRow[]; listeners: ChangeListeners }>();

  of(tenantNo: number, rows: readonly ListenerRow[]): ChangeListeners {
    const known = this.#known.get(tenantNo);
    if (known?.rows.length === rows.length && known.rows.every((row, i) => isSameRow(row, rows[i]!)))
      return known.listeners;
    if (this.#known.size >= mostTenants) this.#known.clear();
    const listeners = new ChangeListeners(rows);
    this.#known.set(tenantNo, { rows, listeners });
    return listeners;
  }
}

const mostTenants = 100;

function isSameRow(a: ListenerRow, b: ListenerRow): boolean {
  return (
    a.subscriptionNo === b.subscriptionNo &&
    a.endpointNo === b.endpointNo &&
    a.since === b.since &&
    a.changeType === b.changeType &&
    a.participantIds === b.participantIds
  );
}

/**
 * Returns the participant ids to look up in order to know which filters the earlier editions passed.
 *
 * @returns No ids when no lookup is needed.
 */
export function earlierParticipants(
  concerned: readonly ChangeListener[],
  before: readonly KnownEdition[],
): { readonly ids: readonly string[]; readonly starts: readonly bigint[] } {
  const starts = [...new Set(before.flatMap(({ startTicks }) => startTicks ?? []))];
  const ids = new Set(starts.length === 0 ? [] : concerned.flatMap((one) => [...(one.participantIds ?? [])]));
  return { ids: [...ids].flatMap((id) => [id, ...otherKeysOf(id)]), starts };
}

/**
 * Returns a function that tells whether an edition passes the filter of a subscription.
 *
 * @param listed The index rows of the ids that `earlierParticipants` returned.
 */
export function passesOf(
  { participantIds }: ChangeListener,
  { edition, before }: Pick<CallChange, 'edition' | 'before'>,
  listed: readonly ListedParticipant[],
): Passes {
  if (participantIds === undefined) return () => true;
  const lists = new Set(listed.flatMap(({ id, list }) => (participantIds.has(canonicalId(id)) ? list : [])));
  const passing = new Set(
    before
      .filter((one) => lists.has(one.participantsList ?? 0) || lists.has(-one.edition))
      .map((one) => one.edition),
  );
  // The new edition passes, because `concernedBy` returned the subscription.
  return (one) => one.edition === edition.edition || passing.has(one.edition);
}

/** Formats the ids of a filter as the text of a column. */
export function formatIds(ids: readonly string[] | undefined): string | undefined {
  return ids && JSON.stringify(ids);
}

export function parseIds(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as string[]); // as `formatIds` writes it
}

function idSetOf(text: string | undefined): ReadonlySet<string> | undefined {
  const ids = parseIds(text);
  return ids && new Set(ids);
}
