/** Parses the parameters of a search. Every problem is found at once, and names its parameter. */
import { externalChoices } from '../../../contract/affiliation.ts';
import { callStates } from '../../../contract/call-outcome.ts';
import { edms, memberNames } from '../../../contract/edm.ts';
import { reasonKinds } from '../../../contract/failure.ts';
import type { FaultDetail } from '../../../contract/faults.ts';
import { isGuid } from '../../../contract/ids.ts';
import { userRatings } from '../../../contract/user-rating.ts';
import { mostCsvCalls } from '../../../contract/search-limits.ts';
import { readOwnParameters, throwProblems } from '../../../query/odata/query-options.ts';
import type { CallSearch } from '../../../store/search.ts';
import { type CallSort, callSorts } from '../../../store/sorted-calls.ts';
import { digitsOf, fold } from '../../../wire/text/fold.ts';
import { aTime, countOf, instantOf, valueReader } from '../query-values.ts';

const conditionNames = [
  ...(['from', 'to', 'person', 'with', 'number', 'organizer', 'type', 'modality'] as const),
  ...(['minSeconds', 'maxSeconds', 'joinUrl', 'state', 'reason', 'q'] as const),
  ...(['external', 'tenant', 'domain', 'rating', 'sort'] as const),
] as const;
export const searchParameters = [...conditionNames, 'format', '$count', '$top', '$skiptoken'] as const;
type Name = (typeof searchParameters)[number];

export interface SearchQuery {
  readonly search: CallSearch;
  readonly sort: CallSort;
  /** True for a total. */
  readonly isCounted: boolean;
  readonly format: 'json' | 'csv';
  /** Calls per page, or rows of the file. */
  readonly size: number;
  readonly skipToken: string | undefined;
  /** The parameters that select and order calls, as text that is equal for equal ones: a skip token is valid for it. */
  readonly selection: string;
}

/** Names of the model: an unknown name is an error, so that a typing mistake does not return an empty list. */
const types = memberNames(edms['v1.0'], 'microsoft.graph.callRecords.callType');
const modalities = memberNames(edms['v1.0'], 'microsoft.graph.callRecords.modality');
const sizes = {
  json: { usual: 50, largest: 200 },
  csv: { usual: mostCsvCalls, largest: mostCsvCalls },
} as const;
const longestText = 200;
const longestUrl = 4000;
const mostWords = 10;
const aText = `a text of 1 to ${longestText} characters with at most ${mostWords} words, and a letter or digit in it`;
const aDuration = 'a whole number of seconds, 0 or more';

/** Parses a search. @throws Fault `badQueryOption` with a detail for each problem: `target` is the parameter */
export function parseSearch(query: string): SearchQuery {
  const { values, problems: found } = readOwnParameters(query, searchParameters);
  const problems: FaultDetail[] = [...found];
  const read = valueReader(values, problems);
  const readOne = <T extends string>(name: Name, known: readonly T[]) =>
    read(name, (text) => known.find((one) => one === text), `one of ${known.join(', ')}`);
  const search: CallSearch = {
    from: read('from', instantOf, aTime),
    before: read('to', instantOf, aTime),
    person: read('person', wordsOf, aText),
    with: read('with', wordsOf, aText),
    number: read('number', numberOf, 'a part of a phone number, with at least one digit'),
    organizer: read('organizer', wordsOf, aText),
    type: readOne('type', types),
    modality: readOne('modality', modalities),
    minTicks: read('minSeconds', secondsOf, aDuration),
    maxTicks: read('maxSeconds', secondsOf, aDuration),
    joinUrl: read('joinUrl', urlOf, `a URL of 1 to ${longestUrl} characters`),
    state: readOne('state', callStates),
    reason: readOne('reason', reasonKinds),
    external: readOne('external', externalChoices),
    tenant: read('tenant', tenantOf, 'a tenant id, such as 72f988bf-86f1-41af-91ab-2d7cd011db47'),
    domain: read('domain', domainNameOf, 'a domain, such as contoso.com'),
    rating: readOne('rating', userRatings),
    q: read('q', wordsOf, aText),
  };
  const sort = readOne('sort', callSorts) ?? '-start';
  const isCounted = readOne('$count', ['true', 'false']) === 'true';
  const format = readOne('format', ['json', 'csv']) ?? 'json';
  const { usual, largest } = sizes[format];
  const size = read('$top', countOf, `a whole number from 1 to ${largest}`) ?? usual;
  if (isBelow(search.before, search.from))
    problems.push({ target: 'to', message: "The query parameter 'to' must not be before 'from'." });
  if (isBelow(search.maxTicks, search.minTicks))
    problems.push({
      target: 'maxSeconds',
      message: "The query parameter 'maxSeconds' must not be less than 'minSeconds'.",
    });
  throwProblems(problems);
  return {
    ...{ search, sort, isCounted, format, size: Math.min(size, largest), skipToken: values.$skiptoken },
    selection: JSON.stringify(conditionNames.map((name) => values[name] ?? null)),
  };
}

/** Parses the time span of the statistics. @throws Fault as `parseSearch` */
export function parseSpan(query: string): Pick<CallSearch, 'from' | 'before'> {
  const { values, problems: found } = readOwnParameters(query, ['from', 'to']);
  const problems: FaultDetail[] = [...found];
  const read = valueReader(values, problems);
  const [from, before] = [read('from', instantOf, aTime), read('to', instantOf, aTime)];
  if (isBelow(before, from))
    problems.push({ target: 'to', message: "The query parameter 'to' must not be before 'from'." });
  throwProblems(problems);
  return { from, before };
}

function isBelow(a: bigint | undefined, b: bigint | undefined): boolean {
  return a !== undefined && b !== undefined && a < b;
}

function wordsOf(text: string): string | undefined {
  const folded = text.length > longestText ? '' : fold(text);
  return folded === '' || folded.split(' ').length > mostWords ? undefined : text;
}

function numberOf(text: string): string | undefined {
  return text.length > longestText || digitsOf(text) === '' ? undefined : text;
}

function urlOf(text: string): string | undefined {
  return text.trim() === '' || text.length > longestUrl ? undefined : text;
}

function tenantOf(text: string): string | undefined {
  const id = text.trim();
  return isGuid(id) ? id : undefined;
}

/** Returns a domain; an @ before it is ignored. */
function domainNameOf(text: string): string | undefined {
  const domain = text.trim().replace(/^@/, '');
  return domain.length <= longestText && /^[^\s@.]+(\.[^\s@.]+)+$/.test(domain) ? domain : undefined;
}

const ticksPerSecond = 10_000_000n;

function secondsOf(text: string): bigint | undefined {
  return /^\d{1,10}$/.test(text) ? BigInt(text) * ticksPerSecond : undefined;
}
