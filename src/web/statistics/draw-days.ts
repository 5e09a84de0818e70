/** Draws calls per day with uPlot. */
import uPlot from 'uplot';
import { statisticsMessages } from '../messages/en.ts';
import { formatTime } from '../times.ts';

/** Bars of one day or week. */
export interface PlottedPeriod {
  /** Its first UTC day: `2026-03-02`. */
  readonly date: string;
  readonly calls: number;
  /** Calls of these that are drawn in the color of failures. */
  readonly bad: number;
}

export interface DrawnPlot {
  readonly resize: () => void;
  readonly destroy: () => void;
}

const height = 220;
/** The days between two labels: a label names a day, so that there is at most one for each. */
const tickDays = [1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730, 1825];

/** Draws the plot. @param onPointed Called with the day under the pointer. */
export function drawDays(
  place: HTMLElement,
  days: readonly PlottedPeriod[],
  onPointed: (index: number | undefined) => void,
): DrawnPlot {
  const style = getComputedStyle(place);
  const color = (name: string) => resolved(place, `var(--${name})`);
  const font = `12px ${style.fontFamily}`;
  const bars = uPlot.paths.bars?.({ size: [0.7, 40], radius: 0.15 });
  const series = (label: string, fill: string): uPlot.Series => ({
    label,
    fill,
    stroke: fill,
    width: 0,
    points: { show: false },
    ...(bars && { paths: bars }),
  });
  const axis = { stroke: color('quiet'), font, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height,
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC'),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { time: true, range: (_, from, to) => [from - 43_200, to + 43_200] },
        y: { range: (_, __, to) => [0, Math.max(1, to * 1.08)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          incrs: tickDays.map((days) => days * 86_400),
          values: (_, ticks) => ticks.map((seconds) => formatTime(seconds * 1000, 'date', 'UTC')),
        },
        {
          ...axis,
          grid: { stroke: color('line'), width: 1 },
          size: 48,
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6],
        },
      ],
      series: [
        {},
        series(statisticsMessages.calls, color('bar')),
        series(statisticsMessages.failed, color('bad')),
      ],
      hooks: { setCursor: [({ cursor }) => onPointed(cursor.idx ?? undefined)] },
    },
    [
      days.map(({ date }) => Date.parse(date) / 1000),
      days.map(({ calls }) => calls),
      days.map(({ bad }) => bad),
    ],
    place,
  );
  return {
    resize: () => plot.setSize({ width: place.clientWidth, height }),
    destroy: () => plot.destroy(),
  };
}

/** Resolves a CSS color in the current theme, because a canvas cannot use CSS variables. */
function resolved(place: HTMLElement, value: string): string {
  const probe = document.createElement('i');
  probe.style.color = value;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
