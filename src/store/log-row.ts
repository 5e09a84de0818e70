/** Rows of the logs of PSTN, direct routing and SMS calls. */

/** A row of one of the logs, in stored form. */
export interface LogRow {
  /** Simple name of the row's type: `pstnCallLogRow`. */
  readonly kind: string;
  /** The time its log is asked for by, in ticks; 0 when the row has none. */
  readonly ticks: bigint;
  /** What tells it from every other row of its kind at that time. */
  readonly id: string;
  readonly text: Uint8Array;
}

export interface LogQuery {
  readonly kind: string;
  readonly from: bigint;
  readonly before: bigint;
  /** Rows to pass over. */
  readonly skip: number;
  readonly limit: number;
}
