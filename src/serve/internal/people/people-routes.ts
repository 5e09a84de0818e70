/** Defines the routes of a person's and a number's activity. */
import { jsonRead, type Operation } from '../../openapi/operation.ts';
import { dateTimeText, queryParameter } from '../../openapi/schemas.ts';
import { jsonAnswer } from '../json-response.ts';
import type { InternalRoute } from '../route.ts';
import type { PeopleParts } from './activity-answer.ts';
import { largestSize, usualDays, usualSize } from './activity-parameters.ts';
import { numberAnswer } from './number-answer.ts';
import { numberActivity, personActivity } from './people-schemas.ts';
import { personAnswer } from './person-answer.ts';

const parameters = [
  queryParameter(
    'from',
    `Calls that start at this time or later: ${usualDays} days before the end when absent.`,
    dateTimeText,
  ),
  queryParameter('to', 'Calls that start before this time: now when absent.', dateTimeText),
  queryParameter('$top', `Calls per page: ${usualSize} when absent, ${largestSize} at most.`, {
    type: 'integer',
    minimum: 1,
  }),
  queryParameter('$skiptoken', 'The position to continue at, from a next link.'),
];

export const peopleRoutes: readonly InternalRoute<PeopleParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/people/{person-id}',
    permission: 'CallRecords.Read.All',
    handler: async (parts, { caller, origin, path, query: text, keys: [id = ''] }) =>
      jsonAnswer(JSON.stringify(await personAnswer(parts, caller.tenantId, id, `${origin}${path}`, text))),
    openapi: described({
      operationId: 'personActivity',
      summary: "Get a person's calls and what they add up to",
      description:
        'The calls of a person in a span, newest first. The first page has their sums: time in calls with overlaps counted once, missed calls, quality over time, with whom, and phone calls.',
      schemas: { personActivity },
    }),
  },
  {
    method: 'GET',
    path: '/rollcall/numbers/{number}',
    permission: 'CallRecords.Read.All',
    handler: async (parts, { caller, origin, path, query: text, keys: [number = ''] }) =>
      jsonAnswer(
        JSON.stringify(await numberAnswer(parts, caller.tenantId, number, `${origin}${path}`, text)),
      ),
    openapi: described({
      operationId: 'numberActivity',
      summary: "Get a phone number's calls and what they add up to",
      description:
        'The calls of a number in international form, such as +49301234567. A number whose last digits are masked is a likely match. The answer has the form of that of a person.',
      schemas: { numberActivity },
    }),
  },
];

function described(
  operation: Pick<Operation, 'operationId' | 'summary' | 'description' | 'schemas'>,
): Operation {
  return jsonRead({ ...operation, parameters }, 400, 404);
}
