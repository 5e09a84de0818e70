/** Shortens ids on a terminal: `show` accepts the beginning of an id. */
import type { Screen } from '../../base/terminal.ts';

const shownLetters = 8;
/** From this width on, a terminal has room for whole ids. */
const wideTerminal = 140;

/** Returns the whole id, or its beginning on a terminal that is not wide. */
export function idOnScreen(id: string, { isTTY, columns = 80 }: Screen): string {
  return isTTY === true && columns < wideTerminal ? id.slice(0, shownLetters) : id;
}
