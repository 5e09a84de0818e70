/** Records the spans of a list that could not be read, with the pages that were quarantined for them. */
import { joinNeighbours, type Span } from '../../store/spans.ts';
import { noteUnlisted } from '../../store/unlisted-spans.ts';
import type { UpstreamFailure } from './failure.ts';
import type { TenantWork } from './tenant-work.ts';

export interface LostSpan extends Span {
  readonly failure: UpstreamFailure;
  /** The id of the page that was quarantined for it. */
  readonly piece?: string | undefined;
}

/** Quarantines an unreadable page. @returns Its id; `undefined` when there is no page. */
export async function setAsidePage({ body, message }: UpstreamFailure, { quarantine }: TenantWork) {
  return body && (await quarantine.add({ unit: 'page', reason: message, text: body }));
}

/**
 * Records the lost spans, and deletes the quarantined pages of spans that have been read since.
 *
 * @param what The list: `calls`, or the name of a log.
 * @returns The spans, neighbours with the same failure joined.
 */
export async function noteLost(
  what: string,
  lost: readonly LostSpan[],
  atMs: number,
  { store, tenantId, askStore, quarantine }: TenantWork,
): Promise<readonly LostSpan[]> {
  const spans = lost.map(({ from, before, failure: { reason }, piece }) => ({
    ...{ from, before, reason, atMs },
    pieces: piece === undefined ? [] : [piece],
  }));
  const healed = await askStore(() => noteUnlisted(store, tenantId, what, spans));
  for (const piece of healed) await quarantine.drop(piece);
  return joinNeighbours(lost, (a, b) => a.failure.message === b.failure.message);
}
