/** Answers `GET /rollcall/logs/{log}`: rows of a phone log, newest first, each with its call, and their totals. */
import { setImmediate } from 'node:timers/promises';
import { parseTicks } from '../../../base/ticks.ts';
import { optionsBut } from '../../../graph/next-link.ts';
import type { SkipTokens } from '../../../query/odata/skip-token.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import type { LinkedPhoneRow, PhoneLog, PhoneLogPage, PhoneRow } from '../../../contract/phone-log.ts';
import { findCall } from './match-call.ts';
import { parsePhoneQuery, type PhoneQuery } from './phone-parameters.ts';
import { isMissed, logForms, readPhoneRow } from './phone-row.ts';
import { PhoneTally } from './phone-summary.ts';

export interface PhoneLogParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
}

/** Limits the work of one request. */
interface PhoneLimits {
  /** Maximum rows that the first page reads for the totals… */
  readonly summed: number;
  /** …and that any other page reads to find its own rows. */
  readonly read: number;
  /** Maximum missed calls whose record is looked up, when only those without one are requested. */
  readonly lookedUp: number;
}

const usualLimits: PhoneLimits = { summed: 100_000, read: 50_000, lookedUp: 1000 };
const rowsPerRead = 1000;
const linkedAtOnce = 8;

/** A position: rows before a tick, of which some are skipped. */
interface Place {
  readonly before: bigint;
  readonly skip: number;
}

/** Reads a page. @param url The URL of the log, as the client reached it. */
export async function readPhoneLog(
  { store, skipTokens }: PhoneLogParts,
  {
    tenantId,
    log,
    url,
    query,
  }: {
    readonly tenantId: string;
    readonly log: PhoneLog;
    readonly url: string;
    readonly query: string;
  },
  limits: PhoneLimits = usualLimits,
): Promise<PhoneLogPage & Pick<PhoneQuery, 'format' | 'isWhole'>> {
  const asked = parsePhoneQuery(log, query);
  const { format, size, isWhole, skipToken, selection } = asked;
  // A skip token is valid for the same selection of rows, in either format and with any page size.
  const binding = JSON.stringify(['logs', log, tenantId, selection]);
  const isFirst = skipToken === undefined;
  const isSummed = isFirst && format === 'json';
  const start = isFirst ? { before: asked.before, skip: 0 } : placeOf(skipTokens, skipToken, binding);
  const tally = new PhoneTally();
  const rows: PhoneRow[] = [];
  const mostRead = isSummed ? limits.summed : limits.read;
  let read = 0;
  let lookedUp = 0;
  let last: PlacedRow | undefined;
  let endOfPage: Place | undefined;
  let next: Place | undefined;
  let isCut = false;
  for await (const one of rowsOf(store, tenantId, log, asked.from, start)) {
    if (read >= mostRead || lookedUp >= limits.lookedUp) {
      isCut = true;
      next ??= last?.place;
      break;
    }
    read++;
    last = one;
    const { row } = one;
    if (!asked.matches(row)) continue;
    if (asked.state === 'missedWithoutRecord') {
      lookedUp++;
      if ((await findCall(store, tenantId, row)) !== undefined) continue;
    }
    tally.add(row);
    if (rows.length < size) {
      rows.push(row);
      endOfPage = one.place;
    } else {
      next ??= endOfPage;
      if (!isSummed) break;
    }
  }
  const value = await withCalls(store, tenantId, rows, asked.state === 'missedWithoutRecord');
  const unreadBefore = isCut ? (last?.row.startDateTime ?? '') : undefined;
  return {
    format,
    isWhole,
    ...(isSummed && { summary: tally.summary(unreadBefore) }),
    ...(next && { '@odata.nextLink': nextLink(next) }),
    value, // last, as in Graph's lists: clients without a JSON parser find the next link before it
  };

  function nextLink({ before, skip }: Place): string {
    const token = skipTokens.format({ ...nowhere, index: skip, startTicks: before }, binding);
    return `${url}?${[...optionsBut(query, 'skiptoken'), `$skiptoken=${token}`].join('&')}`;
  }
}

/** A log has no editions, and its rows have one representation. */
const nowhere = { edition: 0, pageSize: undefined, omitNulls: false, includeUnknownEnumMembers: false };

function placeOf(skipTokens: SkipTokens, token: string, binding: string): Place {
  const { index, startTicks = 0n } = skipTokens.parse(token, binding);
  return { before: startTicks, skip: index };
}

interface PlacedRow {
  readonly row: PhoneRow;
  /** The position after the row. */
  readonly place: Place;
}

/** Yields the rows from a position on, newest first. */
async function* rowsOf(
  store: CallRecordStore,
  tenantId: string,
  log: PhoneLog,
  from: bigint,
  start: Place,
): AsyncGenerator<PlacedRow> {
  const { kind } = logForms[log];
  let { before, skip } = start;
  for (;;) {
    const query = { kind, from, before, skip, limit: rowsPerRead, newestFirst: true };
    const texts = await store.logRows(tenantId, query);
    for (const text of texts) {
      const row = readPhoneRow(log, text);
      const ticks = row.startDateTime === null ? undefined : parseTicks(row.startDateTime);
      // A row without a time is at an unknown position below, so it is skipped by count.
      if (ticks !== undefined && ticks + 1n < before) [before, skip] = [ticks + 1n, 1];
      else skip++;
      yield { row, place: { before, skip } };
    }
    if (texts.length < rowsPerRead) return;
    await setImmediate(); // lets other requests run
  }
}

/** Adds the calls of rows. @param haveNone True when a lookup has already found no calls. */
async function withCalls(
  store: CallRecordStore,
  tenantId: string,
  rows: readonly PhoneRow[],
  haveNone: boolean,
): Promise<readonly LinkedPhoneRow[]> {
  const linked: LinkedPhoneRow[] = [];
  for (let at = 0; at < rows.length; at += linkedAtOnce) {
    const some = rows.slice(at, at + linkedAtOnce).map(async (row) => ({
      ...row,
      missed: isMissed(row),
      callRecord: (haveNone ? undefined : await findCall(store, tenantId, row)) ?? null,
    }));
    linked.push(...(await Promise.all(some)));
    await setImmediate();
  }
  return linked;
}
