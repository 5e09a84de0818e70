/**
 * Parses the resource of a subscription: the list of call records, or those with certain participants.
 *
 * resource = [ "/" ] "communications/callRecords" [ "?$filter=" filter ]
 * filter = any *( "or" any )
 * any = "participants/any(" variable ":" ids ")"
 * ids = variable "/id" ( "eq" string / "in (" string *( "," string ) ")" ) *( "or" ids )
 *
 * The query may be percent-encoded, and `+` is a space, as in the query of a URL.
 *
 * @see Learn "Get change notifications for call records", example 2; Microsoft 365 developer blog of 2024-11-14
 */
import { Fault } from '../../contract/faults.ts';
import { canonicalId } from '../../contract/ids.ts';
import { type Expression, parseFilter } from '../odata/expression.ts';
import type { Literal } from '../odata/literals.ts';
import { percentDecode } from '../odata/path.ts';

const maxLength = 8192;
const maxIds = 100;
const maxIdLength = 128;
const offered = "participants/any(p:p/id eq '{id}'), with eq, in and or";

/**
 * Parses a resource.
 *
 * @returns Canonical ids, each once, one of which must take part in a call; `undefined` without a filter.
 * @throws Fault `badSubscription`
 */
export function planResource(resource: string): readonly string[] | undefined {
  // Stores keep the text as it is, so it may have only characters that every engine accepts.
  if (resource.length > maxLength || !resource.isWellFormed() || /[\0-\x08\x0a-\x1f\x7f]/.test(resource))
    throw badResource(
      `The property 'resource' must be at most ${maxLength} characters of text without control characters.`,
    );
  const question = resource.indexOf('?');
  const path = question < 0 ? resource : resource.slice(0, question);
  if (!/^\/?communications\/callRecords$/i.test(path))
    throw badResource(
      `The resource '${shown(resource)}' is not supported for change notifications: communications/callRecords is.`,
    );
  if (question < 0) return undefined;
  const ids = understood(() => idsOfFilter(parseFilter(filterOf(resource.slice(question + 1)))));
  if (ids.length > maxIds)
    throw badResource(`The filter of the resource has ${ids.length} ids: at most ${maxIds} are supported.`);
  if (ids.some((id) => id === '' || id.length > maxIdLength || /[\0-\x1f\x7f]/.test(id)))
    throw badResource(
      `An id in the filter of the resource must be 1 to ${maxIdLength} characters, without control characters.`,
    );
  return [...new Set(ids.map(canonicalId))];
}

/** Returns the text of `$filter`, the only allowed option. */
function filterOf(query: string): string {
  let filter: string | undefined;
  for (const item of query.split('&')) {
    const [name = '', ...value] = item.split('=').map((part) => part.replaceAll('+', ' '));
    const option = percentDecode(name, 'the resource');
    if (option.toLowerCase() !== '$filter')
      throw badResource(
        `The query option '${shown(option)}' is not supported in the resource: only $filter is supported, as ${offered}.`,
      );
    if (filter !== undefined) throw badResource("The query option '$filter' is given twice in the resource.");
    filter = percentDecode(value.join('='), 'the filter of the resource');
  }
  return filter ?? '';
}

function idsOfFilter(expression: Expression): readonly string[] {
  if (expression.kind === 'or') return expression.clauses.flatMap(idsOfFilter);
  if (expression.kind !== 'path' || expression.any === undefined) throw notOffered(expression);
  if (expression.names.join('/') !== 'participants') throw notOffered(expression);
  return idsOfPredicate(expression.any.predicate, `${expression.any.variable}/id`);
}

function idsOfPredicate(predicate: Expression, path: string): readonly string[] {
  if (predicate.kind === 'or') return predicate.clauses.flatMap((clause) => idsOfPredicate(clause, path));
  if (predicate.kind !== 'comparison') throw notOffered(predicate);
  const { operator, left, right } = predicate;
  const isId = left.kind === 'path' && left.any === undefined && left.names.join('/') === path;
  const values: readonly Literal[] | undefined =
    operator === 'eq' && right.kind === 'literal'
      ? [right]
      : operator === 'in' && right.kind === 'list'
        ? right.items
        : undefined;
  if (!isId || !values?.every(({ type }) => type === 'Edm.String')) throw notOffered(predicate);
  return values.map(({ text }) => text);
}

/** Turns a parse error of the filter into a refusal of the `resource` property. */
function understood<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Fault) || error.fault === 'badSubscription') throw error;
    throw new Fault('badSubscription', error.message, { target: 'resource', cause: error });
  }
}

function notOffered({ source }: Expression): Fault {
  return badResource(
    `The filter '${shown(source)}' is not supported for change notifications: ${offered}, is.`,
  );
}

function badResource(message: string): Fault {
  return new Fault('badSubscription', message, { target: 'resource' });
}

function shown(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
