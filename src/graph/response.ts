/** Answers of the read handlers. */
import type { AsOf } from '../query/odata/as-of.ts';
import { formatPreferenceApplied } from '../query/odata/prefer.ts';
import type { Body } from '../wire/projection/body.ts';
import type { GraphResponse } from './messages.ts';
import type { Read } from './handler.ts';

interface Answer {
  readonly read: Read;
  /** Absent where the answer is not of one edition of a call. */
  readonly etag: string | undefined;
  /** The page size that a preference led to. */
  readonly pageSize?: number | undefined;
  /** The state that was read; absent where the newest was, and where there is no other. */
  readonly asOf?: AsOf | undefined;
}

export function ok(answer: Answer, body: Body): GraphResponse {
  return { ...headersOf(answer), status: 200, body };
}

/** A single-valued navigation property that is null (OData 4.01 Protocol, section 11.2.4.1). */
export function noContent(answer: Answer): GraphResponse {
  return { ...headersOf(answer), status: 204, body: undefined };
}

export function notModified(answer: Answer): GraphResponse {
  return { ...headersOf(answer), status: 304, body: undefined };
}

function headersOf({ read, etag, pageSize, asOf }: Answer) {
  const { preferences, media, ignored, resource } = read;
  const shaped = resource.takesPreferences !== false;
  return {
    contentType: media.contentType,
    etag,
    preferenceApplied: formatPreferenceApplied({
      maxPageSize: preferences.maxPageSize === undefined ? undefined : pageSize,
      includeUnknownEnumMembers: shaped && preferences.includeUnknownEnumMembers,
      omitNulls: shaped && preferences.omitNulls,
      asOf: preferences.asOf && asOf,
      participants: shaped ? preferences.participants : undefined,
    }),
    warning: ignored.length === 0 ? undefined : `299 - "Ignored: ${ignored.join(', ')}"`,
  };
}
