/** Reads the pages of an upstream list from its first URL to its last next link. */
import type { Clock } from '../../base/clock.ts';
import type { LimitedRequest } from '../../contract/throttling-limits.ts';
import type { ResponsePage } from '../ingest/response-page.ts';
import { UpstreamFailure } from './failure.ts';
import { mostPagesOfQuestion, PageWalk } from './page-walk.ts';
import { parseUpstream } from './parse-upstream.ts';
import { requestRetry, transportRetry, withRetry } from './with-retry.ts';
import type { UpstreamClient } from './upstream-client.ts';

export interface PageSource {
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface PagesQuestion<T> {
  /** Path and query of the first page. */
  readonly first: string;
  readonly request: LimitedRequest;
  /** @throws TextError */
  readonly read: (body: Buffer) => T;
  /** True when a response that is not JSON is requested again at once. */
  readonly isRepeated: boolean;
  /** Consecutive pages without a new entry after which the list fails. */
  readonly mostWithoutNew?: number | undefined;
  /**
   * Called with each page. @param isEnd True when it completes the list.
   *
   * @returns Whether the page has a new entry, or that no further page is wanted.
   */
  readonly onPage: (page: T, isEnd: boolean) => Promise<boolean | 'enough'>;
}

/**
 * Reads the pages.
 *
 * @returns False when `onPage` wanted no further page before the last one.
 * @throws UpstreamFailure when entries are missing, after the pages that can be read
 */
export async function readPages<T extends Pick<ResponsePage, 'list' | 'nextLink' | 'isOdd'>>(
  source: PageSource,
  { first, request, read, isRepeated, mostWithoutNew, onPage }: PagesQuestion<T>,
): Promise<boolean> {
  const { client, signal } = source;
  const walk = new PageWalk(mostPagesOfQuestion, mostWithoutNew);
  let missing: UpstreamFailure | undefined;
  for (let link: string | undefined; ;) {
    const at = link;
    const ask = async () => {
      const body = await (at === undefined
        ? client.get(first, request, signal)
        : client.follow(at, request, signal));
      return { body, page: parseUpstream(body, read) };
    };
    const { body, page } = await withRetry(ask, source, isRepeated ? requestRetry : transportRetry);
    if (page.list === undefined) missing ??= notUnderstood('a page has no list of values', body);
    // The page indicates more entries without a usable link.
    if (page.isOdd) missing ??= notUnderstood('a next link is not a string', body);
    link = page.nextLink;
    const hasNew = await onPage(page, link === undefined && missing === undefined);
    if (link === undefined) break;
    if (hasNew === 'enough') return false;
    walk.received(page.list, hasNew);
    walk.follow(link);
  }
  if (missing !== undefined) throw missing;
  return true;
}

function notUnderstood(detail: string, body: Buffer): UpstreamFailure {
  return new UpstreamFailure('notUnderstood', { detail, body });
}
