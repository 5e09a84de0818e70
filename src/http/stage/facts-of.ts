/** A request to what rules match and counts are kept by, before anything of it is checked. */
import type { IncomingHttpHeaders } from 'node:http';
import { unverifiedCaller } from '../../auth/unverified-caller.ts';
import { edms } from '../../model/edm.ts';
import { parsePath } from '../../odata/path.ts';
import { peekSkipToken } from '../../odata/skip-token.ts';
import { resolveTarget, type Target } from '../../plan/target.ts';
import type { RequestFacts } from '../../stage/request-facts.ts';
import { callLists } from '../call-lists.ts';

export function factsOf(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
): RequestFacts & { readonly isToken: boolean } {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  const [, first = '', ...rest] = path.split('/');
  const isGraph = first === 'v1.0' || first === 'beta';
  const isToken = !isGraph && /^oauth2\/(v2\.0\/)?token$/.test(rest.join('/'));
  const caller = isToken ? { tenantId: first.toLowerCase() } : unverifiedCaller(headers.authorization);
  const target = isGraph ? targetOf(rest.join('/')) : undefined;
  const list = target?.isCollection === true ? callLists[target.template.split('/').at(-1) ?? ''] : undefined;
  const skiptoken = query.get('$skiptoken');
  return {
    method,
    path,
    endpoint: isGraph ? graphEndpoint(rest, target) : isToken ? 'oauth2/v2.0/token' : '(other)',
    tenantId: caller?.tenantId,
    appId: caller !== undefined && 'appId' in caller ? caller.appId : undefined,
    callId: target?.template.startsWith('communications/callRecords/{}') ? target.keys[0] : undefined,
    page: list && pageOf(skiptoken, list.perBlock),
    isLaterPage: skiptoken !== null,
    isToken,
  };
}

function targetOf(path: string): Target | undefined {
  try {
    return resolveTarget(parsePath(path), edms.beta);
  } catch {
    return undefined; // refused further on, or not of the model
  }
}

/** Bounded whatever is asked: what is not known goes by one name. */
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

/** @returns undefined for a token that this service did not make */
function pageOf(skiptoken: string | null, perBlock: number): number | undefined {
  if (skiptoken === null) return 1;
  const position = peekSkipToken(skiptoken);
  return position && Math.floor(position.index / (position.pageSize ?? perBlock)) + 1;
}
