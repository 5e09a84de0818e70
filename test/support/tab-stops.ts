/** Walks through a page with the Tab key. */
import type { Page } from 'playwright-core';

/** Presses of Tab in one page. */
const mostPresses = 60;

interface TabStops {
  /** Controls that Tab does not reach, although it reaches one behind them or ends before the last. */
  readonly unreached: readonly string[];
  /** Controls on which nothing shows that they have the focus. */
  readonly unmarked: readonly string[];
  readonly reached: number;
}

/** Collects the controls in sight, and notes at each focus whether something shows it. */
const watchFocus = `(() => {
  // Tab goes on from where the focus was, so that it has to have been at the head.
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
  const isStop = (one) => one.tabIndex >= 0 && !one.matches(':disabled, option') && one.checkVisibility({ visibilityProperty: true });
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(isStop);
  const seen = new Map();
  const look = ({ target }) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target);
    seen.set(target, (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none');
  };
  document.addEventListener('focusin', look);
  window.tabStops = { all, seen, look };
  // Each part of a date is a stop of its own, and so is the button of its calendar.
  return all.length + 4 * all.filter((one) => one.type === 'date').length;
})()`;

const readFocus = (isWhole: boolean) => `(() => {
  const { all, seen, look } = window.tabStops;
  document.removeEventListener('focusin', look);
  document.activeElement.blur();
  const name = (one) => one.outerHTML.slice(0, 120);
  const last = ${isWhole} ? all.length : all.findLastIndex((one) => seen.has(one));
  return {
    unreached: all.slice(0, last).filter((one) => one.isConnected && !seen.has(one)).map(name),
    unmarked: [...seen].filter(([, isMarked]) => !isMarked).map(([one]) => name(one)),
    reached: seen.size,
  };
})()`;

/** Presses Tab from the head of the page to its end, or until there were 60 stops. */
export async function tabStops(page: Page): Promise<TabStops> {
  const presses = await page.evaluate<number>(watchFocus);
  // Held down, the key repeats: one message for each stop, without waiting until each is drawn.
  const repeats = Array.from({ length: Math.min(presses, mostPresses) });
  await Promise.all(repeats.map(() => page.keyboard.down('Tab')));
  await page.keyboard.up('Tab');
  return page.evaluate<TabStops>(readFocus(presses <= mostPresses));
}
