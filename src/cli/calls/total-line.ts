/** Formats how many calls or rows were found. */
import type { Screen } from '../../base/terminal.ts';
import { formatCount } from '../table.ts';

export interface FoundTotal {
  readonly count: number;
  /** False when not all matches were counted: there are at least so many. */
  readonly isExact: boolean;
}

/**
 * Returns a line: `12 calls.`, `The newest 50 of 1,234 calls: --limit prints more.`
 *
 * @param names The singular and the plural of what was found.
 */
export function totalLine(
  shown: number,
  { count, isExact }: FoundTotal,
  [one, several]: readonly [one: string, several: string],
  screen: Screen,
): string {
  if (count === 0)
    return isExact ? `No ${one} matches.\n` : `No ${one} was found among those that were searched.\n`;
  const all = formatCount(count, screen);
  if (shown >= count && isExact) return `${all} ${count === 1 ? one : several}.\n`;
  const of = isExact ? ` of ${all}` : shown < count ? ` of at least ${all}` : '';
  return `The newest ${formatCount(shown, screen)}${of} ${several}: --limit prints more.\n`;
}
