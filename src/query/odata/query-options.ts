/**
 * The query of an OData URL: system query options by name, each once; custom options are passed over.
 *
 * @see OData 4.01 Protocol, section 11.2.1: names are matched whatever their case
 */
import { Fault } from '../../contract/faults.ts';
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

/** Decoded text of each system query option the client gave. */
export type QueryOptions = Readonly<Partial<Record<SystemOption, string>>> & {
  /** Names of system query options that were given without `$` and mean nothing so. */
  readonly passedOver?: readonly string[];
};

const known: ReadonlySet<string> = new Set(systemOptions);
/** Graph takes these without `$` too ("Supporting query parameters without $ prefixes in Microsoft Graph", 2016). */
const plain: ReadonlySet<string> = new Set(
  'select expand orderby filter top skip skiptoken count search format'.split(' '),
);
const none: QueryOptions = {};
const maxOptions = 64;

/**
 * Names may come without `$`: on beta as documented, on v1.0 as documented of some APIs that it does not name. A name
 * with `$` and the same without are one option given twice.
 *
 * @param query After the question mark, still percent-encoded; `+` is a space, as in every HTML form.
 * @throws Fault `badQueryOption` for an option that begins with `$` and is none, or that is given twice.
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
    const option = canonical as SystemOption; // `known` holds nothing else
    if (options[option] !== undefined)
      throw badOption(`$${option}`, `The query option '$${option}' is given twice.`);
    options[option] = decode(equals < 0 ? '' : item.slice(equals + 1), `the query option '$${option}'`);
  }
  return passedOver.length === 0 ? options : { ...options, passedOver };
}

/**
 * What a query says of a parameter alias: `@from` of `?@from=2026-11-01`.
 *
 * @returns `undefined` where it says nothing: the alias then stands for null.
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

/**
 * The parameters of a query of the service's own, by name.
 *
 * @param known Names there are.
 * @throws Fault `badQueryOption` for a parameter that is none of these, or is given twice.
 */
export function ownParameters<Name extends string>(
  query: string,
  known: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const values: Partial<Record<Name, string>> = {};
  for (const item of query === '' ? [] : query.split('&')) {
    const equals = item.indexOf('=');
    const text = decode(equals < 0 ? item : item.slice(0, equals), 'the name of a query parameter');
    const name = known.find((one) => one === text);
    if (name === undefined)
      throw badOption(
        text,
        `The query parameter '${text}' does not exist. Supported parameters: ${known.join(', ')}.`,
      );
    if (values[name] !== undefined) throw badOption(name, `The query parameter '${name}' is given twice.`);
    values[name] = decode(equals < 0 ? '' : item.slice(equals + 1), `the query parameter '${name}'`);
  }
  return values;
}

function decode(text: string, where: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text, where);
}

function badOption(target: string, message: string): Fault {
  return new Fault('badQueryOption', message, { target });
}
