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
  document.activeElement.blur();
  const isStop = (one) => one.tabIndex >= 0 && !one.matches(':disabled, option') && one.checkVisibility({ visibilityProperty: true });
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter(isStop);
  const seen = new Map();
  document.addEventListener('focusin', ({ target }) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(target);
    seen.set(target, (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none');
  });
  window.tabStops = { all, seen };
  // Each part of a date is a stop of its own, and so is the button of its calendar.
  return all.length + 4 * all.filter((one) => one.type === 'date').length;
})()`;

const readFocus = (isWhole: boolean) => `(() => {
  const { all, seen } = window.tabStops;
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
  for (let pressed = 0; pressed < Math.min(presses, mostPresses); pressed++) await page.keyboard.press('Tab');
  return page.evaluate<TabStops>(readFocus(presses <= mostPresses));
}
