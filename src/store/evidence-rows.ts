/** The row of the last verification, as both engines read it. */
import { fieldsOf } from './table-sql.ts';

export const verificationFields = fieldsOf(
  { v: 'verification' },
  { endedMs: 'v.ended_ms', report: 'v.report' },
);
