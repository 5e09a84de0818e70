/** Defines edits of text: which ones a walk records, and what replaces the text of each. */

/** The changes that a walk records as edits; `edits.ts` applies them. */
export interface EditRules {
  /** `Prefer: omit-values=nulls`: cut nulls, empty arrays and the empty objects that result. */
  readonly omitNulls: boolean;
  /** Mask enum names beyond the sentinel as `unknownFutureValue`. */
  readonly maskEnums: boolean;
  /** `odata.metadata=none`: cut control information, that is members whose name holds `@odata.`. */
  readonly cutControl: boolean;
  /** `IEEE754Compatible=true`: quote 64-bit integers and decimals. */
  readonly quoteWide: boolean;
  /** `odata.metadata=full`: add the types that JSON does not express. */
  readonly describe: boolean;
  /** Deprecated properties: kept, emptied, or cut. */
  readonly deprecated: 'as-before' | 'empty' | 'absent';
}

/** What replaces the text of an edit; a number from `insert` on selects a text in the scanner's `inserts`. */
export const replacement = { nothing: 0, unknownFutureValue: 1, quote: 2, insert: 3 } as const;

/** Records no edit. */
export const noEdits: EditRules = {
  omitNulls: false,
  maskEnums: false,
  cutControl: false,
  quoteWide: false,
  describe: false,
  deprecated: 'as-before',
};
