/** The errors of walking JSON text. */

/**
 * Why a text is rejected: it is not JSON, or ends before its value does (and may be the start of a longer one), or
 * is JSON of another kind than the caller expects.
 */
type TextProblem = 'notJson' | 'truncated' | 'notWanted';

/** A text that is rejected. The message quotes member names, never values. */
export class TextError extends Error {
  override readonly name = 'TextError';
  readonly problem: TextProblem;

  constructor(message: string, problem: TextProblem) {
    // An import may read millions of bad lines; a stack trace says nothing about them and costs more than the rest.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.problem = problem;
  }
}

/** Values that are nested deeper are not walked. */
export const maxDepth = 64;

/** JSON that is nested deeper than is walked; `skipValue` finds its end. */
export class NestedTooDeep extends TextError {
  constructor() {
    super(`The value is nested deeper than ${maxDepth}.`, 'notWanted');
  }
}
