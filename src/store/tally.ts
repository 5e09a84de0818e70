/** Counts of a tenant, written with what they count. Pure: every engine asks it. */

/** What is added to the counts of a tenant, in the order of their columns. */
export type TallyRow = readonly [
  calls: number,
  editions: number,
  participants: number,
  incomplete: number,
  found: number,
  versions: number,
  odd: number,
];

/** Sums to add such rows to. */
export function noTally(): number[] {
  return [0, 0, 0, 0, 0, 0, 0];
}

/** What an edition counts for while readers are given it. */
export interface EditionCounts {
  readonly participants: number;
  /** 1 where it lacks something. */
  readonly incomplete: number;
  readonly found: number;
  /** 1 where it has marks. */
  readonly odd: number;
}

/**
 * What an edition adds: one that readers are given takes the place of the one before in the counts; any other only is one
 * more.
 *
 * @param before What readers were given until it came; absent for the first of a call.
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

/** Sums of such rows. */
export function addTally(sums: number[], row: TallyRow): void {
  for (const [column, value] of row.entries()) sums[column]! += value;
}
