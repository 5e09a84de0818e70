/** Next links: on the host the client used, with every option of its request but what says where to go on. */
import type { SeekPosition } from '../query/odata/skip-token.ts';
import type { PagePlan, Representation } from '../query/plan/read-plan.ts';
import type { Read, ReadParts } from './handler.ts';

interface Walk {
  /** Of the list, keys as segments where they can be. */
  readonly path: string;
  readonly query: string;
  /** Ties the skip token to the list. */
  readonly binding: string;
  readonly page: PagePlan;
  readonly representation: Representation;
}

/** @param position Where the next page begins. What the client preferred on this one goes on without being said. */
export function formatNextLink(
  { request }: Read,
  { skipTokens }: ReadParts,
  { path, query, binding, page, representation }: Walk,
  position: Pick<SeekPosition, 'edition' | 'index' | 'startTicks' | 'asOf'>,
): string {
  const { omitNulls, includeUnknownEnumMembers } = representation;
  const token = skipTokens.format(
    { ...position, pageSize: page.preferredSize, omitNulls, includeUnknownEnumMembers },
    binding,
  );
  const options = [...optionsBut(query, 'skiptoken'), `$skiptoken=${token}`];
  return `${request.serviceRoot}/${path}?${options.join('&')}`;
}

/** The options of a query that parses, as the client wrote them, without one. */
export function optionsBut(query: string, name: string): string[] {
  return query
    .split('&')
    .filter((option) => option !== '' && nameOf(option) !== name)
    .map((option) => option.replace(/^%24/, '$'));
}

/** However much of it is percent-encoded. */
function nameOf(option: string): string {
  return decodeURIComponent(option.split('=', 1)[0]!).replace(/^\$/, '').toLowerCase();
}
