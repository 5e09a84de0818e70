/** Turns a fault of the API's query parameters into problems with options of the same names. */
import { Fault } from '../contract/faults.ts';
import { UsageError } from '../base/exit.ts';

/** The parameters whose option has another name. */
const optionNames: Readonly<Record<string, string>> = { with: '--person', q: 'TEXT' };

/** Runs a parser. @throws UsageError with every problem, instead of a fault of a query parameter */
export function withOptionProblems<T>(parse: () => T, more: readonly string[] = []): T {
  let value: T;
  try {
    value = parse();
  } catch (error) {
    if (!(error instanceof Fault) || error.fault !== 'badQueryOption') throw error;
    const problems = error.details ?? [{ target: error.target ?? '', message: error.message }];
    throw new UsageError([...problems.map(optionProblem), ...more]);
  }
  if (more.length > 0) throw new UsageError(more);
  return value;
}

function optionProblem({ target, message }: { readonly target: string; readonly message: string }): string {
  const option = optionNames[target] ?? `--${target}`;
  const [, wanted, more = ''] = /^The query parameter '\w+' must be (.*?)\.( .*)?$/.exec(message) ?? [];
  return `${option}: ${wanted === undefined ? message : `${wanted} is expected.${more}`}`;
}
