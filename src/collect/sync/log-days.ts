/** Plans which days of a log to read. Rows have no versions and no index, so days are read repeatedly. Pure. */
import { edms } from '../../contract/edm.ts';
import { simpleName } from '../../contract/names.ts';
import { gaps, type Span } from '../../store/spans.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import { ticksOf } from '../../base/ticks.ts';

/** An upstream log: `v1.0/getPstnCalls`. */
export interface UpstreamLog {
  readonly version: 'v1.0' | 'beta';
  readonly name: string;
  readonly kind: string;
  /** True when its rows are totals of the requested days, which are then requested one by one. */
  readonly isReport: boolean;
}

const dayMs = 24 * 3600_000;
const ticksPerDay = BigInt(dayMs) * 10_000n;
/** The maximum days per request (reference "getPstnCalls"). */
const windowDays = 90;
/** How long after its end a day is read again, because rows arrive late; at most once per `againMs`. */
const lateMs = 2 * dayMs;
const againMs = 6 * 3600_000;

/** Returns the log with a name. A name without a version means v1.0, if it has the log. */
export function logNamed(text: string): UpstreamLog | undefined {
  const [, version, name = ''] = /^(?:(v1\.0|beta)\/)?(\w+)$/.exec(text) ?? [];
  const versions = version === undefined ? (['v1.0', 'beta'] as const) : [version as 'v1.0' | 'beta']; // the pattern guarantees it
  for (const one of versions) {
    const found = edms[one].functions.find((log) => log.name === name);
    if (found !== undefined)
      return { version: one, name, kind: simpleName(found.returns), isReport: found.time === undefined };
  }
  return undefined;
}

/** Returns the days to read, oldest first, as the first moment of each. */
export function dueDays(
  nowMs: number,
  sinceMs: number | undefined,
  listed: readonly ListedSpan[],
  freshForMs = againMs,
): number[] {
  const today = startOfDay(nowMs);
  const oldest = today - (windowDays - 1) * dayMs;
  const first = Math.max(oldest, sinceMs === undefined ? oldest : startOfDay(sinceMs));
  const due: number[] = [];
  for (let ms = first; ms <= today; ms += dayMs) {
    const [from, before] = [ticksOf(new Date(ms)), ticksOf(new Date(ms + dayMs))];
    const read = listed.find((span) => span.from <= from && span.before >= before);
    const isFinal = read !== undefined && read.listedMs >= ms + dayMs + lateMs;
    const isFresh = read !== undefined && read.listedMs > nowMs - freshForMs;
    if (!isFinal && !isFresh) due.push(ms);
  }
  return due;
}

/** Days per request in a backfill: 90 days then stay below Graph's limits on logs. */
const daysOfRun = 10;

/**
 * Groups days into requests: completed days in runs, each later day and each day of a report separately.
 *
 * @param days First moments, oldest first.
 */
export function runsOf({ isReport }: UpstreamLog, days: readonly number[], nowMs: number): Span[] {
  const runs: Span[] = [];
  for (const ms of days) {
    const day = daysOf(ms, ms + dayMs);
    const last = runs.at(-1);
    const isFinal = ms + dayMs + lateMs <= nowMs;
    if (isFinal && !isReport && last?.before === day.from && daysIn(last).length < daysOfRun)
      runs[runs.length - 1] = { from: last.from, before: day.before };
    else runs.push(day);
  }
  return runs;
}

export function daysIn({ from, before }: Span): Span[] {
  const days: Span[] = [];
  for (let day = from; day < before; day += ticksPerDay) days.push({ from: day, before: day + ticksPerDay });
  return days;
}

/** Returns the span of one request: whole UTC days. */
function daysOf(fromMs: number, beforeMs: number): Span {
  return { from: ticksOf(new Date(fromMs)), before: ticksOf(new Date(beforeMs)) };
}

/** How far back a log was read. */
export interface LogBackfill {
  /** First moment of the oldest requested day. */
  readonly reachedMs: number;
  readonly askedMs: number;
}

interface OlderWindow {
  readonly fromMs: number;
  /** Spans of whole days in the window that were not listed. */
  readonly holes: readonly Span[];
}

/** Maximum windows to request: ten years. */
const mostWindows = 40;

/**
 * Yields the windows before the days of `dueDays`, newest first. Microsoft documents that some countries keep logs
 * longer, but not how long.
 *
 * @param sinceMs The earliest moment to read; no limit when absent.
 * @param reachedMs How far back an earlier run read: nothing before it is requested again.
 */
export function* olderWindows(
  nowMs: number,
  sinceMs: number | undefined,
  reachedMs: number | undefined,
  listed: readonly ListedSpan[],
): Generator<OlderWindow> {
  const floorMs = Math.max(startOfDay(sinceMs ?? 0), reachedMs ?? 0);
  let beforeMs = startOfDay(nowMs) - (windowDays - 1) * dayMs;
  for (let windows = 0; windows < mostWindows && beforeMs > floorMs; windows++) {
    const fromMs = Math.max(beforeMs - windowDays * dayMs, floorMs);
    yield { fromMs, holes: gaps(daysOf(fromMs, beforeMs), listed) };
    beforeMs = fromMs;
  }
}

function startOfDay(ms: number): number {
  return Math.floor(ms / dayMs) * dayMs;
}
