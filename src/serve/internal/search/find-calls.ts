/** Answers `GET /rollcall/calls`: finds calls by participants and quality, newest first. */
import { ownParameters } from '../../../query/odata/query-options.ts';
import type { SkipTokens } from '../../../query/odata/skip-token.ts';
import type { FoundCall } from '../../../store/search.ts';
import type { CallPosition } from '../../../store/call-list.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { formatTicks } from '../../../base/ticks.ts';
import { type CallOutcome, outcomeSentence } from '../../../contract/call-outcome.ts';
import { failureWords } from '../../../contract/failure.ts';
import type { Standing } from '../../../contract/completeness-state.ts';
import { newestStandings } from '../../../maintain/verify/call-completeness.ts';
import { optionsBut } from '../../../graph/next-link.ts';
import { callSearch, pageSize, searchParameters } from './parameters.ts';

/** Returns a page of calls as JSON. @param url The URL of the collection, as the client reached it. */
export async function findCallsText(
  { store, skipTokens }: { readonly store: CallRecordStore; readonly skipTokens: SkipTokens },
  tenantId: string,
  url: string,
  query: string,
): Promise<string> {
  const parameters = ownParameters(query, searchParameters);
  const search = callSearch(parameters);
  const size = pageSize(parameters.$top);
  // A token is valid for the search that issued it, in any order of the parameters.
  const conditions = searchParameters.filter((name) => !name.startsWith('$'));
  const binding = JSON.stringify(['calls', tenantId, ...conditions.map((name) => parameters[name] ?? null)]);
  const { $skiptoken } = parameters;
  const after = $skiptoken === undefined ? undefined : positionOf(skipTokens, $skiptoken, binding);
  const { calls, next } = await store.search.find(tenantId, search, after, size);
  const ids = calls.map(({ callId }) => callId);
  const states = await newestStandings(store, tenantId, ids);
  const value = `"value":[${calls.map((call) => callText(call, stateText(states.get(call.callId)))).join()}]`;
  if (next === undefined) return `{${value}}`;
  const token = skipTokens.format({ ...nowhere, index: next.call, startTicks: next.startTicks }, binding);
  const options = [...optionsBut(query, 'skiptoken'), `$skiptoken=${token}`];
  // The link stands before the calls, as in Graph's lists: clients without a JSON parser find it there.
  return `{"@odata.nextLink":${JSON.stringify(`${url}?${options.join('&')}`)},${value}}`;
}

/** Formats a state. @param standing Absent when the newest edition is damaged, or the call was deleted meanwhile. */
function stateText(standing: Standing | undefined): string {
  return `,"state":"${standing?.state ?? 'missing'}"`;
}

/**
 * The seek position's unused members. A search has no edition: calls that arrive meanwhile sort before the returned
 * page.
 */
const nowhere = { edition: 0, pageSize: undefined, omitNulls: false, includeUnknownEnumMembers: false };

function positionOf(skipTokens: SkipTokens, token: string, binding: string): CallPosition {
  const { index, startTicks = 0n } = skipTokens.parse(token, binding);
  return { call: index, startTicks };
}

/** Formats a call as JSON, with the digits of its version as stored. */
export function callText(call: FoundCall, more = ''): string {
  const { callId, version, startTicks, endTicks } = call;
  const { type, modalities, joinWebUrl, organizer, participants, sessions, poor, incomplete } = call;
  const members = JSON.stringify({
    type,
    modalities,
    startDateTime: formatTicks(startTicks),
    endDateTime: endTicks === undefined ? null : formatTicks(endTicks),
    joinWebUrl,
    organizer,
    participants,
    sessions,
    outcome: call.outcome,
    outcomeText: outcomeSentence(call),
    failed: call.outcome === 'failed',
    failures: shownFailures(call),
    poor,
    incomplete,
  });
  return `{"id":${JSON.stringify(callId)},"version":${version},${members.slice(1, -1)}${more}}`;
}

/** Returns the failures; null when every session ended well, or none is stored. */
function shownFailures({ failures }: Pick<CallOutcome, 'failures'>) {
  if (failures === undefined) return null;
  const reasons = failures.reasons.map(({ kind, stage, text, sessions, people }) => ({
    ...{ kind, stage, reason: text, words: failureWords({ kind, stage, text }), sessions, people },
  }));
  return { people: failures.people, affected: failures.affected, reasons };
}
