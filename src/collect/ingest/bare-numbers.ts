/** Wide numbers that stand in quotes, as a client that asks for `IEEE754Compatible=true` gets them: stored as the numbers they are. */
import { storedRules } from '../../wire/text/entity.ts';
import { unquoted } from '../../wire/text/odd-notes.ts';
import { Scanner } from '../../wire/text/scanner.ts';

/**
 * @param scanner Has walked an object.
 * @param quotedBefore How many numbers in quotes it had noted before.
 * @returns A scanner of the same object with bare numbers; `undefined` where it has no others
 */
export function withBareNumbers(scanner: Scanner, start: number, quotedBefore: number): Scanner | undefined {
  const { bytes, pos, quoted, odd } = scanner;
  if (quoted.length === quotedBefore) return undefined;
  const text = unquoted(bytes, start, pos, quoted.slice(quotedBefore));
  quoted.length = quotedBefore;
  odd.clear();
  return new Scanner(text, 0, undefined, storedRules);
}
