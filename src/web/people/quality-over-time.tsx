/** Plots calls and those with poor media by day or week. A table next to it has the same data. */
import { useMemo } from 'preact/hooks';
import type { ActivitySummary, QualityPeriod } from '../../analysis/activity.ts';
import type { ActivityFacts } from '../../serve/internal/people/activity-page.ts';
import { formatNumber, peopleMessages as messages } from '../messages/en.ts';
import { DataTable } from '../parts/data-table.tsx';
import { useBars } from '../statistics/use-bars.ts';
import { formatTime } from '../times.ts';
import { everyPeriod } from './every-period.ts';

interface QualityProps {
  readonly quality: ActivitySummary['quality'];
  readonly span: ActivityFacts['span'];
}

export function QualityOverTime({ quality, span }: QualityProps) {
  const periods = useMemo(() => everyPeriod(quality, span), [quality, span]);
  return (
    <section class="sheet">
      <h2>{messages.quality}</h2>
      <Plot periods={periods} period={quality.period} />
      <details>
        <summary>{messages.asTable}</summary>
        <DataTable
          label={messages.quality}
          rows={quality.periods.toReversed()}
          columns={[
            { head: messages.periods[quality.period], cell: ({ date }) => date },
            { head: messages.calls, cell: ({ calls }) => formatNumber(calls) },
            { head: messages.classified, cell: ({ classified }) => formatNumber(classified) },
            { head: messages.poor, cell: ({ poor }) => formatNumber(poor) },
            {
              head: messages.share,
              cell: ({ classified, poor }) =>
                classified === 0 ? '' : messages.percent(((100 * poor) / classified).toFixed(1)),
            },
          ]}
        />
      </details>
    </section>
  );
}

interface PlotProps {
  readonly periods: readonly QualityPeriod[];
  readonly period: 'day' | 'week';
}

function Plot({ periods, period }: PlotProps) {
  const { place, shown } = useBars(periods, ({ date, calls, poor }) => ({ date, calls, bad: poor }));
  const [first, last] = [periods[0]?.date ?? '', periods.at(-1)?.date ?? ''];
  return (
    <>
      <div ref={place} class="days-plot" role="img" aria-label={messages.plots[period](first, last)} />
      <p class="quiet legend">
        <span class="bar calls-bar" /> {messages.legendCalls} <span class="bar failed-bar" />{' '}
        {messages.legendPoor}
        {shown !== undefined &&
          messages.pointed(formatTime(shown.date, 'day', 'UTC'), shown.calls, shown.classified, shown.poor)}
      </p>
    </>
  );
}
