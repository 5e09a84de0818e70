/** Counts of a tenant, written in the transaction of the counted rows. Pure: every engine calls it. */

/** Additions to the counts of a tenant, in the order of their columns. */
export type TallyRow = readonly [
  calls: number,
  editions: number,
  participants: number,
  incomplete: number,
  found: number,
  versions: number,
  odd: number,
];

/** Returns sums of zero. */
export function noTally(): number[] {
  return [0, 0, 0, 0, 0, 0, 0];
}

/** The counts of one edition while readers see it. */
export interface EditionCounts {
  readonly participants: number;
  /** 1 when it has missing parts. */
  readonly incomplete: number;
  readonly found: number;
  /** 1 when it has oddities. */
  readonly odd: number;
}

/**
 * Returns the change of the counts: an edition that readers see replaces the one before; any other only counts as an
 * edition.
 *
 * @param before The edition that readers saw before; absent for the first of a call.
 */
export function tallyOf(
  edition: EditionCounts,
  isNewest: boolean,
  before: EditionCounts | undefined,
  isNewVersion: boolean,
): TallyRow {
  const versions = Number(isNewVersion);
  if (!isNewest) return [0, 1, 0, 0, 0, versions, 0];
  const { participants, incomplete, found, odd } = before ?? nothing;
  return [
    before === undefined ? 1 : 0,
    1,
    edition.participants - participants,
    edition.incomplete - incomplete,
    edition.found - found,
    versions,
    edition.odd - odd,
  ];
}

const nothing: EditionCounts = { participants: 0, incomplete: 0, found: 0, odd: 0 };

/** Adds a row to the sums. */
export function addTally(sums: number[], row: TallyRow): void {
  for (const [column, value] of row.entries()) sums[column]! += value;
}
