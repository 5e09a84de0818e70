/** Reads and writes the row of the last verification for both engines. */
import { crc32 } from 'node:zlib';
import type { Verification } from './evidence.ts';
import { fieldsOf } from './table-sql.ts';

export const verificationFields = fieldsOf(
  { v: 'verification' },
  { endedMs: 'v.ended_ms', report: 'v.report', crc: 'v.crc' },
);

/** Returns the checksum of a verification, so that a changed report is not accepted. */
export function verificationCheck({ endedMs, report }: Verification): number {
  return crc32(`${endedMs} ${report}`);
}

/**
 * Returns a stored verification.
 *
 * @returns `undefined` when it does not match its checksum; releases before the checksum stored none.
 */
export function wholeVerification({
  crc,
  ...verification
}: Verification & { readonly crc: number | undefined }): Verification | undefined {
  return crc === undefined || crc === verificationCheck(verification) ? verification : undefined;
}
