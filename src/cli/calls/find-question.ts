/** Reads the question of `find` from its options. */
import type { ReadSettings } from '../settings.ts';
import { emptySpan, parseTime, spanExpected } from '../times.ts';

export interface FindQuestion {
  /** The words of the command line. */
  readonly text: string | undefined;
  /** First tick of the time span. */
  readonly from: bigint | undefined;
  /** First tick after the time span. */
  readonly before: bigint | undefined;
  /** Problems found so far: the caller adds its own, and reports all of them. */
  readonly problems: readonly string[];
}

export function findQuestion({ settings, operands }: ReadSettings, now: Date): FindQuestion {
  const { from: fromText, to: toText } = settings;
  const from = fromText === undefined ? undefined : parseTime(fromText, now);
  const before = toText === undefined ? undefined : parseTime(toText, now);
  const problems: string[] = [];
  if (fromText !== undefined && from === undefined) problems.push(`--from: ${spanExpected}`);
  if (toText !== undefined && before === undefined) problems.push(`--to: ${spanExpected}`);
  const isEmpty = from !== undefined && before !== undefined && from >= before;
  if (isEmpty) problems.push(emptySpan);
  const span = isEmpty ? { from: undefined, before: undefined } : { from, before };
  return { text: operands.length === 0 ? undefined : operands.join(' '), ...span, problems };
}
