/** Plots the calls per day. A table next to it has the same data. */
import { statisticsMessages as messages } from '../messages/en.ts';
import { formatTime } from '../times.ts';
import type { DayOfCalls } from './statistics.ts';
import { useBars } from './use-bars.ts';

export function DaysPlot({ days }: { readonly days: readonly DayOfCalls[] }) {
  const { place, shown } = useBars(days, ({ date, calls, failed }) => ({ date, calls, bad: failed }));
  const last = days.at(-1);
  return (
    <>
      <div
        ref={place}
        class="days-plot"
        role="img"
        aria-label={messages.plot(days[0]?.date ?? '', last?.date ?? '')}
      />
      <p class="quiet legend">
        <span class="bar calls-bar" /> {messages.legendCalls} <span class="bar failed-bar" />{' '}
        {messages.legendFailed}
        {shown !== undefined &&
          messages.pointed(
            <b>{formatTime(shown.date, 'day', 'UTC')}</b>,
            shown.calls,
            shown.participants,
            shown.failed,
            shown.poor,
          )}
      </p>
    </>
  );
}
