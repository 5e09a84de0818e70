/**
 * Converts quoted wide numbers, which a client gets with `IEEE754Compatible=true`, to the bare numbers that are stored.
 */
import { storedRules } from '../../wire/text/entity.ts';
import { unquoted } from '../../wire/text/odd-notes.ts';
import { Scanner } from '../../wire/text/scanner.ts';

/**
 * Rescans an object with bare numbers.
 *
 * @param scanner Has walked an object.
 * @param quotedBefore How many quoted numbers it had noted before.
 * @returns A scanner of the same object with bare numbers; `undefined` when it has no quoted ones
 */
export function withBareNumbers(scanner: Scanner, start: number, quotedBefore: number): Scanner | undefined {
  const { bytes, pos, quoted, odd } = scanner;
  if (quoted.length === quotedBefore) return undefined;
  const text = unquoted(bytes, start, pos, quoted.slice(quotedBefore));
  quoted.length = quotedBefore;
  odd.clear();
  return new Scanner(text, 0, undefined, storedRules);
}
