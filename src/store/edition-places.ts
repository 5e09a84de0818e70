/**
 * Derives the position of each edition of a call from all its editions: which one is visible, and from when until when.
 * Pure: every backend calls it.
 */
import { formatOddities } from '../contract/oddities.ts';
import { canonicalId } from '../contract/ids.ts';
import { type EditionCounts, type TallyRow, tallyOf } from './tally.ts';
import { lackingBits } from './incompleteness.ts';
import { checkedDigest, flagsOf, type Row, type SQLOutput } from './rows.ts';
import type { Edition, StoredList } from './edition.ts';
import type { EditionRow } from './edition-row.ts';

interface EditionPlace {
  readonly edition: Edition;
  /** The edition that readers saw before; absent for the first. */
  readonly before: Edition | undefined;
  /** False for an edition of an older version: readers still see the newest. */
  readonly isNewest: boolean;
  /** Number of the edition that replaced it; its own number when readers never saw it. */
  readonly until: number | undefined;
  /** True when no earlier edition has the same list with the same start, so that the list must be indexed. */
  readonly isIndexed: boolean;
  /** The change of the tenant's counts. */
  readonly tally: TallyRow;
}

/**
 * Returns the edition that readers see.
 *
 * @param editions Editions of one call, in any order.
 */
export function newestOf(editions: readonly Edition[]): Edition | undefined {
  return editions.reduce<Edition | undefined>((last, one) => {
    if (last === undefined || one.version > last.version) return one;
    return one.version === last.version && one.edition > last.edition ? one : last;
  }, undefined);
}

/**
 * Returns the position of each edition.
 *
 * @param editions Every edition of a call, ordered by number.
 */
export function placesOf(editions: readonly Edition[]): readonly EditionPlace[] {
  const places: EditionPlace[] = [];
  const versions = new Set<bigint>();
  const indexed = new Set<string>();
  let newest: Edition | undefined;
  for (const edition of editions) {
    const before = newest;
    const isNewest = before === undefined || edition.version >= before.version;
    const key = `${edition.participants?.list} ${edition.startTicks ?? 0n}`;
    places.push({
      edition,
      before,
      isNewest,
      until: isNewest ? undefined : edition.edition,
      isIndexed: edition.participants !== undefined && !indexed.has(key),
      tally: tallyOf(countsOf(edition), isNewest, before && countsOf(before), !versions.has(edition.version)),
    });
    indexed.add(key);
    versions.add(edition.version);
    if (isNewest) newest = edition;
  }
  const taken = new Map(places.filter((one) => one.isNewest).map((one) => [one.before, one.edition.edition]));
  return places.map((one) => ({ ...one, until: one.until ?? taken.get(one.edition) }));
}

export function countsOf({ participants, lacking, found, odd }: Edition): EditionCounts {
  return {
    participants: participants?.count ?? 0,
    incomplete: Number(lacking.length > 0),
    found: found?.count ?? 0,
    odd: Number(odd.length > 0),
  };
}

/** Returns an edition's columns from `version` on, in the order in which both engines insert them. */
export function editionColumns({
  edition,
  head,
  headDigest,
  participantsDigest,
  sessionsDigest,
}: EditionRow): readonly SQLOutput[] {
  const { tenantId, callId, edition: number, version, digest, call, found } = edition;
  const { startTicks = null, endTicks = null, modifiedTicks = null, receivedMs = null } = edition;
  const participants = listColumns(edition.participants);
  const sessions = listColumns(edition.sessions);
  const foundColumns = found === undefined ? [null, 0] : [found.list, found.count];
  const lacking = lackingBits(edition.lacking);
  const odd = formatOddities(edition.odd) ?? null;
  // In the order of `editionOf`.
  const checked = checkedDigest(tenantId, callId, [
    ...[number, version, digest, call, startTicks, endTicks],
    ...[...participants, ...sessions, ...foundColumns],
    ...[modifiedTicks, receivedMs, lacking, odd],
  ]);
  const withDigest = (columns: Row, listDigest: string | undefined) => [
    ...columns.slice(0, 3),
    listDigest ?? null,
    ...columns.slice(3),
  ];
  return [
    ...[version, checked, startTicks, endTicks, modifiedTicks],
    ...[headDigest, head.textLength, head.crc, flagsOf(head), head.layout, head.body],
    ...withDigest(participants, participantsDigest),
    ...withDigest(sessions, sessionsDigest),
    ...[...foundColumns, lacking, receivedMs, odd],
  ];
}

function listColumns(list: StoredList | undefined): Row {
  if (list === undefined) return [null, 0, null, null];
  return [list.list, list.count, Number(list.complete), list.pages ?? null];
}

/**
 * Returns the keys of ids with their first index in a list; entries without an id have none.
 *
 * @param keyOf Returns the key that rows are stored under.
 */
export function firstPlaces(
  ids: readonly (string | undefined)[],
  keyOf = canonicalId,
): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const [position, id] of ids.entries()) {
    if (id === undefined) continue;
    const key = keyOf(id);
    if (!first.has(key)) first.set(key, position);
  }
  return first;
}

/** Returns the key of an id in the form that earlier releases wrote. */
export function idAsReceived(id: string): string {
  return id;
}
