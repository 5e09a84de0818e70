/** The row of the last verification, as both engines read and write it. */
import { crc32 } from 'node:zlib';
import type { Verification } from './evidence.ts';
import { fieldsOf } from './table-sql.ts';

export const verificationFields = fieldsOf(
  { v: 'verification' },
  { endedMs: 'v.ended_ms', report: 'v.report', crc: 'v.crc' },
);

/** The checksum of a verification: one that says more than was found is no verification. */
export function verificationCheck({ endedMs, report }: Verification): number {
  return crc32(`${endedMs} ${report}`);
}

/** @returns `undefined` when it does not match its checksum; releases before the checksum stored none. */
export function wholeVerification({
  crc,
  ...verification
}: Verification & { readonly crc: number | undefined }): Verification | undefined {
  return crc === undefined || crc === verificationCheck(verification) ? verification : undefined;
}
