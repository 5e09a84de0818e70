/** Limits the number of entries read from one line: a line of 32 MiB may hold millions of entries, each of which costs memory. */

/** Participants, or sessions, of one call. The largest of Microsoft's events have 100,000 attendees. */
export const maxEntries = 1_000_000;

/** Values of one line: callRecords, rows of logs, entries of response pages. */
export const maxValues = 200_000;
