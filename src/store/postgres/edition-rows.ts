/** Rows of editions, gathered to be copied together. */
import type { CopyValue } from './copy-format.ts';
import type { CopiedTable } from './statements.ts';

/** Tables with rows of editions; those of the search index are gathered apart. */
export type EditionTable = Exclude<CopiedTable, 'phrase' | 'found_call'>;
export type CopyRow = readonly CopyValue[];
export type EditionRows = Readonly<Record<EditionTable, CopyRow[]>>;

export function noRows(): EditionRows {
  return {
    edition: [],
    listing: [],
    participant: [],
    participant_block: [],
    session_block: [],
    segment_block: [],
  };
}
