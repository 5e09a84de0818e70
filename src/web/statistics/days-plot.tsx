/** Plots the calls per day. A table next to it has the same data. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { statisticsMessages as messages } from '../messages/en.ts';
import { theme, useChoice } from '../preferences.ts';
import { useMedia } from '../parts/use-media.ts';
import { formatTime } from '../times.ts';
import type { DayOfCalls } from './statistics.ts';
import type { DrawnPlot } from './draw-days.ts';

export function DaysPlot({ days }: { readonly days: readonly DayOfCalls[] }) {
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<DayOfCalls>();
  const [chosen] = useChoice(theme);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  useLayoutEffect(() => {
    let plot: DrawnPlot | undefined;
    let isGone = false;
    const observer = new ResizeObserver(() => plot?.resize());
    // The library is loaded only when a plot is shown.
    void import('./draw-days.ts').then(({ drawDays }) => {
      if (isGone || place.current === null) return;
      const plotted = days.map(({ date, calls, failed }) => ({ date, calls, bad: failed }));
      plot = drawDays(place.current, plotted, (index) =>
        setShown(index === undefined ? undefined : days[index]),
      );
      observer.observe(place.current);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      plot?.destroy();
    };
  }, [days, chosen, isDark]);
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
