/** Reads the facts of a request that rules match, before the request is checked. */
import { unverifiedCaller } from '../../serve/auth/unverified-caller.ts';
import { createByteCache, sumOfTextBytes } from '../../base/byte-cache.ts';
import { edms } from '../../contract/edm.ts';
import { parsePath } from '../../query/odata/path.ts';
import { peekSkipToken } from '../../query/odata/skip-token.ts';
import { resolveTarget, type Target } from '../../query/plan/target.ts';
import type { RequestFacts } from '../request-facts.ts';
import { callLists } from '../../graph/call-lists.ts';

type Facts = RequestFacts & { readonly isToken: boolean };

/** A cache of recent URLs: parsing a path again would double the cost of a small answer. */
const knownUrls = createByteCache<UrlFacts>({
  maxBytes: 16 * 2 ** 20,
  bytesOf: ({ path, callId = '', tokenTenantId = '' }) => sumOfTextBytes([path, callId, tokenTenantId]),
});
/** No call has a longer id, so longer ones are not counted. */
const maxIdLength = 1024;

type UrlFacts = Omit<Facts, 'method' | 'tenantId' | 'appId'> & { readonly tokenTenantId: string | undefined };

export function readRequestFacts(method: string, url: string, authorization: string | undefined): Facts {
  const { tokenTenantId, ...facts } = factsOfUrl(url);
  const caller = facts.isToken ? undefined : unverifiedCaller(authorization);
  return { method, tenantId: caller?.tenantId ?? tokenTenantId, appId: caller?.appId, ...facts };
}

function factsOfUrl(url: string): UrlFacts {
  const known = knownUrls.get(url);
  if (known !== undefined) return known;
  const facts = readUrl(url);
  knownUrls.set(url, facts);
  return facts;
}

function readUrl(url: string): UrlFacts {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const [, first = '', ...rest] = path.split('/');
  const isGraph = first === 'v1.0' || first === 'beta';
  const isToken = !isGraph && /^oauth2\/(v2\.0\/)?token$/.test(rest.join('/'));
  const target = isGraph ? targetOf(rest.join('/')) : undefined;
  const list = target?.isCollection === true ? callLists[target.template.split('/').at(-1) ?? ''] : undefined;
  // In any letter case, and without its `$` too, as the API accepts it.
  const [, skiptoken = null] = [...query].find(([name]) => /^\$?skiptoken$/i.test(name)) ?? [];
  const callId = target?.template.startsWith('communications/callRecords/{}') ? target.keys[0] : undefined;
  return {
    path,
    endpoint: isGraph ? graphEndpoint(rest, target) : isToken ? 'oauth2/v2.0/token' : '(other)',
    tokenTenantId: isToken ? first.toLowerCase() : undefined,
    callId: callId !== undefined && callId.length <= maxIdLength ? callId : undefined,
    page: list && pageOf(skiptoken, list.perBlock),
    isLaterPage: skiptoken !== null,
    isToken,
  };
}

function targetOf(path: string): Target | undefined {
  try {
    return resolveTarget(parsePath(path), edms.beta);
  } catch {
    return undefined; // the API rejects it, or it is not of the model
  }
}

/** Returns a name from a bounded set: all unknown paths share one. */
function graphEndpoint(segments: readonly string[], target: Target | undefined): string {
  if (target !== undefined) return target.template.replaceAll('{}', '{id}');
  const [first = '', id, action] = segments;
  if (/^\$(batch|metadata)$/.test(first)) return first;
  if (first === 'subscriptions' && id === undefined) return first;
  if (/^subscriptions\b/.test(first))
    return segments.at(-1) === 'reauthorize' || action === 'reauthorize'
      ? 'subscriptions/{id}/reauthorize'
      : 'subscriptions/{id}';
  return first === '' ? '(service document)' : '(unknown)';
}

/** Returns the page of a skip token; undefined for one that this service did not issue. */
function pageOf(skiptoken: string | null, perBlock: number): number | undefined {
  if (skiptoken === null) return 1;
  const position = peekSkipToken(skiptoken);
  return position && Math.floor(position.index / (position.pageSize ?? perBlock)) + 1;
}
