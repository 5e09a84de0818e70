/** The errors of walking JSON text. */

/**
 * Why a text is rejected: it is not JSON, it ends before its value does (and may be the start of a longer text), or it
 * is another kind of JSON than the caller expects.
 */
type TextProblem = 'notJson' | 'truncated' | 'notWanted';

/** Thrown for a rejected text. The message quotes member names, never values. */
export class TextError extends Error {
  override readonly name = 'TextError';
  readonly problem: TextProblem;

  constructor(message: string, problem: TextProblem) {
    // An import may read millions of bad lines; a stack trace does not help and is the largest cost.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
    this.problem = problem;
  }
}

/** Maximum nesting depth of values that are walked. */
export const maxDepth = 64;

/** Thrown for JSON that is nested deeper than `maxDepth`; `skipValue` finds its end. */
export class NestedTooDeep extends TextError {
  constructor() {
    super(`The value is nested deeper than ${maxDepth}.`, 'notWanted');
  }
}
