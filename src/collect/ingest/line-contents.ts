/** Reads the contents of a line. */
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
      /** How the text failed to be JSON: by truncation, or otherwise. */
      readonly problem: TextError['problem'];
    };

/**
 * Reads a whole line before any of it is stored: a line is imported completely or not at all.
 *
 * @param goesOn As in `readValues`.
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
