/** Adds the days or weeks without calls, which the response omits. */
import type { ActivitySummary, QualityPeriod } from '../../analysis/activity.ts';
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';

const msPerDay = 86_400_000;
/** A plot of all years begins with the first call. */
const mostPeriods = 120;

export function everyPeriod(
  { period, periods }: ActivitySummary['quality'],
  { fromDateTime, toDateTime }: ActivityFacts['span'],
): readonly QualityPeriod[] {
  const first = periods[0]?.date;
  const last = periods.at(-1)?.date;
  if (first === undefined || last === undefined) return [];
  const days = period === 'day' ? 1 : 7;
  const step = days * msPerDay;
  const known = new Map(periods.map((one) => [one.date, one]));
  const offset = Date.parse(first) % step;
  const floor = (at: number) => Math.floor((at - offset) / step) * step + offset;
  const all = floor(Date.parse(toDateTime) - 1) - floor(Date.parse(fromDateTime));
  const isWhole = all / step < mostPeriods;
  const from = isWhole ? floor(Date.parse(fromDateTime)) : Date.parse(first);
  const to = isWhole ? floor(Date.parse(toDateTime) - 1) : Date.parse(last);
  const filled: QualityPeriod[] = [];
  for (let at = from; at <= to; at += step) {
    const date = new Date(at).toISOString().slice(0, 10);
    filled.push(known.get(date) ?? { date, calls: 0, classified: 0, poor: 0 });
  }
  return filled;
}
