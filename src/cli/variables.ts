/** Checks the names of `ROLLCALL_…` variables: unknown ones, and those that container platforms set. */
import { nearest } from './nearest.ts';
import { environmentName, fileVariable, type OptionName, optionTable } from './options.ts';
import { removedOptions } from './options/removed.ts';

/** A problem with a variable: its name, never its value. */
interface VariableProblem {
  readonly variable: string;
  /** A sentence that begins with the name. */
  readonly says: string;
  readonly remedy: string;
}

const prefix = 'ROLLCALL_';

/** Variables of the compose file, the tests and the benchmarks: no command reads them. */
const notOfCommands = /^ROLLCALL_(IMAGE$|TEST_|BENCH_)/;

/**
 * Matches variables that Kubernetes sets in every container for a service whose name begins with `rollcall`, and Docker
 * for a link (reference "Accessing the Service", Environment variables): some options have the same names.
 */
const serviceLinkName = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$/;
const serviceLinkValue = /^(tcp|udp|sctp):\/\/[^/]*:\d+$/;

/**
 * Returns true for the value that Kubernetes gives a variable such as `ROLLCALL_PORT`; no option accepts such a value.
 */
export function isServiceLink(value: string): boolean {
  return serviceLinkValue.test(value);
}

/** Returns a problem for each variable that is ignored although its name begins like Rollcall's. */
export function variableProblems(environment: NodeJS.ProcessEnv): readonly VariableProblem[] {
  const names = Object.keys(optionTable) as OptionName[]; // the table's own keys
  const known = new Set(names.flatMap((name) => [environmentName(name), fileVariable(name) ?? []].flat()));
  const removed = new Set(Object.keys(removedOptions).map(environmentName));
  return Object.entries(environment).flatMap(([variable, value = '']) => {
    if (value === '') return [];
    if (known.has(variable)) return isServiceLink(value) ? [ofServiceLink(variable)] : [];
    if (removed.has(variable) || notOfCommands.test(variable) || serviceLinkName.test(variable)) return [];
    // The variable of a service `rollcall-…`, which no option has.
    if (isServiceLink(value)) return [];
    return misspelt(variable, known);
  });
}

function ofServiceLink(variable: string): VariableProblem {
  return {
    variable,
    says: `${variable} is ignored: its value is a service link, which Kubernetes sets for a service of this name.`,
    remedy: `Set enableServiceLinks: false in the pod, or give the option a value: ${variable} in the env of the container wins over the link.`,
  };
}

function misspelt(variable: string, known: ReadonlySet<string>): readonly VariableProblem[] {
  const [first = ''] = variable.split('_', 1);
  const hasPrefix = variable.toUpperCase().startsWith(prefix);
  if (!hasPrefix && nearest(first, [prefix.slice(0, -1)]) === undefined) return [];
  const typed = variable.toUpperCase().slice(first.length + 1);
  const options = [...known].map((name) => name.slice(prefix.length));
  const near = nearest(typed, options, Math.max(2, Math.floor(typed.length / 3)));
  // A variable of another program may have a similar prefix.
  if (!hasPrefix && near === undefined) return [];
  return [
    {
      variable,
      says: `${variable} is ignored: no option has this variable.`,
      remedy: near === undefined ? 'rollcall config lists the variables.' : `Did you mean ${prefix}${near}?`,
    },
  ];
}
