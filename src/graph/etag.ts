/** Computes weak ETags: equal tags mean that the same request returns the same entities (RFC 9110, section 8.8). */
import { crc32 } from 'node:zlib';
import type { Expansion } from '../query/plan/expand.ts';
import type { PagePlan, Representation } from '../query/plan/read-plan.ts';

export function formatEtag(
  digest: string,
  representation: Representation,
  {
    page,
    expand,
    reconciled = false,
    isMissing = false,
  }: {
    readonly page?: PagePlan | undefined;
    readonly expand?: Expansion | undefined;
    /** True when inferred participants are shown. */
    readonly reconciled?: boolean;
    /** True when the list was not received, which the response reports. */
    readonly isMissing?: boolean;
  },
): string {
  const { select, omitNulls, includeUnknownEnumMembers, metadata, ieee754Compatible, deprecated } =
    representation;
  const flags = [omitNulls, includeUnknownEnumMembers, ieee754Compatible].map(Number).join('');
  const expanded = expand === undefined ? '' : JSON.stringify(expand);
  const key = `${page?.index},${page?.size},${metadata},${deprecated},${flags},${select?.join() ?? '*'}${expanded}${reconciled ? '+' : ''}${isMissing ? '-' : ''}`;
  return `W/"${digest}.${crc32(key).toString(36)}"`;
}

/** Compares `If-None-Match` with an ETag by weak comparison (RFC 9110, section 13.1.2). */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = etag.replace(/^W\//, '');
  return ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === opaque);
}
