/** Defines the statements that rewrite blocks of an earlier release in a SQLite store. */

/** Updates a block if its text is still the one that was read. */
const renewBlock = (table: string) => `UPDATE ${table} SET flags = ?, layout = ?
  WHERE tenant_no = ? AND list_no = ? AND block_no = ? AND crc = ?`;

export const renewalStatements = {
  firstRenewal: `SELECT t.tenant_id, y.renewing_after FROM tally y JOIN tenant t USING (tenant_no)
    WHERE y.renewing_after IS NOT NULL ORDER BY y.tenant_no LIMIT 1`,
  moveRenewal: 'UPDATE tally SET renewing_after = ? WHERE tenant_no = ? AND renewing_after = ?',
  beginRenewal: `UPDATE tally SET renewing_after = '' WHERE tenant_no = ?`,
  renewHead: `UPDATE edition SET head_flags = ?, head_layout = ?
    WHERE edition_no = ? AND tenant_no = ? AND head_crc = ?`,
  renewItem: `UPDATE listing SET item_before = ?, item_after = ?, item_crc = ?
    WHERE tenant_no = ? AND start_ticks = ? AND call_no = ? AND edition_no = ?`,
  renewParticipantBlock: renewBlock('participant_block'),
  renewSessionBlock: renewBlock('session_block'),
  renewSegmentBlock: renewBlock('segment_block'),
} as const;
