/** Statements about leases; primary key. */
import { fieldsOf, selecting } from './table-sql.ts';

const leaseFields = fieldsOf({ l: 'lease' }, { holder: 'l.holder', untilMs: 'l.until_ms' });

export const leaseStatements = {
  lease: selecting(leaseFields, (columns) => `SELECT ${columns} FROM rollcall.lease l WHERE l.name = $1`),
  /**
   * Writes a lease.
   *
   * @returns A row, unless another process changed the lease since it was read with holder $4 and end $5.
   */
  setLease: `INSERT INTO rollcall.lease AS l (name, holder, until_ms) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
      WHERE l.holder = $4 AND l.until_ms = $5
    RETURNING 1`,
  releaseLease: 'DELETE FROM rollcall.lease WHERE name = $1 AND holder = $2',
} as const;
