/** Checks the body of a control API request against its schema, and reports each problem with its place. */
import type { z } from 'zod';
import { Fault, type FaultDetail } from '../contract/faults.ts';
import type { ControlBody, ControlBodyName } from './control-bodies.ts';

const maxDetails = 50;

/** Returns the checked body. @throws Fault `badEmulatorRequest` with each problem */
export async function checkBody<Name extends ControlBodyName>(
  name: Name,
  value: unknown,
): Promise<ControlBody<Name>> {
  // Loaded on first use, so that it does not slow the start of the server.
  const { controlBodies: bodies } = await import('./control-bodies.ts');
  const checked = bodies[name].safeParse(value);
  if (checked.success) return checked.data as ControlBody<Name>; // by the schema of that name
  throw badBody(problemsOf(checked.error.issues, []));
}

export function badBody(details: readonly FaultDetail[]): Fault {
  const [first] = details;
  const more = details.length > 1 ? ` (and ${details.length - 1} more: see details)` : '';
  return new Fault(
    'badEmulatorRequest',
    `${first?.target}: ${first?.message}${more} docs/developing.md has the reference.`,
    { details: details.slice(0, maxDetails) },
  );
}

function problemsOf(issues: readonly z.core.$ZodIssue[], base: readonly PropertyKey[]): FaultDetail[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        target: placeOf([...path, key]),
        message: 'there is no such member.',
      }));
    // The nearest alternative has the most useful message, unless the union has its own.
    if (issue.code === 'invalid_union' && issue.errors.length > 0 && !issue.message.endsWith('is expected.'))
      return problemsOf(nearest(issue.errors), path);
    return [{ target: placeOf(path), message: sentence(issue.message) }];
  });
}

/** Returns the issues of the alternative that matched the most before it failed. */
function nearest(alternatives: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...issues.map(({ path }) => path.length));
  return [...alternatives].sort((a, b) => depth(b) - depth(a))[0] ?? [];
}

function placeOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the body';
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.startsWith('.') ? text.slice(1) : text;
}

function sentence(message: string): string {
  return message.endsWith('.') ? message : `${message}.`;
}
