/** Builds the responses of the read handlers. */
import type { AsOf } from '../query/odata/as-of.ts';
import { formatPreferenceApplied } from '../query/odata/prefer.ts';
import type { Body } from '../wire/projection/body.ts';
import type { GraphResponse } from './messages.ts';
import type { Read } from './handler.ts';

interface Answer {
  readonly read: Read;
  /** Absent when the response is not about one edition of a call. */
  readonly etag?: string | undefined;
  /** The page size that the client's preference led to. */
  readonly pageSize?: number | undefined;
  /** The state that was read; absent when it was the newest or the resource has only one state. */
  readonly asOf?: AsOf | undefined;
}

export function ok(answer: Answer, body: Body): GraphResponse {
  return { ...headersOf(answer), status: 200, body };
}

/** Returns the response for a navigation property that is null (OData 4.01 Protocol, section 11.2.4.1). */
export function noContent(answer: Answer): GraphResponse {
  return { ...headersOf(answer), status: 204 };
}

export function notModified(answer: Answer): GraphResponse {
  return { ...headersOf(answer), status: 304 };
}

/** Returns the headers that only some responses have, names and values alternating. */
export function ownHeaders({ etag, preferenceApplied, warning, location }: GraphResponse): string[] {
  const headers: string[] = [];
  if (etag !== undefined) headers.push('ETag', etag);
  if (preferenceApplied !== undefined) headers.push('Preference-Applied', preferenceApplied);
  if (warning !== undefined) headers.push('Warning', warning);
  if (location !== undefined) headers.push('Location', location);
  return headers;
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
