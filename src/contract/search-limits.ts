/** Limits what one search returns. */

/** Rows in one CSV file of calls. */
export const mostCsvCalls = 20_000;

/** The newest calls that match, which are ordered or counted. */
export const mostSortedCalls = 10_000;
