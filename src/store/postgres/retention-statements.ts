/** Statements that drop data by time, each with its purpose and the index that it uses. */
const ofCalls = (table: string) =>
  `DELETE FROM rollcall.${table} WHERE tenant_no = $1 AND call_key = ANY ($2::bytea[])`;

export const retentionStatements = {
  /** Returns calls by the start of their newest edition; the listing's primary key. */
  callsBefore: `SELECT l.call_key, l.long_id FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND l.start_ticks > $4 AND l.start_ticks < $2 AND l.until_edition IS NULL
    ORDER BY l.start_ticks, l.call_no LIMIT $3`,
  countCallsBefore: `SELECT count(*) FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND l.start_ticks > $3 AND l.start_ticks < $2 AND l.until_edition IS NULL`,
  /**
   * Returns calls whose newest edition has no start, by time of receipt; the beginning of the listing's primary key.
   */
  fragmentsBefore: `SELECT l.call_key, l.long_id FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND l.start_ticks = $4 AND l.until_edition IS NULL AND l.received_ms < $2 LIMIT $3`,
  countFragmentsBefore: `SELECT count(*) FROM rollcall.listing l
    WHERE l.tenant_no = $1 AND l.start_ticks = $3 AND l.until_edition IS NULL AND l.received_ms < $2`,
  /** Deletes participants; primary key. */
  dropParticipants: `DELETE FROM rollcall.participant p
    USING unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[]) AS d (participant_key, start_ticks, call_no, list_no)
    WHERE p.tenant_no = $1 AND p.participant_key = d.participant_key AND p.start_ticks = d.start_ticks
      AND p.call_no = d.call_no AND p.list_no = d.list_no`,
  /** Deletes the participants of a list with a damaged block; scans the tenant's part of the primary key. */
  dropParticipantsOfList:
    'DELETE FROM rollcall.participant WHERE tenant_no = $1 AND call_no = $2 AND list_no = $3',
  dropListings: `DELETE FROM rollcall.listing l USING unnest($2::bigint[], $3::bigint[]) AS d (start_ticks, call_no)
    WHERE l.tenant_no = $1 AND l.start_ticks = d.start_ticks AND l.call_no = d.call_no`,
  /** Deletes the blocks of calls; one range of each table's primary key per call. */
  dropParticipantBlocks: ofCalls('participant_block'),
  dropSessionBlocks: ofCalls('session_block'),
  dropSegmentBlocks: ofCalls('segment_block'),
  dropEditions: ofCalls('edition'),
  dropPending: ofCalls('upstream_call'),
  dropQuarantinedOfCalls: ofCalls('quarantine'),
  /** Deletes log rows by time; the tenant's part of the primary key. */
  dropLogRows: `DELETE FROM rollcall.log_row r USING (
      SELECT kind, ticks, row_key FROM rollcall.log_row WHERE tenant_no = $1 AND ticks > 0 AND ticks < $2 LIMIT $3) d
    WHERE r.tenant_no = $1 AND r.kind = d.kind AND r.ticks = d.ticks AND r.row_key = d.row_key RETURNING 1`,
  countLogRowsBefore:
    'SELECT count(*) FROM rollcall.log_row WHERE tenant_no = $1 AND ticks > 0 AND ticks < $2',
  forgetPending: 'DELETE FROM rollcall.upstream_call WHERE tenant_no = $1 AND start_ticks < $2',
  forgetSpans: 'DELETE FROM rollcall.upstream_span WHERE tenant_no = $1 AND before_ticks <= $2',
  clipSpans: 'UPDATE rollcall.upstream_span SET from_ticks = $2 WHERE tenant_no = $1 AND from_ticks < $2',
} as const;
