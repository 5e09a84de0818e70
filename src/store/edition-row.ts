/** The row of an edition, as both engines read it. */
import { blockOf, type Row } from './rows.ts';
import type { Edition } from './edition.ts';
import type { EditionContent } from './transfer.ts';

/** An edition, and what its own row has of what came with it. */
export interface EditionRow extends Pick<
  EditionContent,
  'headDigest' | 'participantsDigest' | 'sessionsDigest' | 'head'
> {
  readonly edition: Edition;
}

/** @param at Place of three digests, after which the columns of the head's block come. */
export function editionRowOf(edition: Edition, row: Row, at: number): EditionRow {
  return {
    edition,
    headDigest: row[at] as string,
    participantsDigest: (row[at + 1] as string | null) ?? undefined,
    sessionsDigest: (row[at + 2] as string | null) ?? undefined,
    head: blockOf(row, at + 3, edition.callId),
  };
}
