/** Answers of the read handlers. */
import { formatPreferenceApplied } from '../odata/prefer.ts';
import type { Representation } from '../plan/read-plan.ts';
import type { Body } from '../projection/body.ts';
import type { GraphResponse } from './messages.ts';
import type { Read } from './read.ts';

export interface Answer {
  readonly read: Read;
  readonly representation: Representation;
  readonly etag: string;
  /** Query options that a loose server passed over. */
  readonly ignored: readonly string[];
  /** The page size that a preference led to. */
  readonly pageSize?: number | undefined;
}

export function ok(answer: Answer, body: Body): GraphResponse {
  return { ...headersOf(answer), status: 200, body };
}

export function notModified(answer: Answer): GraphResponse {
  return { ...headersOf(answer), status: 304, body: undefined };
}

function headersOf({ read, etag, ignored, pageSize }: Answer) {
  const { preferences, media } = read;
  return {
    contentType: media.contentType,
    etag,
    preferenceApplied: formatPreferenceApplied({
      maxPageSize: preferences.maxPageSize === undefined ? undefined : pageSize,
      includeUnknownEnumMembers: preferences.includeUnknownEnumMembers,
      omitNulls: preferences.omitNulls,
    }),
    warning: ignored.length === 0 ? undefined : `299 - "Ignored: ${ignored.join(', ')}"`,
  };
}
