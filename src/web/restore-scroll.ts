/** Scrolls to where a page was left, as soon as it has loaded so far. */

/** How long the page may take to become as high as it was. */
const longestMs = 10_000;
/** How long the page must stay unchanged. */
const quietMs = 300;

let stop: (() => void) | undefined;

/** Returns true until the page is where it was, or the reader has moved it. */
export function isScrolling(): boolean {
  return stop !== undefined;
}

export function scrollWhenPossible(top: number): void {
  stop?.();
  if (top === 0) {
    scrollTo(0, 0);
    return;
  }
  let quiet = 0;
  const scroll = () => {
    scrollTo(0, top);
    clearTimeout(quiet);
    if (document.documentElement.scrollHeight - innerHeight >= top) quiet = window.setTimeout(end, quietMs);
  };
  // The view of this entry is rendered by the next frame.
  const observer = new ResizeObserver(scroll);
  const frame = requestAnimationFrame(() => observer.observe(document.body));
  const longest = window.setTimeout(end, longestMs);
  const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
  function end() {
    cancelAnimationFrame(frame);
    observer.disconnect();
    clearTimeout(quiet);
    clearTimeout(longest);
    for (const move of moves) removeEventListener(move, end);
    stop = undefined;
  }
  for (const move of moves) addEventListener(move, end, { passive: true });
  stop = end;
}
