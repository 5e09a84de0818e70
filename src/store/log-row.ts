/** Rows of the logs of PSTN, direct routing and SMS calls. */

/** A row of one of the logs, in stored form. */
export interface LogRow {
  /** Simple name of the row's type: `pstnCallLogRow`. */
  readonly kind: string;
  /** The time that queries of its log filter by, in ticks; 0 when the row has none. */
  readonly ticks: bigint;
  /** Distinguishes it from every other row of its kind at that time. */
  readonly id: string;
  readonly text: Uint8Array;
}

export interface LogQuery {
  readonly kind: string;
  readonly from: bigint;
  readonly before: bigint;
  /** Rows to skip. */
  readonly skip: number;
  readonly limit: number;
  /** True for the newest row first, and among rows of one time the last id first; the default is the opposite order. */
  readonly newestFirst?: boolean;
}
