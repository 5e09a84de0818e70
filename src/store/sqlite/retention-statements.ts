/** Statements that drop data by time, each with its purpose and the index that it uses. */
export const retentionStatements = {
  /** Returns calls by the start of their newest edition; the listing's primary key, then the edition's. */
  callsBefore: `SELECT e.call_id FROM listing l CROSS JOIN edition e ON e.edition_no = l.edition_no
    WHERE l.tenant_no = ? AND l.start_ticks < ? AND l.until_edition IS NULL ORDER BY l.start_ticks, l.call_no LIMIT ?`,
  countCallsBefore: `SELECT count(*) FROM listing l INDEXED BY listing_span
    WHERE l.tenant_no = ? AND l.start_ticks < ? AND l.until_edition IS NULL`,
  /** Returns calls without a start in any edition; edition_wanting, then edition_of_call. */
  fragmentsBefore: `SELECT e.call_id FROM edition e INDEXED BY edition_wanting
    WHERE e.tenant_no = ? AND e.lacking <> 0 GROUP BY e.call_id
    HAVING max(e.received_ms) < ? AND NOT EXISTS (SELECT 1 FROM edition s
      WHERE s.tenant_no = e.tenant_no AND s.call_id = e.call_id AND s.start_ticks IS NOT NULL) LIMIT ?`,
  dropParticipant: `DELETE FROM participant
    WHERE tenant_no = ? AND participant_id = ? AND start_ticks = ? AND call_no = ? AND list_no = ?`,
  /** Deletes the participants of a list with a damaged block; scans the tenant's part of the primary key. */
  dropParticipantsOfList: 'DELETE FROM participant WHERE tenant_no = ? AND call_no = ? AND list_no = ?',
  dropParticipantBlocks: 'DELETE FROM participant_block WHERE tenant_no = ? AND list_no = ?',
  dropSessions: 'DELETE FROM session WHERE tenant_no = ? AND list_no = ?',
  dropSessionBlocks: 'DELETE FROM session_block WHERE tenant_no = ? AND list_no = ?',
  dropSegmentBlocks: 'DELETE FROM segment_block WHERE tenant_no = ? AND list_no = ?',
  dropListing: 'DELETE FROM listing WHERE tenant_no = ? AND start_ticks = ? AND call_no = ?',
  dropEdition: 'DELETE FROM edition WHERE edition_no = ?',
  /** Returns log rows by time; scans each kind's part of the primary key. */
  logRowsBefore: `SELECT r.kind, r.ticks, r.row_id FROM (SELECT DISTINCT kind FROM log_row WHERE tenant_no = ?1) k
    CROSS JOIN log_row r ON r.tenant_no = ?1 AND r.kind = k.kind AND r.ticks > 0 AND r.ticks < ?2 LIMIT ?3`,
  countLogRowsBefore: 'SELECT count(*) FROM log_row WHERE tenant_no = ? AND ticks > 0 AND ticks < ?',
  dropLogRow: 'DELETE FROM log_row WHERE tenant_no = ? AND kind = ? AND ticks = ? AND row_id = ?',
  forgetPending: 'DELETE FROM upstream_call WHERE tenant_no = ? AND start_ticks < ?',
  forgetSpans: 'DELETE FROM upstream_span WHERE tenant_no = ? AND before_ticks <= ?',
  clipSpans: 'UPDATE upstream_span SET from_ticks = ? WHERE tenant_no = ? AND from_ticks < ?',
  /** Merges this many pages of an index. @see sqlite.org/fts5.html#the_merge_command */
  mergeTerms: "INSERT INTO call_term (call_term, rank) VALUES ('merge', ?)",
  mergePhraseParts: "INSERT INTO phrase_part (phrase_part, rank) VALUES ('merge', ?)",
  /** Returns how many rows this connection has changed; a merge that did nothing changes fewer than two. */
  totalChanges: 'SELECT total_changes()',
  vacuum: 'VACUUM',
  /** Copies the write-ahead log into the file, and truncates the log unless others read from it. */
  emptyLog: 'PRAGMA wal_checkpoint(TRUNCATE)',
} as const;

/** Statements with 64-bit columns that may exceed 2^53. */
export const wideRetentionStatements = ['logRowsBefore'] as const;
