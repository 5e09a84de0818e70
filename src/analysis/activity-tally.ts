/** Adds up the calls of a person or a number. */
import { isUnanswered, type UnansweredKind } from '../contract/failure.ts';
import { dayOf } from '../store/search.ts';
import type {
  ActivityPerson,
  ActivitySummary,
  CallAttendance,
  CompanionSums,
  QualityPeriod,
} from './activity.ts';
import { lengthOfSpans, type TimeSpan, unionOf, wholeSeconds } from './spans.ts';

const mostCompanions = 50;
const mostOtherNames = 20;
/** A longer span is shown by weeks. */
const mostDays = 31;
const ticksPerDay = 864_000_000_000n;

type Period = ActivitySummary['quality']['period'];

/** Returns the period by which a span is shown. */
export function periodOf(from: bigint, before: bigint): Period {
  return before - from <= BigInt(mostDays) * ticksPerDay ? 'day' : 'week';
}

interface TalliedCompanion {
  readonly person: ActivityPerson;
  calls: number;
  isTimeKnown: boolean;
  readonly together: TimeSpan[];
}

export class ActivityTally {
  readonly #period: Period;
  readonly #mostCompared: number;
  readonly #spans: TimeSpan[] = [];
  readonly #periods = new Map<number, { calls: number; classified: number; poor: number }>();
  readonly #companions = new Map<string, TalliedCompanion>();
  readonly #unanswered = { received: noUnanswered(), made: noUnanswered(), unstated: noUnanswered() };
  readonly #names = new Set<string>();
  #person: ActivityPerson | undefined;
  #calls = 0;
  #likely = 0;
  #eachMs = 0;
  #withoutTimes = 0;
  #failed = 0;
  #leftOut = 0;

  constructor(period: Period, mostCompared: number) {
    this.#period = period;
    this.#mostCompared = mostCompared;
  }

  /** Adds a call. @param part The next older one: a person has the name in the newest. */
  add(part: CallAttendance): void {
    const { call, person, certainty, side, outcome, spans, failures, verdict, companions } = part;
    this.#calls++;
    if (certainty === 'likely') this.#likely++;
    this.#person = this.#person === undefined ? person : withMore(this.#person, person);
    this.#names.add(person.name);
    if (spans === null) this.#withoutTimes++;
    else {
      this.#spans.push(...spans);
      this.#eachMs += lengthOfSpans(spans);
    }
    if (outcome !== 'failed' && outcome !== 'connected' && outcome !== 'unknown') {
      const counts = side === 'callee' ? 'received' : side === 'caller' ? 'made' : 'unstated';
      this.#unanswered[counts][outcome]++;
    }
    if (failures.some(({ kind }) => !isUnanswered(kind))) this.#failed++;
    this.#addQuality(call.startTicks, verdict);
    if (companions === undefined) this.#leftOut++;
    for (const one of companions ?? []) this.#addCompanion(one.person, one.together);
  }

  /** The person as last seen; `undefined` before the first call. */
  get person(): ActivityPerson | undefined {
    return this.#person;
  }

  otherNames(): readonly string[] {
    return [...this.#names].filter((name) => name !== this.#person?.name).slice(0, mostOtherNames);
  }

  summary(): ActivitySummary {
    const periods = [...this.#periods].sort(([a], [b]) => a - b);
    const people = [...this.#companions.values()].map(sumsOf).sort(mostCallsFirst);
    const sum = (name: 'classified' | 'poor') => periods.reduce((all, [, one]) => all + one[name], 0);
    return {
      calls: this.#calls,
      likelyCalls: this.#likely,
      seconds: wholeSeconds(lengthOfSpans(unionOf(this.#spans))),
      secondsOfEachCall: wholeSeconds(this.#eachMs),
      callsWithoutTimes: this.#withoutTimes,
      unanswered: this.#unanswered,
      failed: this.#failed,
      quality: {
        period: this.#period,
        periods: periods.map(([day, counts]): QualityPeriod => ({ date: dateOf(day), ...counts })),
        classified: sum('classified'),
        poor: sum('poor'),
      },
      companions: {
        people: people.slice(0, mostCompanions),
        others: Math.max(0, people.length - mostCompanions),
        mostPeople: this.#mostCompared,
        callsLeftOut: this.#leftOut,
      },
    };
  }

  #addQuality(startTicks: bigint, verdict: CallAttendance['verdict']): void {
    const day = dayOf(startTicks);
    const first = this.#period === 'day' ? day : mondayOf(day);
    let counts = this.#periods.get(first);
    if (counts === undefined) this.#periods.set(first, (counts = { calls: 0, classified: 0, poor: 0 }));
    counts.calls++;
    if (verdict === 'good' || verdict === 'poor') counts.classified++;
    if (verdict === 'poor') counts.poor++;
  }

  #addCompanion(person: ActivityPerson, together: readonly TimeSpan[] | null): void {
    const key = person.id === '' ? `\n${person.name}` : person.id.toLowerCase();
    let sums = this.#companions.get(key);
    if (sums === undefined)
      this.#companions.set(key, (sums = { person, calls: 0, isTimeKnown: false, together: [] }));
    sums.calls++;
    if (together === null) return;
    sums.isTimeKnown = true;
    sums.together.push(...together);
  }
}

function noUnanswered(): Record<UnansweredKind, number> {
  return { notAnswered: 0, declined: 0, busy: 0, canceled: 0 };
}

/** Returns a person with what only older calls state. */
function withMore(newest: ActivityPerson, older: ActivityPerson): ActivityPerson {
  return {
    ...newest,
    tenantId: newest.tenantId ?? older.tenantId,
    tenantName: newest.tenantName ?? older.tenantName,
    userPrincipalName: newest.userPrincipalName ?? older.userPrincipalName,
  };
}

function sumsOf({ person, calls, isTimeKnown, together }: TalliedCompanion): CompanionSums {
  const seconds = wholeSeconds(lengthOfSpans(unionOf(together)));
  return { ...person, calls, secondsTogether: isTimeKnown ? seconds : null };
}

function mostCallsFirst(a: CompanionSums, b: CompanionSums): number {
  return b.calls - a.calls || (b.secondsTogether ?? 0) - (a.secondsTogether ?? 0) || (a.id < b.id ? -1 : 1);
}

/** Returns the Monday of a day's week. January 1, 1970 was a Thursday. */
function mondayOf(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7);
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
