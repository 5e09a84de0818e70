/** Reads what one line holds. */
import { isUtf8 } from 'node:buffer';
import { TextError } from '../../wire/text/text-error.ts';
import { readValues } from './read-value.ts';
import type { Received } from './received.ts';
import { type Refused, refusedBy } from './refused.ts';
import { textForm } from './text-forms.ts';

type LineContents =
  | { readonly received: readonly Received[] }
  | {
      readonly refused: Refused;
      /** Whether it is JSON: if it went on, or at all. */
      readonly problem: TextError['problem'];
    };

/**
 * All of a line before any of it is taken: it is taken whole or not at all.
 *
 * @param goesOn As of `readValues`.
 */
export function contentsOf(line: Buffer, goesOn = false): LineContents {
  if (!isUtf8(line)) return { refused: notUtf8, problem: 'notJson' };
  try {
    return { received: [...readValues(line, goesOn)] };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const { problem } = error;
    const form = problem === 'notWanted' ? undefined : textForm(line);
    return { refused: form ?? refusedBy(error), problem };
  }
}

const notUtf8: Refused = {
  reason: 'The line is not UTF-8.',
  next: 'Save the file as UTF-8, or as UTF-16 with a byte order mark.',
};
