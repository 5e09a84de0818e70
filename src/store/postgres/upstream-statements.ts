/** Statements about upstream and the fetch queue of a tenant, each with its purpose and the index that it uses. */

const wantedColumns = `call_key, long_id, version, start_ticks, sightings, wanted_ms, attempts, due_ms, reason, gone, taken`;
const ofCalls = 'tenant_no = $1 AND call_key = ANY ($2::bytea[])';

export const upstreamStatements = {
  upstreamTenants: `SELECT t.tenant_id FROM rollcall.tenant t JOIN (
      SELECT tenant_no FROM rollcall.upstream_span UNION SELECT tenant_no FROM rollcall.upstream_state
      UNION SELECT tenant_no FROM rollcall.upstream_call) u USING (tenant_no)
    ORDER BY t.tenant_id`,

  /**
   * Returns whether the newest edition of each of these calls is complete; one range of the edition's primary key per
   * call.
   */
  heldOfCalls: `SELECT DISTINCT ON (e.call_key) e.call_key, e.version, e.participants_complete, e.sessions_complete
    FROM rollcall.edition e WHERE e.tenant_no = $1 AND e.call_key = ANY ($2::bytea[])
    ORDER BY e.call_key, e.version DESC, e.edition_no DESC`,
  /** Writes whole rows, from one array per column; primary key. */
  putPending: `INSERT INTO rollcall.upstream_call (tenant_no, ${wantedColumns})
    SELECT $1, * FROM unnest($2::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
      $8::integer[], $9::bigint[], $10::text[], $11::integer[], $12::integer[])
    ON CONFLICT (tenant_no, call_key) DO UPDATE SET version = excluded.version, start_ticks = excluded.start_ticks,
      sightings = excluded.sightings, wanted_ms = excluded.wanted_ms, attempts = excluded.attempts,
      due_ms = excluded.due_ms, reason = excluded.reason, gone = excluded.gone, taken = excluded.taken`,
  deletePending: `DELETE FROM rollcall.upstream_call WHERE ${ofCalls}`,
  /** Returns the due calls; upstream_call_due, in its order. */
  duePending: `SELECT ${wantedColumns} FROM rollcall.upstream_call
    WHERE tenant_no = $1 AND gone = 0 AND taken = 0 AND due_ms <= $2
    ORDER BY start_ticks NULLS FIRST, call_key LIMIT $3`,
  leasePending: `UPDATE rollcall.upstream_call SET taken = 1 WHERE ${ofCalls}`,
  /** Releases leased calls; upstream_call_due. */
  giveBack: `UPDATE rollcall.upstream_call SET taken = 0 WHERE tenant_no = $1 AND gone = 0 AND taken = 1
    RETURNING call_key, long_id`,
  /** Counts calls by a scan of the tenant's part of upstream_call_due. */
  countPending: `SELECT count(*) FILTER (WHERE gone = 0), count(*) FILTER (WHERE gone = 1),
      min(due_ms) FILTER (WHERE gone = 0 AND taken = 0) FROM rollcall.upstream_call WHERE tenant_no = $1`,
  /** Counts the calls that are missing; the tenant's part of the primary key. */
  countMissing: `SELECT count(*), count(*) FILTER (WHERE gone = 1 OR coalesce(start_ticks, wanted_ms * 10000) < $2)
    FROM rollcall.upstream_call
    WHERE tenant_no = $1 AND (start_ticks IS NULL OR start_ticks >= $3)`,
  /** Returns the rows of these calls; primary key. */
  pendingOfCalls: `SELECT ${wantedColumns} FROM rollcall.upstream_call WHERE ${ofCalls}`,
  /** Returns rows in the order of the primary key. */
  pendingCalls: `SELECT ${wantedColumns} FROM rollcall.upstream_call WHERE tenant_no = $1 AND call_key > $2
    ORDER BY call_key LIMIT $3`,

  /** Returns listed spans; primary key. */
  listedSpans: `SELECT from_ticks, before_ticks, listed_ms FROM rollcall.upstream_span
    WHERE tenant_no = $1 AND what = $2 ORDER BY from_ticks`,
  addListedSpan: `INSERT INTO rollcall.upstream_span (tenant_no, what, from_ticks, before_ticks, listed_ms)
    VALUES ($1, $2, $3, $4, $5)`,
  clearListedSpans: 'DELETE FROM rollcall.upstream_span WHERE tenant_no = $1 AND what = $2',

  /** Returns a text of the sync; primary key. */
  upstreamState: 'SELECT value FROM rollcall.upstream_state WHERE tenant_no = $1 AND name = $2',
  setUpstreamState: `INSERT INTO rollcall.upstream_state (tenant_no, name, value) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_no, name) DO UPDATE SET value = excluded.value`,
  clearUpstreamState: 'DELETE FROM rollcall.upstream_state WHERE tenant_no = $1 AND name = $2',
} as const;
