/** Groups the rejected lines of a file by cause, with their number. */
import type { ImportProblem } from './problems.ts';
import type { SourceLine } from './source-lines.ts';
import type { Refused } from './refused.ts';

/** Rejected lines of a file with one cause. */
export interface Reject extends Omit<Refused, 'isOfFile' | 'isSingle' | 'logRow'> {
  readonly file: string;
  /** The first line, or the line on which the first value begins. */
  readonly line: number;
  readonly count: number;
  /** Line numbers, up to a maximum. */
  readonly lines: readonly number[];
  /** The first line unchanged; empty when it was too long to hold. */
  readonly text: Buffer;
}

const mostLines = 1000;
/** Maximum causes per file; one more holds the rest. */
const mostCauses = 1000;

type Open = Omit<Reject, 'count' | 'lines'> & { count: number; lines: number[] };

export class Rejections {
  readonly #causes = new Map<string, Open>();
  /** The form of the file, when its first rejected line has one. */
  #form: Refused | undefined;

  /** Adds a rejected line. @param isText True for a line that is not JSON. */
  take({ source, number, bytes }: SourceLine, rejected: Refused, isText: boolean): void {
    if (isText && this.#causes.size === 0 && rejected.isOfFile === true) this.#form = rejected;
    const refused = isText ? (this.#form ?? rejected) : rejected;
    const { reason, next } = refused;
    const cause = causeOf(refused, isText, number);
    const key = this.#causes.size < mostCauses || this.#causes.has(cause) ? cause : '';
    const known = this.#causes.get(key);
    if (known === undefined) {
      const more = key === '' ? { reason: 'More lines were rejected for other reasons.' } : { reason };
      const rest = next === undefined || key === '' ? more : { ...more, next };
      const file = source.name;
      this.#causes.set(key, { file, line: number, ...rest, count: 1, lines: [number], text: bytes });
    } else {
      known.count++;
      if (known.lines.length < mostLines && known.lines.at(-1) !== number) known.lines.push(number);
    }
  }

  /** Returns the causes of the file so far, in order of occurrence. */
  end(): readonly Reject[] {
    const causes = [...this.#causes.values()];
    this.#causes.clear();
    this.#form = undefined;
    return causes;
  }
}

function causeOf({ reason, next, isSingle = false }: Refused, isText: boolean, number: number): string {
  if (isSingle) return `${number} ${reason}`;
  // The position of the error does not make a separate cause.
  return isText && next === undefined ? 'not JSON' : reason.replace(/\d+/g, '#');
}

export function asProblem({ file, line, reason, next, count }: Reject): ImportProblem {
  return {
    file,
    line,
    unit: 'line',
    reason,
    next: next ?? 'Correct the line and import the file again.',
    count,
  };
}
