/** Defines the statements that find the calls of a SQLite store whose participants are to be inferred. */
export const inferenceStatements = {
  /** The tenant whose calls are checked next, and the last call that was checked; the tally, a row a tenant. */
  firstInference: `SELECT tenant_no, inferring_after FROM tally
    WHERE inferring_after IS NOT NULL ORDER BY tenant_no LIMIT 1`,
  moveInference: 'UPDATE tally SET inferring_after = ? WHERE tenant_no = ?',
  beginInference: `UPDATE tally SET inferring_after = '' WHERE tenant_no = ?`,
  /** Calls with an edition that has neither a list nor anybody inferred, from one to another; edition_of_call. */
  unlistedCalls: `SELECT DISTINCT call_id FROM edition WHERE tenant_no = ? AND call_id > ? AND call_id <= ?
    AND participants_list IS NULL AND found_list IS NULL ORDER BY call_id`,
} as const;
