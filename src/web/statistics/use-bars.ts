/** Draws calls per day or week as bars, again when the data, the theme or the size changes. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useMedia } from '../parts/use-media.ts';
import { theme, useChoice } from '../preferences.ts';
import type { DrawnPlot } from './draw-days.ts';

/**
 * @param items What each bar stands for.
 * @param barOf Pure: the bars are drawn again only when `items` changes.
 * @returns The place of the plot, and the item that is pointed at.
 */
export function useBars<T>(
  items: readonly T[],
  barOf: (item: T) => { readonly date: string; readonly calls: number; readonly bad: number },
) {
  const place = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<T>();
  const [chosen] = useChoice(theme);
  const isDark = useMedia('(prefers-color-scheme: dark)');
  useLayoutEffect(() => {
    let plot: DrawnPlot | undefined;
    let isGone = false;
    const observer = new ResizeObserver(() => plot?.resize());
    // The library is loaded only when a plot is shown.
    void import('./draw-days.ts').then(({ drawDays }) => {
      if (isGone || place.current === null) return;
      plot = drawDays(place.current, items.map(barOf), (index) =>
        setShown(index === undefined ? undefined : items[index]),
      );
      observer.observe(place.current);
    });
    return () => {
      isGone = true;
      observer.disconnect();
      plot?.destroy();
    };
  }, [items, chosen, isDark]);
  return { place, shown };
}
