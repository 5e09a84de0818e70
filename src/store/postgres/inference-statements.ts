/** Defines the statements that find the calls of a PostgreSQL store whose participants are to be inferred. */
export const inferenceStatements = {
  /** A tenant whose calls are to be checked; the tally, a row a tenant. */
  firstInference: `SELECT y.tenant_no, t.tenant_id FROM rollcall.tally y JOIN rollcall.tenant t USING (tenant_no)
    WHERE y.inferring_after IS NOT NULL ORDER BY y.tenant_no LIMIT 1`,
  /** The last call that was checked; primary key. */
  inferringAfter: 'SELECT inferring_after FROM rollcall.tally WHERE tenant_no = $1',
  moveInference: 'UPDATE rollcall.tally SET inferring_after = $2 WHERE tenant_no = $1',
  beginInference: `UPDATE rollcall.tally SET inferring_after = '' WHERE tenant_no = $1`,
  /** Calls with an edition that has neither a list nor anybody inferred, from one to another; primary key. */
  unlistedCalls: `SELECT DISTINCT e.call_key, e.long_id FROM rollcall.edition e
    WHERE e.tenant_no = $1 AND e.call_key > $2 AND e.call_key <= $3
      AND e.participants_list IS NULL AND e.found_list IS NULL ORDER BY e.call_key`,
} as const;
