/** Reads the row of an edition for both engines. */
import { blockOf, type Row } from './rows.ts';
import type { Edition } from './edition.ts';
import type { EditionContent } from './transfer.ts';

/** An edition, with the columns of its row that describe its parts. */
export interface EditionRow extends Pick<
  EditionContent,
  'headDigest' | 'participantsDigest' | 'sessionsDigest' | 'head'
> {
  readonly edition: Edition;
}

/**
 * Reads an edition row.
 *
 * @param at Index of the first of three digests; the columns of the head's block follow them.
 */
export function editionRowOf(edition: Edition, row: Row, at: number): EditionRow {
  return {
    edition,
    headDigest: row[at] as string,
    participantsDigest: (row[at + 1] as string | null) ?? undefined,
    sessionsDigest: (row[at + 2] as string | null) ?? undefined,
    head: blockOf(row, at + 3, edition.callId),
  };
}
