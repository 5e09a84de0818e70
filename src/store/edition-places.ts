/** What the editions of a call are to one another, told from all of them. Pure: every backend asks it. */
import { type EditionCounts, type TallyRow, tallyOf } from './tally.ts';
import { lackingBits } from './lacking.ts';
import { checkedDigest, flagsOf, type Row, type SQLOutput } from './rows.ts';
import type { Edition } from './store.ts';
import type { EditionContent } from './transfer.ts';

export interface EditionPlace {
  readonly edition: Edition;
  /** What readers were given until this edition came; absent for the first. */
  readonly before: Edition | undefined;
  /** False for an edition of an older version: readers went on with the newest. */
  readonly isNewest: boolean;
  /** The edition that took its place; its own number when it never had one. */
  readonly until: number | undefined;
  /** Its list is to be found by a start that no edition before had with it. */
  readonly isIndexed: boolean;
  /** What it adds to the counts. */
  readonly tally: TallyRow;
}

/** The edition that readers are given, of those of a call in the order of their numbers. */
export function newestOf(editions: readonly Edition[]): Edition | undefined {
  return editions.reduce<Edition | undefined>(
    (last, one) => (last === undefined || one.version >= last.version ? one : last),
    undefined,
  );
}

/** @param editions Every edition of a call, in the order of their numbers. */
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

function countsOf({ participants, lacking, found }: Edition): EditionCounts {
  return {
    participants: participants?.count ?? 0,
    incomplete: Number(lacking.length > 0),
    found: found?.count ?? 0,
  };
}

/** An edition's columns from its version on, in the order in which both engines add them. */
export function editionColumns(edition: Edition, content: EditionContent): readonly SQLOutput[] {
  const { participants, sessions, found } = edition;
  const { head } = content;
  const list = (one: Edition['participants'], digest: string | undefined) =>
    one === undefined
      ? [null, 0, null, null, null]
      : [one.list, one.count, Number(one.complete), digest ?? null, one.pages ?? null];
  const columns = {
    head: [
      ...[edition.startTicks ?? null, edition.endTicks ?? null, edition.modifiedTicks ?? null],
      ...[content.headDigest, head.textLength, head.crc, flagsOf(head), head.layout, head.body],
    ],
    participants: list(participants, content.participantsDigest),
    sessions: list(sessions, content.sessionsDigest),
    found: found === undefined ? [null, 0] : [found.list, found.count],
    lacking: lackingBits(edition.lacking),
    receivedMs: edition.receivedMs ?? null,
  };
  return [edition.version, digestColumn(edition, columns), ...columnsFromHead(columns)];
}

/** An edition's columns by what they are of: of the head three times, its digest and its block. */
export interface EditionColumns {
  readonly head: Row;
  /** List, count, completeness, digest and pages; likewise of sessions. */
  readonly participants: Row;
  readonly sessions: Row;
  readonly found: Row;
  readonly lacking: number;
  readonly receivedMs: number | null;
}

/** Those after the digest, in the order in which both engines add them. */
export function columnsFromHead(columns: EditionColumns): readonly SQLOutput[] {
  const { head, participants, sessions, found, lacking, receivedMs } = columns;
  return [...head, ...participants, ...sessions, ...found, lacking, receivedMs];
}

/** The digest of an edition as its column has it. */
export function digestColumn(
  edition: Pick<Edition, 'tenantId' | 'callId' | 'edition' | 'version' | 'digest' | 'call'>,
  { head, participants, sessions, found, lacking, receivedMs }: EditionColumns,
): string {
  const { tenantId, callId, edition: number, version, digest, call } = edition;
  const [startTicks = null, endTicks = null, modifiedTicks = null] = head;
  const list = ([no = null, count = null, complete = null, , pages = null]: Row) => [
    no,
    count,
    complete,
    pages,
  ];
  return checkedDigest(tenantId, callId, [
    ...[number, version, digest, call, startTicks, endTicks],
    ...[...list(participants), ...list(sessions), ...found],
    ...[modifiedTicks, receivedMs, lacking],
  ]);
}

/** Ids by their first place in a list. */
export function firstPlaces(ids: readonly string[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const [position, id] of ids.entries()) if (!first.has(id)) first.set(id, position);
  return first;
}

/** Numbers of the lists whose blocks an edition is carried with; found ones always came with it. */
export function carriedLists({ edition, isIndexed }: EditionPlace) {
  const { participants, sessions, found } = edition;
  return {
    participants: isIndexed ? participants?.list : undefined,
    sessions: sessions?.list === edition.edition ? sessions.list : undefined,
    found: found?.list,
  };
}
