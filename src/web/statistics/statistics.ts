/** Defines the counts of calls by day and by size, as `/rollcall/statistics` returns them. */
import { type ReasonKind, unansweredKinds } from '../../contract/failure.ts';
import { formatNumber, statisticsMessages } from '../messages/en.ts';

export interface DayOfCalls {
  /** A UTC day: `2026-03-02`. */
  readonly date: string;
  readonly calls: number;
  readonly participants: number;
  readonly failed: number;
  readonly notAnswered: number;
  readonly declined: number;
  readonly busy: number;
  readonly canceled: number;
  readonly poor: number;
}

/** Calls with a session that ended for a reason of this kind. */
export interface ReasonCount {
  readonly kind: ReasonKind;
  readonly words: string;
  readonly calls: number;
}

export interface Bucket {
  readonly from: number;
  /** Null for the last range, which has no upper limit. */
  readonly to: number | null;
  readonly calls: number;
}

export interface Statistics {
  readonly days: readonly DayOfCalls[];
  readonly reasons: readonly ReasonCount[];
  readonly participantsPerCall: readonly Bucket[];
}

const msPerDay = 86_400_000;
const noCalls = {
  ...{ calls: 0, participants: 0, failed: 0, poor: 0 },
  ...{ notAnswered: 0, declined: 0, busy: 0, canceled: 0 },
};

/** Returns every day from the first to the last, including days without calls, which the response omits. */
export function everyDay(days: readonly DayOfCalls[]): readonly DayOfCalls[] {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const known = new Map(days.map((day) => [day.date, day]));
  const all: DayOfCalls[] = [];
  for (let at = Date.parse(first.date); at <= Date.parse(last.date); at += msPerDay) {
    const date = new Date(at).toISOString().slice(0, 10);
    all.push(known.get(date) ?? { date, ...noCalls });
  }
  return all;
}

export function bucketName({ from, to }: Pick<Bucket, 'from' | 'to'>): string {
  if (to === null) return statisticsMessages.moreThan(from - 1);
  return from === to ? formatNumber(from) : statisticsMessages.between(from, to);
}

interface Totals {
  readonly calls: number;
  readonly participants: number;
  readonly failed: number;
  readonly poor: number;
  /** Not answered, declined, busy or canceled. */
  readonly unanswered: number;
}

export function totalsOf(days: readonly DayOfCalls[]): Totals {
  const sum = (name: Exclude<keyof DayOfCalls, 'date'>) => days.reduce((total, day) => total + day[name], 0);
  const unanswered = unansweredKinds.reduce((total, kind) => total + sum(kind), 0);
  return {
    calls: sum('calls'),
    participants: sum('participants'),
    failed: sum('failed'),
    poor: sum('poor'),
    unanswered,
  };
}
