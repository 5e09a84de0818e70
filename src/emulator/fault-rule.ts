/** A rule of a scripted fault: the requests or notifications that match, how often it applies, and its effect. */
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

/** One effect, or `delay` alone; `delay` combines with any effect on a request or its answer. */
export interface FaultEffect extends OddPlace {
  /** Makes one part of an otherwise valid answer odd. */
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
  /** The number of participants removed from the end of the list. */
  readonly participantsMissing?: number | undefined;
  readonly notification?: 'lost' | 'duplicated' | 'last' | 'delayed' | undefined;
}

export interface FaultRule {
  readonly match?: FaultMatch | undefined;
  /** The number of matches that are skipped first. */
  readonly after?: number | undefined;
  /** The number of matches that the fault is injected into; no limit when absent. */
  readonly times?: number | undefined;
  /** How long the rule is active after it was added. */
  readonly for?: Duration | undefined;
  /** When the rule ends, by the clock of the emulator. */
  readonly until?: string | undefined;
  readonly effect: FaultEffect;
}

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
