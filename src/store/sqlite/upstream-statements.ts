/** Statements about upstream and the fetch queue of a tenant, each with its purpose and the index that it uses. */

const wantedColumns =
  'call_id, version, start_ticks, sightings, wanted_ms, attempts, due_ms, reason, gone, taken';
const ofCall = 'tenant_no = ? AND call_id = ?';

export const upstreamStatements = {
  upstreamTenants: `SELECT tenant_id FROM tenant t WHERE
      EXISTS (SELECT 1 FROM upstream_call c WHERE c.tenant_no = t.tenant_no)
      OR EXISTS (SELECT 1 FROM upstream_span s WHERE s.tenant_no = t.tenant_no)
      OR EXISTS (SELECT 1 FROM upstream_state n WHERE n.tenant_no = t.tenant_no)
    ORDER BY tenant_id`,

  /** Returns whether the newest edition of a call is complete; the last row of its range in edition_of_call. */
  heldOfCall: `SELECT version, participants_complete, sessions_complete FROM edition
    WHERE ${ofCall} ORDER BY version DESC, edition_no DESC LIMIT 1`,
  /** Returns a call of the queue; primary key. */
  pendingCall: `SELECT ${wantedColumns} FROM upstream_call WHERE ${ofCall}`,
  putPending: `INSERT INTO upstream_call (tenant_no, ${wantedColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET version = excluded.version, start_ticks = excluded.start_ticks,
      sightings = excluded.sightings, wanted_ms = excluded.wanted_ms, attempts = excluded.attempts,
      due_ms = excluded.due_ms, reason = excluded.reason, gone = excluded.gone, taken = excluded.taken`,
  deletePending: `DELETE FROM upstream_call WHERE ${ofCall}`,
  /** Returns the due calls; upstream_call_due, in its order. */
  duePending: `SELECT ${wantedColumns} FROM upstream_call
    WHERE tenant_no = ? AND gone = 0 AND taken = 0 AND due_ms <= ? ORDER BY start_ticks, call_id LIMIT ?`,
  leasePending: `UPDATE upstream_call SET taken = 1 WHERE ${ofCall}`,
  /** Releases leased calls; upstream_call_due. */
  giveBack: `UPDATE upstream_call SET taken = 0 WHERE tenant_no = ? AND gone = 0 AND taken = 1 RETURNING call_id`,
  /** Counts calls by a scan of the tenant's part of upstream_call_due. */
  countPending: `SELECT count(*) FILTER (WHERE gone = 0), count(*) FILTER (WHERE gone = 1),
      min(due_ms) FILTER (WHERE gone = 0 AND taken = 0) FROM upstream_call WHERE tenant_no = ?`,
  /** Counts the calls that are missing; the tenant's part of the primary key. */
  countMissing: `SELECT count(*), count(*) FILTER (WHERE gone = 1 OR coalesce(start_ticks, wanted_ms * 10000) < ?2)
    FROM upstream_call
    WHERE tenant_no = ?1 AND (start_ticks IS NULL OR start_ticks >= ?3)`,
  /** Returns rows in the order of the primary key. */
  pendingCalls: `SELECT ${wantedColumns} FROM upstream_call WHERE tenant_no = ? AND call_id > ?
    ORDER BY call_id LIMIT ?`,

  /** Returns listed spans; primary key. */
  listedSpans: `SELECT from_ticks, before_ticks, listed_ms FROM upstream_span
    WHERE tenant_no = ? AND what = ? ORDER BY from_ticks`,
  addListedSpan: `INSERT INTO upstream_span (tenant_no, what, from_ticks, before_ticks, listed_ms)
    VALUES (?, ?, ?, ?, ?)`,
  clearListedSpans: 'DELETE FROM upstream_span WHERE tenant_no = ? AND what = ?',

  /** Returns a text of the sync; primary key. */
  upstreamState: 'SELECT value FROM upstream_state WHERE tenant_no = ? AND name = ?',
  setUpstreamState: `INSERT INTO upstream_state (tenant_no, name, value) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value`,
  clearUpstreamState: 'DELETE FROM upstream_state WHERE tenant_no = ? AND name = ?',
} as const;

/** Statements with 64-bit columns that may exceed 2^53. */
export const wideUpstreamStatements = [
  'heldOfCall',
  'pendingCall',
  'duePending',
  'pendingCalls',
  'listedSpans',
] as const;
