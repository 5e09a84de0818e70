/** Statements about the upstream of a tenant: the question of each, and the index it rides on. */

const wantedColumns = `call_key, long_id, version, start_ticks, sightings, wanted_ms, attempts, due_ms, reason, gone`;
const ofCall = 'tenant_no = $1 AND call_key = $2';

export const upstreamStatements = {
  upstreamTenants: `SELECT t.tenant_id FROM rollcall.tenant t JOIN (
      SELECT tenant_no FROM rollcall.upstream_span UNION SELECT tenant_no FROM rollcall.upstream_state
      UNION SELECT tenant_no FROM rollcall.upstream_call) u USING (tenant_no)
    ORDER BY t.tenant_id`,

  /** Whether the newest edition of each of these calls has all of it; the run of each in the edition's primary key. */
  heldOfCalls: `SELECT DISTINCT ON (e.call_key) e.call_key, e.version, e.participants_complete, e.sessions_complete
    FROM rollcall.edition e WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])
    ORDER BY e.call_key, e.version DESC, e.edition_no DESC`,
  /** A call that is wanted; primary key. */
  wantedCall: `SELECT ${wantedColumns}, taken, taken_by FROM rollcall.upstream_call WHERE ${ofCall}`,
  addWanted: `INSERT INTO rollcall.upstream_call (tenant_no, call_key, long_id, version, start_ticks, sightings,
      wanted_ms, attempts, due_ms, reason, gone, taken)
    VALUES ($1, $2, $3, $4, $5, 1, $6, 0, $6, NULL, 0, 0)`,
  /** Seen anew: due at once, whatever became of it before. */
  seenAnew: `UPDATE rollcall.upstream_call SET version = $3, start_ticks = coalesce($4, start_ticks),
      sightings = sightings + 1, attempts = 0, due_ms = least(due_ms, $5), gone = 0 WHERE ${ofCall}`,
  /** Those due; upstream_call_due, whose order is the order wanted. */
  dueWanted: `SELECT ${wantedColumns} FROM rollcall.upstream_call
    WHERE tenant_no = $1 AND gone = 0 AND taken = 0 AND due_ms <= $2
    ORDER BY start_ticks NULLS FIRST, call_key LIMIT $3`,
  takeWanted: `UPDATE rollcall.upstream_call SET taken = 1, taken_by = $3
    WHERE tenant_no = $1 AND call_key = ANY ($2::bytea[])`,
  releaseWanted: `UPDATE rollcall.upstream_call SET taken = 0 WHERE ${ofCall}`,
  deleteWanted: `DELETE FROM rollcall.upstream_call WHERE ${ofCall}`,
  /** It was seen anew while it was fetched. */
  wantAgain: `UPDATE rollcall.upstream_call SET taken = 0, due_ms = $3, attempts = 0, reason = NULL WHERE ${ofCall}`,
  postponeWanted: `UPDATE rollcall.upstream_call SET taken = 0, due_ms = $3, reason = $4, attempts = attempts + 1
    WHERE ${ofCall}`,
  giveUpWanted: `UPDATE rollcall.upstream_call SET taken = 0, gone = 1, reason = $3, attempts = attempts + 1
    WHERE ${ofCall}`,
  /** Gives back those taken by who does not live any more; upstream_call_due. */
  releaseAbandoned: `UPDATE rollcall.upstream_call SET taken = 0 WHERE tenant_no = $1 AND gone = 0 AND taken = 1
      AND (taken_by IS NULL OR taken_by <> ALL ($2::text[]))
    RETURNING call_key, long_id`,
  /** One walk of a tenant's part of upstream_call_due. */
  countWanted: `SELECT count(*) FILTER (WHERE gone = 0), count(*) FILTER (WHERE gone = 1),
      min(due_ms) FILTER (WHERE gone = 0 AND taken = 0) FROM rollcall.upstream_call WHERE tenant_no = $1`,
  /** Those that count as missing; the tenant's part of the primary key. */
  countMissing: `SELECT count(*), count(*) FILTER (WHERE gone = 1 OR start_ticks < $2) FROM rollcall.upstream_call
    WHERE tenant_no = $1 AND (start_ticks IS NULL OR start_ticks >= $3)`,
  /** Primary key. */
  wantedOfCalls: `SELECT ${wantedColumns} FROM rollcall.upstream_call
    WHERE tenant_no = $1 AND call_key = ANY ($2::bytea[])`,
  /** In the order of the primary key. */
  wantedCalls: `SELECT ${wantedColumns} FROM rollcall.upstream_call WHERE tenant_no = $1 AND call_key > $2
    ORDER BY call_key LIMIT $3`,

  /** Primary key. */
  listedSpans: `SELECT from_ticks, before_ticks, listed_ms FROM rollcall.upstream_span
    WHERE tenant_no = $1 AND what = $2 ORDER BY from_ticks`,
  addListedSpan: `INSERT INTO rollcall.upstream_span (tenant_no, what, from_ticks, before_ticks, listed_ms)
    VALUES ($1, $2, $3, $4, $5)`,
  clearListedSpans: 'DELETE FROM rollcall.upstream_span WHERE tenant_no = $1 AND what = $2',

  /** Primary key. */
  upstreamState: 'SELECT value FROM rollcall.upstream_state WHERE tenant_no = $1 AND name = $2',
  setUpstreamState: `INSERT INTO rollcall.upstream_state (tenant_no, name, value) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_no, name) DO UPDATE SET value = excluded.value`,
  clearUpstreamState: 'DELETE FROM rollcall.upstream_state WHERE tenant_no = $1 AND name = $2',

  /** The few processes that keep anything; all of them. */
  claimants: 'SELECT claimant FROM rollcall.claimant WHERE until_ms > $1 ORDER BY claimant',
  attend: `INSERT INTO rollcall.claimant (claimant, until_ms) VALUES ($1, $2)
    ON CONFLICT (claimant) DO UPDATE SET until_ms = excluded.until_ms`,
  forgetClaimants: 'DELETE FROM rollcall.claimant WHERE until_ms <= $1 OR until_ms > $2',
  leave: 'DELETE FROM rollcall.claimant WHERE claimant = $1',
  /** Whose a part is; primary key. */
  part: 'SELECT claimant FROM rollcall.upstream_part WHERE tenant_no = $1 AND part = $2',
  claimPart: `INSERT INTO rollcall.upstream_part (tenant_no, part, claimant) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_no, part) DO UPDATE SET claimant = excluded.claimant`,
  releasePart: 'DELETE FROM rollcall.upstream_part WHERE tenant_no = $1 AND part = $2 AND claimant = $3',
} as const;
