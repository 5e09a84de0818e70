/** Matches requests and notifications against the rules of scripted faults. */
import { isSameId } from '../contract/ids.ts';
import type { FaultEffect, FaultRule } from './control-bodies.ts';
import type { NotificationFacts, RequestFacts } from './request-facts.ts';

type FaultMatch = NonNullable<FaultRule['match']>;
type FaultScope = 'request' | 'answer' | 'notification' | 'view';

/** Returns what a rule is matched against: requests, answers, notifications, or the view of the store. */
export function scopeOf({ late, participantsMissing, notification, odd }: FaultEffect): FaultScope {
  if (notification !== undefined) return 'notification';
  if (odd !== undefined) return 'answer';
  return late !== undefined || participantsMissing !== undefined ? 'view' : 'request';
}

export function matchesRequest(match: FaultMatch, facts: RequestFacts): boolean {
  const { method, path, endpoint, tenant, client, callId, page } = match;
  return (
    (method === undefined || method.toUpperCase() === facts.method) &&
    (path === undefined || matchesPath(path, facts.path)) &&
    (endpoint === undefined || endpoint.replace(/^\/+/, '') === facts.endpoint) &&
    sameId(tenant, facts.tenantId) &&
    sameId(client, facts.appId) &&
    (callId === undefined || isSameId(callId, facts.callId ?? '')) &&
    (page === undefined || page === facts.page)
  );
}

export function matchesNotification(match: FaultMatch, facts: NotificationFacts): boolean {
  const { tenant, callId, subscriptionId, changeType } = match;
  return (
    sameId(tenant, facts.tenantId) &&
    (callId === undefined || isSameId(callId, facts.callId ?? '')) &&
    (subscriptionId === undefined || subscriptionId === facts.subscriptionId) &&
    (changeType === undefined || changeType === facts.changeType)
  );
}

function sameId(wanted: string | undefined, id: string | undefined): boolean {
  return wanted === undefined || wanted.toLowerCase() === id?.toLowerCase();
}

/** Matches piece by piece, so that the cost of any pattern is linear in the length of the path. */
function matchesPath(pattern: string, path: string): boolean {
  const [first = '', ...pieces] = pattern.split('*');
  if (!path.startsWith(first)) return false;
  const last = pieces.pop();
  if (last === undefined) return path === first;
  let at = first.length;
  for (const piece of pieces) {
    const found = path.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return path.length - last.length >= at && path.endsWith(last);
}
