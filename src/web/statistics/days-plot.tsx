/** Plots the calls per day. A table next to it has the same data. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
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
      plot = drawDays(place.current, days, (index) =>
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
        aria-label={`Calls per day from ${days[0]?.date ?? ''} to ${last?.date ?? ''}`}
      />
      <p class="quiet legend">
        <span class="bar calls-bar" /> calls <span class="bar failed-bar" /> of them failed
        {shown !== undefined && (
          <>
            {' '}
            — <b>{formatTime(shown.date, 'day', 'UTC')}</b>: {shown.calls.toLocaleString('en')} calls,{' '}
            {shown.participants.toLocaleString('en')} participants, {shown.failed} failed, {shown.poor} poor
          </>
        )}
      </p>
    </>
  );
}
