/** Statements about all data of a call, for copying it to another store. */
import { blockColumns, sqliteEditionColumns, headColumns } from './columns.ts';

/** Calls or lists per statement: a statement costs as much as several rows. */
export const askedTogether = 64;
const any = Array(askedTogether).fill('?').join(', ');
const blocks = (table: string) => `SELECT list_no, ${blockColumns} FROM ${table}
  WHERE tenant_no = ? AND list_no IN (${any}) ORDER BY list_no, block_no`;

export const transferStatements = {
  /** Returns the numbers of a call's editions; edition_of_call. */
  editionNumbers: 'SELECT edition_no FROM edition WHERE tenant_no = ? AND call_id = ?',
  /** Returns editions of calls with their digests and the calls' own members; edition_of_call. */
  editionsOfCalls: `SELECT ${sqliteEditionColumns}, e.head_digest, e.participants_digest, e.sessions_digest,
      ${headColumns}, e.call_id
    FROM edition e WHERE e.tenant_no = ? AND e.call_id IN (${any})`,
  /** Returns one edition; primary key. */
  editionWhole: `SELECT ${sqliteEditionColumns}, e.head_digest, e.participants_digest, e.sessions_digest, ${headColumns}
    FROM edition e WHERE e.edition_no = ?`,
  /** Return all blocks of lists; primary key of the table. */
  participantBlocks: blocks('participant_block'),
  sessionBlocks: blocks('session_block'),
  segmentBlocks: blocks('segment_block'),
  /** Returns an edition's row in the list of calls; primary key. */
  listingOf: `SELECT until_edition, end_ticks, item_before, item_after, item_crc FROM listing
    WHERE tenant_no = ? AND start_ticks = ? AND call_no = ? AND edition_no = ?`,
  /** Returns the index of each session of a list; the beginning of the primary key. */
  sessionsOfList: 'SELECT session_id, position FROM session WHERE tenant_no = ? AND list_no = ?',
  /** Reserve every number up to this one. */
  hasSequence: "SELECT 1 FROM sqlite_sequence WHERE name = 'edition'",
  addSequence: "INSERT INTO sqlite_sequence (name, seq) VALUES ('edition', 0)",
  reserveEditions: "UPDATE sqlite_sequence SET seq = max(seq, CAST(? AS INTEGER)) WHERE name = 'edition'",
  setSecret:
    'INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
} as const;

export const wideTransferStatements = ['editionsOfCalls', 'editionWhole', 'listingOf'] as const;
