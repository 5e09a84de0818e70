/** A scripted fault: which requests or notifications, how often, and what becomes of them. */
import { isSameId } from '../contract/ids.ts';
import type { Duration } from './duration.ts';
import type { OddKind, OddPlace } from './odd/kinds.ts';
import type { NotificationFacts, RequestFacts } from './request-facts.ts';

interface FaultMatch {
  readonly method?: string | undefined;
  /** The whole path; `*` stands for any text. */
  readonly path?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly tenant?: string | undefined;
  readonly client?: string | undefined;
  readonly callId?: string | undefined;
  readonly page?: number | undefined;
  readonly subscriptionId?: string | undefined;
  readonly changeType?: string | undefined;
}

/** One of these, or `delay` by itself; `delay` goes with any effect on a request or its answer. */
export interface FaultEffect extends OddPlace {
  /** The answer is valid in most of its parts, and odd in one. */
  readonly odd?: OddKind | undefined;
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly cut?: 'before' | 'middle' | undefined;
  readonly wrongJson?: 'truncated' | 'html' | 'empty' | undefined;
  readonly delay?: Duration | undefined;
  /** The call is in no list, and asking for it is 404. */
  readonly late?: true | undefined;
  /** So many are missing from the end of the list. */
  readonly participantsMissing?: number | undefined;
  readonly notification?: 'lost' | 'duplicated' | 'last' | 'delayed' | undefined;
}

export interface FaultRule {
  readonly match?: FaultMatch | undefined;
  /** Lets so many pass first. */
  readonly after?: number | undefined;
  /** Then plays so often; without end when absent. */
  readonly times?: number | undefined;
  /** Ends so long after it was added. */
  readonly for?: Duration | undefined;
  /** Ends at a date and time of the clock. */
  readonly until?: string | undefined;
  readonly effect: FaultEffect;
}

type FaultScope = 'request' | 'answer' | 'notification' | 'view';

/** What a rule is held against: requests, answers, notifications, or what the store shows. */
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

/** Piece by piece, so that no pattern costs more than the length of the path. */
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
