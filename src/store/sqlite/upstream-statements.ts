/** Statements about the upstream of a tenant: the question of each, and the index it rides on. */

const wantedColumns = 'call_id, version, start_ticks, sightings, wanted_ms, attempts, due_ms, reason, gone';
const ofCall = 'tenant_no = ? AND call_id = ?';

export const upstreamStatements = {
  upstreamTenants: `SELECT tenant_id FROM tenant t WHERE
      EXISTS (SELECT 1 FROM upstream_call c WHERE c.tenant_no = t.tenant_no)
      OR EXISTS (SELECT 1 FROM upstream_span s WHERE s.tenant_no = t.tenant_no)
      OR EXISTS (SELECT 1 FROM upstream_state n WHERE n.tenant_no = t.tenant_no)
    ORDER BY tenant_id`,

  /** Whether the newest edition of a call has all of it; one step back from the end of its run in edition_of_call. */
  heldOfCall: `SELECT version, participants_complete, sessions_complete FROM edition
    WHERE ${ofCall} ORDER BY version DESC, edition_no DESC LIMIT 1`,
  /** A call that is wanted; primary key. */
  wantedCall: `SELECT ${wantedColumns}, taken, taken_by FROM upstream_call WHERE ${ofCall}`,
  addWanted: `INSERT INTO upstream_call
      (tenant_no, call_id, version, start_ticks, sightings, wanted_ms, attempts, due_ms, reason, gone, taken)
    VALUES (?, ?, ?, ?, 1, ?, 0, ?, NULL, 0, 0)`,
  /** Seen anew: due at once, whatever became of it before. */
  seenAnew: `UPDATE upstream_call SET version = ?, start_ticks = coalesce(?, start_ticks), sightings = sightings + 1,
      attempts = 0, due_ms = min(due_ms, ?), gone = 0 WHERE ${ofCall}`,
  /** Those due; upstream_call_due, whose order is the order wanted. */
  dueWanted: `SELECT ${wantedColumns} FROM upstream_call
    WHERE tenant_no = ? AND gone = 0 AND taken = 0 AND due_ms <= ? ORDER BY start_ticks, call_id LIMIT ?`,
  takeWanted: `UPDATE upstream_call SET taken = 1, taken_by = ? WHERE ${ofCall}`,
  releaseWanted: `UPDATE upstream_call SET taken = 0 WHERE ${ofCall}`,
  deleteWanted: `DELETE FROM upstream_call WHERE ${ofCall}`,
  /** It was seen anew while it was fetched. */
  wantAgain: `UPDATE upstream_call SET taken = 0, due_ms = ?, attempts = 0, reason = NULL WHERE ${ofCall}`,
  postponeWanted: `UPDATE upstream_call SET taken = 0, due_ms = ?, reason = ?, attempts = attempts + 1 WHERE ${ofCall}`,
  giveUpWanted: `UPDATE upstream_call SET taken = 0, gone = 1, reason = ?, attempts = attempts + 1 WHERE ${ofCall}`,
  /** Gives back those taken by who does not live any more; upstream_call_due, then the claimant's primary key. */
  releaseAbandoned: `UPDATE upstream_call SET taken = 0 WHERE tenant_no = ? AND gone = 0 AND taken = 1
      AND NOT EXISTS (SELECT 1 FROM claimant c WHERE c.claimant = upstream_call.taken_by AND c.until_ms > ?)
    RETURNING call_id`,
  /** One walk of a tenant's part of upstream_call_due. */
  countWanted: `SELECT count(*) FILTER (WHERE gone = 0), count(*) FILTER (WHERE gone = 1),
      min(due_ms) FILTER (WHERE gone = 0 AND taken = 0) FROM upstream_call WHERE tenant_no = ?`,
  /** Those that count as missing; the tenant's part of the primary key. */
  countMissing: `SELECT count(*), count(*) FILTER (WHERE gone = 1 OR start_ticks < ?2) FROM upstream_call
    WHERE tenant_no = ?1 AND (start_ticks IS NULL OR start_ticks >= ?3)`,
  /** In the order of the primary key. */
  wantedCalls: `SELECT ${wantedColumns} FROM upstream_call WHERE tenant_no = ? AND call_id > ?
    ORDER BY call_id LIMIT ?`,

  /** Primary key. */
  listedSpans: `SELECT from_ticks, before_ticks, listed_ms FROM upstream_span
    WHERE tenant_no = ? AND what = ? ORDER BY from_ticks`,
  addListedSpan: `INSERT INTO upstream_span (tenant_no, what, from_ticks, before_ticks, listed_ms)
    VALUES (?, ?, ?, ?, ?)`,
  clearListedSpans: 'DELETE FROM upstream_span WHERE tenant_no = ? AND what = ?',

  /** Primary key. */
  upstreamState: 'SELECT value FROM upstream_state WHERE tenant_no = ? AND name = ?',
  setUpstreamState: `INSERT INTO upstream_state (tenant_no, name, value) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value`,
  clearUpstreamState: 'DELETE FROM upstream_state WHERE tenant_no = ? AND name = ?',

  /** The few processes that keep anything; all of them. */
  claimants: 'SELECT claimant FROM claimant ORDER BY claimant',
  attend: `INSERT INTO claimant (claimant, until_ms) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET until_ms = excluded.until_ms`,
  forgetClaimants: 'DELETE FROM claimant WHERE until_ms <= ? OR until_ms > ?',
  leave: 'DELETE FROM claimant WHERE claimant = ?',
  /** @returns A row when the part is the claimant's; primary keys. */
  claimPart: `INSERT INTO upstream_part (tenant_no, part, claimant) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET claimant = excluded.claimant WHERE claimant = excluded.claimant
      OR NOT EXISTS (SELECT 1 FROM claimant c WHERE c.claimant = upstream_part.claimant AND c.until_ms > ?)
    RETURNING 1`,
  releasePart: 'DELETE FROM upstream_part WHERE tenant_no = ? AND part = ? AND claimant = ?',
} as const;

/** Those whose 64-bit columns may exceed 2^53. */
export const wideUpstreamStatements = [
  'heldOfCall',
  'wantedCall',
  'dueWanted',
  'wantedCalls',
  'listedSpans',
] as const;
