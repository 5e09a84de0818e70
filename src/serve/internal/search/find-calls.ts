/** Answers `GET /rollcall/calls`: finds calls by participants and quality, newest first. */
import { setImmediate } from 'node:timers/promises';
import type { SkipTokens } from '../../../query/odata/skip-token.ts';
import type { CallSearch, FoundCall, Organizer } from '../../../store/search.ts';
import { type CallPeople, peopleOfCalls } from '../../../store/shown-people.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { formatTicks } from '../../../base/ticks.ts';
import { type CallOutcome, outcomeSentence } from '../../../contract/call-outcome.ts';
import { failureWords } from '../../../contract/failure.ts';
import type { Standing } from '../../../contract/completeness-state.ts';
import { standingsOf } from '../../../maintain/verify/call-completeness.ts';
import { optionsBut } from '../../../graph/next-link.ts';
import { parseSearch } from './parameters.ts';
import { type SearchPage, readSearchPage, type SearchPlace } from './search-page.ts';
import { CsvFile, csvHeaders } from '../csv-file.ts';
import { foundCallColumns } from './calls-csv.ts';
import { type Answer, bodyOf } from '../../../graph/exchange.ts';
import { jsonAnswer } from '../json-response.ts';

interface SearchParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
}

/** Answers with a page of calls or a CSV file of them. @param url The URL of the collection, as the client reached it */
export async function findCallsAnswer(
  { store, skipTokens }: SearchParts,
  tenantId: string,
  url: string,
  query: string,
): Promise<Answer> {
  const asked = parseSearch(query);
  const { skipToken, selection } = asked;
  // A token is valid for the search and the order that issued it, whatever the order of the parameters.
  const binding = JSON.stringify(['calls', tenantId, selection]);
  const after = skipToken === undefined ? undefined : placeOf(skipTokens, skipToken, binding);
  const page = await readSearchPage(store, tenantId, asked, after);
  const link = page.next && nextLink(page.next);
  return asked.format === 'csv'
    ? csvAnswer(store, tenantId, page, link)
    : jsonAnswer(await pageText(store, tenantId, asked.search, page, link));

  function nextLink({ call, startTicks, place }: SearchPlace): string {
    const token = skipTokens.format({ ...nowhere, index: call, startTicks, edition: place }, binding);
    return `${url}?${[...optionsBut(query, 'skiptoken'), `$skiptoken=${token}`].join('&')}`;
  }
}

async function pageText(
  store: CallRecordStore,
  tenantId: string,
  search: CallSearch,
  { calls, total, sorted }: SearchPage,
  link: string | undefined,
): Promise<string> {
  const rows = (await foundRows(store, tenantId, search, calls)).map((row) => foundRowText(row));
  const members = [
    ...(total === undefined ? [] : [`"total":${JSON.stringify(total)}`]),
    ...(sorted === undefined ? [] : [`"sorted":${JSON.stringify(sorted)}`]),
    // The link stands before the calls, as in Graph's lists: clients without a JSON parser find it there.
    ...(link === undefined ? [] : [`"@odata.nextLink":${JSON.stringify(link)}`]),
    `"value":[${rows.join()}]`,
  ];
  return `{${members.join()}}`;
}

/** Rows whose states are looked up together. */
const rowsAtOnce = 500;

async function csvAnswer(
  store: CallRecordStore,
  tenantId: string,
  { calls, sorted }: SearchPage,
  link: string | undefined,
): Promise<Answer> {
  const file = new CsvFile(foundCallColumns);
  for (let at = 0; at < calls.length; at += rowsAtOnce) {
    const some = calls.slice(at, at + rowsAtOnce);
    const ids = some.map(({ callId }) => callId);
    const states = await standingsOf(store, tenantId, await store.evidence.newest(tenantId, ids));
    await file.add(some.map((call) => ({ call, state: states.get(call.callId)?.state ?? 'missing' })));
    await setImmediate(); // lets other requests run
  }
  // The name of a file that lacks calls says so.
  const isCut = link !== undefined || sorted?.isAll === false;
  const name = isCut ? `calls-newest-${sorted?.of ?? calls.length}.csv` : 'calls.csv';
  return { status: 200, headers: csvHeaders(name, link), body: bodyOf(await file.bytes()) };
}

export interface FoundRow {
  readonly call: FoundCall;
  /** Absent when the newest edition is damaged, or the call was deleted meanwhile. */
  readonly standing: Standing | undefined;
  readonly people: CallPeople;
}

export async function foundRows(
  store: CallRecordStore,
  tenantId: string,
  search: CallSearch,
  calls: readonly FoundCall[],
): Promise<readonly FoundRow[]> {
  const ids = calls.map(({ callId }) => callId);
  const editions = await store.evidence.newest(tenantId, ids);
  const states = await standingsOf(store, tenantId, editions);
  const people = await peopleOfCalls(store, search, calls, editions);
  return calls.map((call, i) => ({ call, standing: states.get(call.callId), people: people[i]! })); // one for each call
}

/** Formats a row as JSON. @param more Further members, each with a comma before it */
export function foundRowText({ call, standing, people }: FoundRow, more = ''): string {
  return callText(call, stateText(standing) + peopleText(call, people) + more);
}

/** Formats a state. @param standing Absent when the newest edition is damaged, or the call was deleted meanwhile. */
function stateText(standing: Standing | undefined): string {
  return `,"state":"${standing?.state ?? 'missing'}"`;
}

/** The seek position's unused members; its edition holds a place, because a search has no edition. */
const nowhere = { pageSize: undefined, omitNulls: false, includeUnknownEnumMembers: false };

function placeOf(skipTokens: SkipTokens, token: string, binding: string): SearchPlace {
  const { index, startTicks = 0n, edition } = skipTokens.parse(token, binding);
  return { call: index, startTicks, place: edition };
}

function peopleText({ external, unknown, participants }: FoundCall, people: CallPeople): string {
  // No participant is known, so it is unknown whether any is external.
  const counts = participants === 0 ? { external: null, unknown: null } : { external, unknown };
  return `,"people":${JSON.stringify({ ...people, ...counts })}`;
}

/** Formats a call as JSON, with the digits of its version as stored. */
export function callText(call: FoundCall, more = ''): string {
  const { callId, version, startTicks, endTicks } = call;
  const { type, modalities, joinWebUrl, organizer, participants, sessions, poor, ratings, incomplete } = call;
  const members = JSON.stringify({
    type,
    modalities,
    startDateTime: formatTicks(startTicks),
    endDateTime: endTicks === undefined ? null : formatTicks(endTicks),
    joinWebUrl,
    organizer: organizer && shownOrganizer(organizer),
    participants,
    sessions,
    outcome: call.outcome,
    outcomeText: outcomeSentence(call),
    failed: call.outcome === 'failed',
    failures: shownFailures(call),
    poor,
    ratings,
    incomplete,
  });
  return `{"id":${JSON.stringify(callId)},"version":${version},${members.slice(1, -1)}${more}}`;
}

function shownOrganizer({ displayName, id, kind }: Organizer) {
  return { displayName, id, kind };
}

/** Returns the failures; null when every session ended well, or none is stored. */
function shownFailures({ failures }: Pick<CallOutcome, 'failures'>) {
  if (failures === undefined) return null;
  const reasons = failures.reasons.map(({ kind, stage, text, sessions, people }) => ({
    ...{ kind, stage, reason: text, words: failureWords({ kind, stage, text }), sessions, people },
  }));
  return { people: failures.people, affected: failures.affected, reasons };
}
