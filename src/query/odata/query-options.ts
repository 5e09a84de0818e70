/** Parses system query options, each once, in any letter case (OData 4.01 Protocol, section 11.2.1). */
import { Fault, type FaultDetail } from '../../contract/faults.ts';
import { percentDecode } from './path.ts';

export const systemOptions = [
  'select',
  'expand',
  'filter',
  'orderby',
  'top',
  'skip',
  'count',
  'search',
  'apply',
  'compute',
  'index',
  'format',
  'id',
  'skiptoken',
  'deltatoken',
  'schemaversion',
] as const;
export type SystemOption = (typeof systemOptions)[number];

/** Decoded text of each system query option in the query. */
export type QueryOptions = Readonly<Partial<Record<SystemOption, string>>> & {
  /** Names of system query options that were written without `$` and are ignored in that form. */
  readonly passedOver?: readonly string[];
};

const known: ReadonlySet<string> = new Set(systemOptions);
/** Graph accepts these without `$` ("Supporting query parameters without $ prefixes in Microsoft Graph"). */
const plain: ReadonlySet<string> = new Set(
  'select expand orderby filter top skip skiptoken count search format'.split(' '),
);
const none: QueryOptions = {};
const maxOptions = 64;

/**
 * Parses a query. Some names may omit the `$`: on beta by documentation, on v1.0 by documentation of unnamed APIs. A
 * name with `$` and the same name without it count as one option given twice.
 *
 * @param query After the question mark, still percent-encoded; `+` is a space, as in HTML forms.
 * @throws Fault `badQueryOption` for an unknown option that begins with `$`, or one that is given twice.
 */
export function parseQueryOptions(query: string): QueryOptions {
  if (query === '') return none;
  const items = query.split('&');
  if (items.length > maxOptions) throw new Fault('badQueryOption', 'The query has too many options.');
  const options: Partial<Record<SystemOption, string>> = {};
  const passedOver: string[] = [];
  for (const item of items) {
    const equals = item.indexOf('=');
    const name = decode(equals < 0 ? item : item.slice(0, equals), 'the name of a query option');
    const isSystem = name.startsWith('$');
    const canonical = (isSystem ? name.slice(1) : name).toLowerCase();
    if (!known.has(canonical)) {
      if (isSystem) throw badOption(name, `The query option '${name}' is not a system query option.`);
      continue;
    }
    if (!isSystem && !plain.has(canonical)) {
      passedOver.push(canonical);
      continue;
    }
    const option = canonical as SystemOption; // `known` has only system options
    if (options[option] !== undefined)
      throw badOption(`$${option}`, `The query option '$${option}' is given twice.`);
    options[option] = decode(equals < 0 ? '' : item.slice(equals + 1), `the query option '$${option}'`);
  }
  return passedOver.length === 0 ? options : { ...options, passedOver };
}

/**
 * Returns the value of a parameter alias in a query: `@from` of `?@from=2026-11-01`.
 *
 * @returns `undefined` when the query does not set it: the alias is then null.
 * @throws Fault `badQueryOption` when it is given twice.
 * @see OData 4.01 URL Conventions, section 5.3
 */
export function aliasValue(query: string, alias: string): string | undefined {
  const values: string[] = [];
  for (const item of query.split('&')) {
    const equals = item.indexOf('=');
    const name = decode(equals < 0 ? item : item.slice(0, equals), 'the name of a query option');
    if (name === alias)
      values.push(decode(equals < 0 ? '' : item.slice(equals + 1), `the parameter alias '${alias}'`));
  }
  if (values.length > 1) throw badOption(alias, `The parameter alias '${alias}' is given twice.`);
  return values[0];
}

/** Returns the parameters of an own route. @throws Fault `badQueryOption` that details other and repeated names. */
export function ownParameters<Name extends string>(
  query: string,
  known: readonly Name[],
): OwnParameters<Name>['values'] {
  const { values, problems } = readOwnParameters(query, known);
  throwProblems(problems);
  return values;
}

interface OwnParameters<Name extends string> {
  readonly values: Readonly<Partial<Record<Name, string>>>;
  /** A problem for each parameter with another name, and each that is given twice. */
  readonly problems: readonly FaultDetail[];
}

/** Does the same, and returns the problems for a caller that finds further ones in the values. */
export function readOwnParameters<Name extends string>(
  query: string,
  known: readonly Name[],
): OwnParameters<Name> {
  const values: Partial<Record<Name, string>> = {};
  const problems: FaultDetail[] = [];
  for (const item of query === '' ? [] : query.split('&')) {
    const equals = item.indexOf('=');
    const text = decode(equals < 0 ? item : item.slice(0, equals), 'the name of a query parameter');
    const name = known.find((one) => one === text);
    if (name === undefined)
      problems.push({
        target: text,
        message: `The query parameter '${text}' does not exist. Supported parameters: ${known.join(', ')}.`,
      });
    else if (values[name] !== undefined)
      problems.push({ target: name, message: `The query parameter '${name}' is given twice.` });
    else values[name] = decode(equals < 0 ? '' : item.slice(equals + 1), `the query parameter '${name}'`);
  }
  return { values, problems: problems.slice(0, mostProblems) };
}

/** Problems that one response lists: a query may have thousands of parameters. */
const mostProblems = 50;

/** Throws the problems as one fault, if there are any. @throws Fault `badQueryOption` */
export function throwProblems(problems: readonly FaultDetail[]): void {
  const [first] = problems;
  if (first !== undefined)
    throw new Fault('badQueryOption', first.message, { target: first.target, details: problems });
}

function decode(text: string, where: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text, where);
}

function badOption(target: string, message: string): Fault {
  return new Fault('badQueryOption', message, { target });
}
