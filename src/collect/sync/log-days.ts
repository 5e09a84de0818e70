/** Which days of a log are to be read: rows have no versions and no list of what there is, so days are read again. Pure. */
import { edms } from '../../contract/edm.ts';
import { simpleName } from '../../contract/names.ts';
import { gaps, type Span } from '../../store/spans.ts';
import type { ListedSpan } from '../../store/upstream.ts';
import { ticksOf } from '../../base/ticks.ts';

/** A log as it is asked for: `v1.0/getPstnCalls`. */
export interface UpstreamLog {
  readonly version: 'v1.0' | 'beta';
  readonly name: string;
  readonly kind: string;
  /** Whether its rows sum up the days that were asked for: they are asked for one by one. */
  readonly isReport: boolean;
}

const dayMs = 24 * 3600_000;
const ticksPerDay = BigInt(dayMs) * 10_000n;
/** One request may ask for so many days (reference "getPstnCalls"). */
const windowDays = 90;
/** Rows come late: a day is read again until so long after its end, but not more often than `againMs`. */
const lateMs = 2 * dayMs;
const againMs = 6 * 3600_000;

/** Every log there is. A name without a version is v1.0's, where it has the log. */
export function logNamed(text: string): UpstreamLog | undefined {
  const [, version, name = ''] = /^(?:(v1\.0|beta)\/)?(\w+)$/.exec(text) ?? [];
  const versions = version === undefined ? (['v1.0', 'beta'] as const) : [version as 'v1.0' | 'beta']; // the pattern's
  for (const one of versions) {
    const found = edms[one].functions.find((log) => log.name === name);
    if (found !== undefined)
      return { version: one, name, kind: simpleName(found.returns), isReport: found.time === undefined };
  }
  return undefined;
}

/** Days to read, oldest first, as the first moment of each. */
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

/** So many days are read with one request: a backfill of 90 days then waits for none of Graph's limits on logs. */
const daysOfRun = 10;

/**
 * The spans to ask for: days that get no more rows in runs, every later day by itself, and every day of a report.
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

/** Each day of a span of whole days. */
export function daysIn({ from, before }: Span): Span[] {
  const days: Span[] = [];
  for (let day = from; day < before; day += ticksPerDay) days.push({ from: day, before: day + ticksPerDay });
  return days;
}

/** The days of one request: whole days of UTC. */
function daysOf(fromMs: number, beforeMs: number): Span {
  return { from: ticksOf(new Date(fromMs)), before: ticksOf(new Date(beforeMs)) };
}

/** How far back a log was read. */
export interface LogBackfill {
  /** First moment of the oldest day that was asked for. */
  readonly reachedMs: number;
  readonly askedMs: number;
}

interface OlderWindow {
  readonly fromMs: number;
  /** What of the window was not listed: spans of whole days. */
  readonly holes: readonly Span[];
}

/** Windows are asked for so far back at most: ten years. */
const mostWindows = 40;

/**
 * The windows before the days that `dueDays` reads, newest first: Microsoft documents that logs are kept longer in some
 * countries, and not how long.
 *
 * @param sinceMs The first moment of interest; all there is, when absent.
 * @param reachedMs How far back an earlier reading has asked: nothing is asked for before it again.
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
