/**
 * Decides which subscriptions of a tenant a new edition of a call may concern, by the participants in it. Pure: both engines
 * call it, and ask their index of participants for what earlier editions had.
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
  /** Canonical ids of its filter; `undefined` without one. */
  readonly participantIds: ReadonlySet<string> | undefined;
}

/** A new edition of a call, as subscriptions may be notified of it. */
export interface CallChange {
  readonly edition: EditionState & {
    readonly callId: string;
    readonly endTicks: bigint | undefined;
    /** Number of the call. */
    readonly call: number;
  };
  /** Every edition of the call that the store had. */
  readonly before: readonly KnownEdition[];
  /** Ids of those in it, received or inferred. */
  readonly participantIds: () => Iterable<string | undefined>;
}

/** Where the index has an id that was asked for: in a list of received participants or, negative, of an edition's inferred ones. */
export interface ListedParticipant {
  /** As it is keyed. */
  readonly id: string;
  readonly list: number;
}

/** The subscriptions of a tenant, found by the participants that they are filtered by. */
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

  /** @returns Those whose filter the edition passes, where readers may be given it; in the order of their numbers. */
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

/** Listeners of tenants as they last were: they rarely change from one transaction to the next. */
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
 * What the index of participants is asked for, to tell whose filters earlier editions passed.
 *
 * @returns No ids where there is nothing to tell.
 */
export function earlierParticipants(
  concerned: readonly ChangeListener[],
  before: readonly KnownEdition[],
): { readonly ids: readonly string[]; readonly starts: readonly bigint[] } {
  const starts = [...new Set(before.flatMap(({ startTicks }) => startTicks ?? []))];
  const ids = new Set(starts.length === 0 ? [] : concerned.flatMap((one) => [...(one.participantIds ?? [])]));
  return { ids: [...ids].flatMap((id) => [id, ...otherKeysOf(id)]), starts };
}

/** @param listed What the index has of `earlierParticipants`. */
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
  // The edition itself passes: it is why the subscription is concerned.
  return (one) => one.edition === edition.edition || passing.has(one.edition);
}

/** Ids of a filter as a column keeps them. */
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
