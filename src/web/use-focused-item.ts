import { useLayoutEffect, useRef } from 'preact/hooks';
import { currentPlace } from './history-places.ts';

/** Remembers which item of a list has the focus, and focuses it when the reader returns to the list. */
export function useFocusedItem(entry: string) {
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const { item } = currentPlace();
    if (item === undefined || document.activeElement !== document.body) return;
    const items = ref.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [];
    // The page is scrolled to where it was, which may not be where this item is.
    [...items].find((one) => one.getAttribute('href') === item)?.focus({ preventScroll: true });
  }, [entry]);
  const onFocusIn = ({ target }: FocusEvent) => {
    const item = target instanceof Element ? target.closest('[data-item]') : null;
    currentPlace().item = item?.getAttribute('href') ?? undefined;
  };
  return { ref, onFocusIn };
}
