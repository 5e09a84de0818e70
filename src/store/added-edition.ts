/** What an addition adds to the counts of its tenant, in the order of the tally's columns. */
export type TallyRow = readonly [
  calls: number,
  editions: number,
  participants: number,
  incomplete: number,
  found: number,
  versions: number,
];

/** What came of an addition: when the call began and ended as of it, and what it adds to the counts. */
export interface AddedEdition {
  readonly startTicks: bigint | undefined;
  readonly endTicks: bigint | undefined;
  readonly tally: TallyRow;
}
