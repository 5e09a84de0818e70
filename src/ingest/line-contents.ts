/** Reads what one line holds. */
import { isUtf8 } from 'node:buffer';
import { TextError } from '../text/scanner.ts';
import { type Received, readValues } from './read-value.ts';

type LineContents =
  | { readonly received: readonly Received[] }
  /** @param isCut It would be JSON if it went on. */
  | { readonly refused: string; readonly isCut: boolean };

/** All of a line before any of it is taken: it is taken whole or not at all. */
export function contentsOf(line: Buffer): LineContents {
  if (!isUtf8(line)) return { refused: 'The line is not UTF-8.', isCut: false };
  try {
    return { received: [...readValues(line)] };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return { refused: error.message, isCut: error.problem === 'truncated' };
  }
}
