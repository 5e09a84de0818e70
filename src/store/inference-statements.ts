/** Statements that record how far inference came; the tally, one row per tenant. */
export const inferenceStatements = {
  /** Returns a tenant with calls to check. */
  firstInference: `SELECT y.tenant_no, t.tenant_id FROM rollcall.tally y JOIN rollcall.tenant t USING (tenant_no)
    WHERE y.inferring_after IS NOT NULL ORDER BY y.tenant_no LIMIT 1`,
  /** Returns the last call that was checked. */
  inferringAfter: 'SELECT inferring_after FROM rollcall.tally WHERE tenant_no = $1',
  moveInference: 'UPDATE rollcall.tally SET inferring_after = $2 WHERE tenant_no = $1',
  beginInference: `UPDATE rollcall.tally SET inferring_after = '' WHERE tenant_no = $1`,
} as const;
