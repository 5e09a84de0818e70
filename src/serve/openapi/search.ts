/** Rollcall's own paths in the OpenAPI document: finding calls, and how the tenant does. */
import {
  callParameter,
  gap,
  standing,
  tenantStandingMembers,
  time,
  utc,
  lastVerification,
} from './evidence.ts';
import { edms, memberNames } from '../../contract/edm.ts';
import { ownRead } from './paths.ts';
import {
  closed,
  listOf,
  orNone,
  parameter,
  reference,
  type Schema,
  text,
  whole,
  yesOrNo,
} from './schemas.ts';

const textOrNone = { type: ['string', 'null'] };
const wholeOrNone = { type: ['integer', 'null'] };

const call = {
  id: text,
  version: whole,
  type: textOrNone,
  modalities: listOf(text),
  startDateTime: time,
  endDateTime: time,
  joinWebUrl: textOrNone,
  organizer: orNone(closed({ displayName: textOrNone, id: textOrNone, kind: text })),
  participants: whole,
  sessions: whole,
  failed: yesOrNo,
  poor: yesOrNo,
  incomplete: yesOrNo,
};

export const searchSchemas = {
  foundCalls: closed({ value: listOf(closed({ ...call, state: standing.state })), '@odata.nextLink': text }, [
    '@odata.nextLink',
  ]),
  callSummary: closed({
    ...call,
    completeness: reference('schemas', 'callCompleteness'),
    versions: whole,
  }),
  statistics: closed({
    days: listOf(closed({ date: text, calls: whole, participants: whole, failed: whole, poor: whole })),
    participantsPerCall: listOf(closed({ from: whole, to: wholeOrNone, calls: whole })),
  }),
  status: closed({
    subscriptions: listOf(
      closed({
        id: text,
        applicationId: text,
        resource: text,
        changeType: text,
        notificationUrl: text,
        lifecycleNotificationUrl: textOrNone,
        expirationDateTime: time,
      }),
    ),
    sync: closed({
      listedUntilDateTime: time,
      lastListedDateTime: time,
      lagSeconds: wholeOrNone,
      wanted: whole,
      gone: whole,
      nextDueDateTime: time,
    }),
    asOfDateTime: { type: 'string', pattern: utc },
    ...tenantStandingMembers,
    gaps: listOf(gap),
    gapCount: whole,
    gapsCut: yesOrNo,
    verification: lastVerification,
    store: closed({ calls: whole, editions: whole }),
  }),
};

const query = (name: string, description: string, schema?: Schema) =>
  parameter('query', name, description, schema);
const membersOf = (name: string) => ({
  enum: memberNames(edms['v1.0'], `microsoft.graph.callRecords.${name}`),
});
const instant = { type: 'string', format: 'date-time' };

export const searchPathItems = {
  '/rollcall/calls': ownRead(
    {
      operationId: 'findCalls',
      summary: 'Find calls',
      description:
        'Calls that are all that is asked, newest first. A page may have fewer than asked for and yet a next link.',
      parameters: [
        query('from', 'Start at this time or after it.', instant),
        query('to', 'Start before this time.', instant),
        query('person', "Parts of one person's name or user principal name, or the whole of an id."),
        query('number', 'Any part of a phone number; digits are compared.'),
        query('organizer', 'As person, of the organizer.'),
        query('type', 'What kind of call it is.', membersOf('callType')),
        query('modality', 'One that the call had.', membersOf('modality')),
        query('minSeconds', 'Took at least so long.', whole),
        query('maxSeconds', 'Took at most so long.', whole),
        query('joinUrl', 'Of the meeting; what follows a question mark does not count.'),
        query('state', 'How it went.', { enum: ['failed', 'poor', 'incomplete'] }),
        query('q', "Words, each of anybody in the call, or the call's id or join URL."),
        query('$top', 'Calls a page: 50 when absent, 200 at most.', { type: 'integer', minimum: 1 }),
        query('$skiptoken', 'Where to go on: what next links say.'),
      ],
      schema: 'foundCalls',
    },
    400,
  ),
  '/rollcall/calls/{callRecord-id}/summary': ownRead(
    {
      operationId: 'callSummary',
      summary: 'A call at a glance',
      description: 'A call as it is found, and how complete it is; an earlier state with rollcall.as-of.',
      parameters: [callParameter, reference('parameters', 'Prefer')],
    },
    400,
    404,
  ),
  '/rollcall/statistics': ownRead(
    {
      operationId: 'statistics',
      summary: 'Calls by day and by size',
      description: 'Of the days of UTC that the span touches; days without calls are not there.',
      parameters: [
        query('from', 'Beginning of the span.', instant),
        query('to', 'End of the span.', instant),
      ],
    },
    400,
  ),
  '/rollcall/status': ownRead({
    operationId: 'status',
    summary: 'How the tenant does',
    description: 'Who is notified, how far behind upstream the tenant is, and what is missing.',
  }),
};
