/** Requests a page of an upstream list, by the first URL or by a next link, and parses it. */
import type { Clock } from '../../base/clock.ts';
import type { LimitedRequest } from '../../contract/throttling-limits.ts';
import { parseUpstream } from './parse-upstream.ts';
import { requestRetry, transportRetry, withRetry } from './with-retry.ts';
import type { UpstreamClient } from './upstream-client.ts';

export interface PageSource {
  readonly client: UpstreamClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface PageQuestion<T> {
  /** Path and query of the first page. */
  readonly first: string;
  /** The link of a later page; `undefined` requests the first. */
  readonly link: string | undefined;
  readonly request: LimitedRequest;
  /** @throws TextError */
  readonly read: (body: Buffer) => T;
  /** True when a response that is not JSON is requested again at once. */
  readonly isRepeated: boolean;
}

/** Requests and parses a page. @throws UpstreamFailure */
export function askPage<T>(
  { client, clock, signal }: PageSource,
  { first, link, request, read, isRepeated }: PageQuestion<T>,
): Promise<{ readonly body: Buffer; readonly page: T }> {
  const ask = async () => {
    const body = await (link === undefined
      ? client.get(first, request, signal)
      : client.follow(link, request, signal));
    return { body, page: parseUpstream(body, read) };
  };
  return withRetry(ask, { clock, signal, ...(isRepeated ? requestRetry : transportRetry) });
}
