/** Statements about everything of a call: for carrying it to another store. */
const blocks = (table: string) => `SELECT entity_count, text_length, crc, flags, body, layout FROM ${table}
  WHERE tenant_no = ? AND list_no = ? ORDER BY block_no`;

export const transferStatements = {
  /** Numbers of a call's editions; edition_of_call. */
  editionNumbers: 'SELECT edition_no FROM edition WHERE tenant_no = ? AND call_id = ?',
  /** The digests of an edition, and its call's own members; primary key. */
  contentOf: `SELECT head_digest, participants_digest, sessions_digest,
      1, head_length, head_crc, head_flags, head_body, head_layout
    FROM edition WHERE edition_no = ?`,
  /** All blocks of a list; primary key of the table. */
  participantBlocks: blocks('participant_block'),
  sessionBlocks: blocks('session_block'),
  segmentBlocks: blocks('segment_block'),
  /** An edition's place in the list of calls; primary key. */
  listingOf: `SELECT until_edition, end_ticks, item_before, item_after FROM listing
    WHERE tenant_no = ? AND start_ticks = ? AND call_no = ? AND edition_no = ?`,
  /** Where the sessions of a list stand; the beginning of the primary key. */
  sessionsOfList: 'SELECT session_id, position FROM session WHERE tenant_no = ? AND list_no = ?',
  /** Every number up to this is taken. */
  hasSequence: "SELECT 1 FROM sqlite_sequence WHERE name = 'edition'",
  addSequence: "INSERT INTO sqlite_sequence (name, seq) VALUES ('edition', 0)",
  reserveEditions: "UPDATE sqlite_sequence SET seq = max(seq, CAST(? AS INTEGER)) WHERE name = 'edition'",
  setSecret:
    'INSERT INTO secret (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
} as const;

export const wideTransferStatements = ['listingOf'] as const;
