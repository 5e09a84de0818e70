/** Defines the statements that rewrite blocks of an earlier release in a PostgreSQL store. */

/** Updates a block if its text is still the one that was read. */
const renewBlock = (table: string) => `UPDATE rollcall.${table} SET flags = $6, layout = $7
  WHERE tenant_no = $1 AND call_key = $2 AND list_no = $3 AND block_no = $4 AND crc = $5`;
const renewHead = (
  table: string,
  key: string,
) => `UPDATE rollcall.${table} SET head_flags = $6, head_layout = $7
  WHERE tenant_no = $1 AND ${key} AND edition_no = $4 AND head_crc = $5`;

export const renewalStatements = {
  firstRenewal: `SELECT t.tenant_id, y.renewing_after FROM rollcall.tally y JOIN rollcall.tenant t USING (tenant_no)
    WHERE y.renewing_after IS NOT NULL ORDER BY y.tenant_no LIMIT 1`,
  moveRenewal: 'UPDATE rollcall.tally SET renewing_after = $2 WHERE tenant_no = $1 AND renewing_after = $3',
  beginRenewal: `UPDATE rollcall.tally SET renewing_after = '' WHERE tenant_no = $1`,
  renewHead: renewHead('edition', 'call_key = $2 AND version = $3'),
  renewListing: renewHead('listing', 'start_ticks = $2 AND call_no = $3'),
  renewParticipantBlock: renewBlock('participant_block'),
  renewSessionBlock: renewBlock('session_block'),
  renewSegmentBlock: renewBlock('segment_block'),
} as const;
