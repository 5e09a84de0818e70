/** Defines the routes for search, statistics and status: the internal API that the page uses. */
import { externalChoices } from '../../../contract/affiliation.ts';
import { callStates } from '../../../contract/call-outcome.ts';
import { edms, memberNames } from '../../../contract/edm.ts';
import { reasonKinds } from '../../../contract/failure.ts';
import { userRatings } from '../../../contract/user-rating.ts';
import type { SkipTokens } from '../../../query/odata/skip-token.ts';
import { callSorts } from '../../../store/sorted-calls.ts';
import type { CallRecordStore } from '../../../store/store.ts';
import { jsonRead, withCsv } from '../../openapi/operation.ts';
import { dateTimeText, queryParameter, reference, whole, yesOrNo } from '../../openapi/schemas.ts';
import { requestedAsOf } from '../as-of.ts';
import { evidenceSchemas } from '../evidence-schemas.ts';
import { jsonAnswer } from '../json-response.ts';
import type { InternalRoute } from '../route.ts';
import { findCallsAnswer } from './find-calls.ts';
import { searchSchemas } from './search-schemas.ts';
import { statisticsText } from './statistics.ts';
import { summaryText } from './summary.ts';

export interface SearchParts {
  readonly store: CallRecordStore;
  readonly skipTokens: SkipTokens;
  /** Returns the status of a tenant as JSON: `statusText`, computed once for concurrent requests. */
  readonly status: (tenantId: string) => Promise<string>;
}

const membersOf = (name: string) => ({
  enum: memberNames(edms['v1.0'], `microsoft.graph.callRecords.${name}`),
});

export const searchRoutes: readonly InternalRoute<SearchParts>[] = [
  {
    method: 'GET',
    path: '/rollcall/calls',
    permission: 'CallRecords.Read.All',
    handler: (parts, { caller, origin, path, query: text }) =>
      findCallsAnswer(parts, caller.tenantId, `${origin}${path}`, text),
    openapi: withCsv(
      jsonRead(
        {
          operationId: 'findCalls',
          summary: 'Find calls',
          description:
            'Calls that match every parameter, newest first, with the people who matched. A page with fewer calls than requested may still have a next link. Each invalid parameter is a detail of the error.',
          parameters: [
            queryParameter('from', 'Calls that start at this time or later.', dateTimeText),
            queryParameter('to', 'Calls that start before this time.', dateTimeText),
            queryParameter('person', "Parts of one person's name or user principal name, or a complete id."),
            queryParameter('with', 'Like person: a second, different person in the same call.'),
            queryParameter('number', 'Any part of a phone number. Only digits are compared.'),
            queryParameter('organizer', 'Like person, for the organizer.'),
            queryParameter('type', 'The type of the call.', membersOf('callType')),
            queryParameter('modality', 'A modality of the call.', membersOf('modality')),
            queryParameter('minSeconds', 'Shortest duration.', whole),
            queryParameter('maxSeconds', 'Longest duration.', whole),
            queryParameter('joinUrl', 'Join URL of the meeting. Its query string is ignored.'),
            queryParameter('state', 'Calls that ended so, or are poor or incomplete.', { enum: callStates }),
            queryParameter('reason', 'Calls with a session that ended for a reason of this kind.', {
              enum: reasonKinds,
            }),
            queryParameter(
              'external',
              'yes: a participant is external. no: none is. unknown: none is known to be, but the tenant of some participants is unknown, or the list of participants is incomplete.',
              { enum: externalChoices },
            ),
            queryParameter('tenant', 'Id of the tenant of a participant or the organizer.'),
            queryParameter(
              'domain',
              'Domain of the user principal name or address of a participant or the organizer: contoso.com.',
            ),
            queryParameter('rating', 'Calls that a user rated so.', { enum: userRatings }),
            queryParameter('q', "Words: each matches a person in the call, or the call's id or join URL."),
            queryParameter(
              'sort',
              'Order; - orders backward. Other orders than -start have the newest 10,000 matches.',
              { enum: callSorts },
            ),
            queryParameter('$count', 'true: the first page has the total.', yesOrNo),
            queryParameter(
              'format',
              'json when absent. A CSV file that lacks calls is named calls-newest-….',
              {
                enum: ['json', 'csv'],
              },
            ),
            queryParameter('$top', 'Calls per page: 50 when absent, 200 at most; of CSV 20,000.', {
              type: 'integer',
              minimum: 1,
            }),
            queryParameter('$skiptoken', 'The position to continue at, from a next link.'),
          ],
          schema: 'foundCalls',
          schemas: { foundCalls: searchSchemas.foundCalls },
        },
        400,
      ),
    ),
  },
  {
    method: 'GET',
    path: '/rollcall/calls/{callRecord-id}/summary',
    permission: 'CallRecords.Read.All',
    handler: async ({ store }, { caller, exchange, keys: [callId = ''] }) =>
      jsonAnswer(await summaryText(store, caller.tenantId, callId, requestedAsOf(exchange))),
    openapi: jsonRead(
      {
        operationId: 'callSummary',
        summary: 'Get a call at a glance',
        description:
          'A call as search returns it, and its completeness; an earlier state with rollcall.as-of.',
        parameters: [reference('parameters', 'Prefer')],
        schemas: {
          callSummary: searchSchemas.callSummary,
          callCompleteness: evidenceSchemas.callCompleteness,
        },
      },
      400,
      404,
    ),
  },
  {
    method: 'GET',
    path: '/rollcall/statistics',
    permission: 'CallRecords.Read.All',
    handler: async ({ store }, { caller, query: text }) =>
      jsonAnswer(await statisticsText(store, caller.tenantId, text)),
    openapi: jsonRead(
      {
        operationId: 'statistics',
        summary: 'Count calls by day, by reason and by size',
        description: 'For each UTC day of the range that has calls.',
        parameters: [
          queryParameter('from', 'Start of the range.', dateTimeText),
          queryParameter('to', 'End of the range.', dateTimeText),
        ],
        schemas: { statistics: searchSchemas.statistics },
      },
      400,
    ),
  },
  {
    method: 'GET',
    path: '/rollcall/status',
    permission: 'CallRecords.Read.All',
    handler: async ({ status }, { caller }) => jsonAnswer(await status(caller.tenantId)),
    openapi: jsonRead({
      operationId: 'status',
      summary: 'Get the status of the tenant',
      description: 'Subscriptions, the lag behind upstream, and missing data.',
      schemas: { status: searchSchemas.status },
    }),
  },
];
