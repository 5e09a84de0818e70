/** Weak ETags: the same tag means that the same request gets the same entities (RFC 9110, section 8.8). */
import { crc32 } from 'node:zlib';
import type { PagePlan, Representation } from '../plan/read-plan.ts';

/** @param digest Of the edition that is served. */
export function formatEtag(digest: string, representation: Representation, page?: PagePlan): string {
  const { select, omitNulls, includeUnknownEnumMembers, metadata, ieee754Compatible } = representation;
  const flags = [omitNulls, includeUnknownEnumMembers, ieee754Compatible].map(Number).join('');
  const key = `${page?.index},${page?.size},${metadata},${flags},${select?.join() ?? '*'}`;
  return `W/"${digest}.${crc32(key).toString(36)}"`;
}

/** Weak comparison of `If-None-Match` (RFC 9110, section 13.1.2). */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque);
}
